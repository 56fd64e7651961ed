package dev.raddle;

import static dev.raddle.Go.go;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.orElse;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.sync.WaitGroup;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After the tests of Go's runtime/chan_test.go and chanbarrier_test.go. */
@Timeout(120)
class GoChanTest {
  /** Follows TestChan, first part: a receive waits, a try does not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 20})
  void receiveOfNothingWaitsAndATryDoesNot(int capacity) throws Exception {
    Chan<Integer> c = Chan.make(capacity);
    Blocking.always("chan receive", c::recv);
    Blocking.always("chan receive", () -> c.receive().ok());
    assertNull(c.tryRecv());
    assertEquals(-1, select(c.onRecv(v -> v), orElse(() -> -1)));
    assertEquals(-1, select(c.onReceive(r -> 1), orElse(() -> -1)));
  }

  /** Follows TestChan, second part. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 20})
  void sendToAFullOneWaitsAndATryDoesNot(int capacity) throws Exception {
    Chan<Integer> c = Chan.make(capacity);
    for (int i = 0; i < capacity; i++) {
      c.send(i);
    }
    Blocking.always("chan send", () -> c.send(0));
    assertFalse(c.trySend(0));
    assertEquals("full", select(c.onSend(0, () -> "sent"), orElse(() -> "full")));
    assertEquals(capacity, c.len());
    assertEquals(capacity, c.cap());
  }

  /** Follows TestChan, third and fourth part. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 20})
  void aClosedOneGivesWhatItHoldsAndThenItsEnd(int capacity) throws Exception {
    Chan<Integer> c = Chan.make(capacity);
    for (int i = 0; i < capacity; i++) {
      c.send(i);
    }
    c.close();
    for (int i = 0; i < capacity; i++) {
      assertEquals(i, c.recv());
    }
    assertNull(c.recv());
    assertEquals(new Recv<>(null, false), c.receive());

    Chan<Integer> d = Chan.make(capacity);
    Chan<Boolean> done = Chan.make();
    go(() -> done.send(d.receive().ok()));
    gosched();
    d.close();
    assertEquals(false, done.recv());
  }

  /** Follows TestChan, fifth part: in order, and each as often as it was sent. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 20, 150})
  void whatIsSentArrives(int capacity) throws Exception {
    Chan<Integer> c = Chan.make(capacity);
    go(
        () -> {
          for (int i = 0; i < 100; i++) {
            c.send(i);
          }
        });
    for (int i = 0; i < 100; i++) {
      assertEquals(new Recv<>(i, true), c.receive());
    }
    int senders = 4;
    int each = 1_000;
    for (int p = 0; p < senders; p++) {
      go(
          () -> {
            for (int i = 0; i < each; i++) {
              c.send(i);
            }
          });
    }
    Chan<Map<Integer, Integer>> counts = Chan.make();
    for (int p = 0; p < senders; p++) {
      go(
          () -> {
            Map<Integer, Integer> mine = new HashMap<>();
            for (int i = 0; i < each; i++) {
              mine.merge(c.recv(), 1, Integer::sum);
            }
            counts.send(mine);
          });
    }
    Map<Integer, Integer> all = new HashMap<>();
    for (int p = 0; p < senders; p++) {
      counts.recv().forEach((k, v) -> all.merge(k, v, Integer::sum));
    }
    assertEquals(each, all.size());
    all.forEach((k, v) -> assertEquals(senders, v));
  }

  /** Follows TestNonblockRecvRace: what is there before the close is there for a try. */
  @Test
  void aTryBesideACloseGetsWhatWasThere() throws Exception {
    var missed = new AtomicInteger();
    var done = new WaitGroup();
    for (int i = 0; i < 5_000; i++) {
      Chan<Integer> c = Chan.make(1);
      c.send(1);
      done.go(() -> missed.addAndGet(select(c.onReceive(r -> 0), orElse(() -> 1))));
      c.close();
      c.receive();
    }
    done.await();
    assertEquals(0, missed.get());
  }

  /** Follows TestNonblockSelectRace: one of the two can always be received from. */
  @Test
  void aSelectActsAtOneInstant() throws Exception {
    race(() -> Chan.make(1), c -> c.send(1));
  }

  /** Follows TestNonblockSelectRace2: the same, with a close. */
  @Test
  void aSelectActsAtOneInstantAlsoBesideAClose() throws Exception {
    race(Chan::make, Chan::close);
  }

  private interface Step {
    void on(Chan<Integer> c) throws InterruptedException;
  }

  private static void race(Supplier<Chan<Integer>> second, Step step) throws Exception {
    Chan<Boolean> done = Chan.make(1);
    for (int i = 0; i < 20_000; i++) {
      Chan<Integer> c1 = Chan.make(1);
      Chan<Integer> c2 = second.get();
      c1.send(1);
      go(
          () ->
              done.send(
                  select(c1.onReceive(r -> true), c2.onReceive(r -> true), orElse(() -> false))));
      step.on(c2);
      c1.tryRecv();
      assertTrue(done.recv(), "neither was ready");
    }
  }

  /** Follows TestSelfSelect: sends and receives on one channel in one select. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void aSelectDoesNotReceiveFromItself(int capacity) throws Exception {
    Chan<Integer> c = Chan.make(capacity);
    var selves = new AtomicInteger();
    var done = new WaitGroup();
    for (int p = 0; p < 2; p++) {
      int me = p;
      done.go(
          () -> {
            for (int i = 0; i < 1_000; i++) {
              Case<Integer> send = c.onSend(me, () -> -1);
              Case<Integer> recv = c.onRecv(v -> v);
              int got = me == 0 || i % 2 == 0 ? select(send, recv) : select(recv, send);
              if (capacity == 0 && got == me) {
                selves.incrementAndGet();
              }
            }
          });
    }
    done.await();
    assertEquals(0, selves.get());
  }

  /** Follows TestSelectStress: four channels, senders and receivers alone and by select. */
  @Test
  void selectsAndPlainOperationsMeet() throws Exception {
    int n = 2_000;
    List<Chan<Integer>> c = List.of(Chan.make(), Chan.make(), Chan.make(2), Chan.make(3));
    var done = new WaitGroup();
    for (Chan<Integer> one : c) {
      done.go(
          () -> {
            for (int i = 0; i < n; i++) {
              one.send(0);
            }
          });
      done.go(
          () -> {
            for (int i = 0; i < n; i++) {
              one.recv();
            }
          });
    }
    done.go(() -> selectEach(c, n, (one, chosen) -> one.onSend(0, chosen::getAsInt)));
    done.go(() -> selectEach(c, n, (one, chosen) -> one.onRecv(v -> chosen.getAsInt())));
    done.await();
    for (Chan<Integer> one : c) {
      assertEquals(0, one.len());
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private static void selectEach(
      List<Chan<Integer>> c, int n, BiFunction<Chan<Integer>, IntSupplier, Case<Integer>> make)
      throws InterruptedException {
    int[] left = {n, n, n, n};
    for (int total = 4 * n; total > 0; total--) {
      @Nullable Case<Integer>[] cases = new Case[4];
      for (int k = 0; k < 4; k++) {
        int it = k;
        cases[k] = left[k] == 0 ? null : make.apply(c.get(k), () -> left[it]--);
      }
      select(cases);
    }
    assertArrayEquals(new int[4], left);
  }

  /** Follows TestChanSendInterface: the cases of a select send what they were given. */
  @Test
  void aSelectSendsObjects() throws Exception {
    Chan<Object> c = Chan.make(1);
    Object mine = new Object();
    c.send(mine);
    assertFalse(select(c.onSend(mine, () -> true), orElse(() -> false)));
    assertFalse(
        select(
            c.onSend(mine, () -> true), c.onSend(new Object(), () -> true), orElse(() -> false)));
    assertSame(mine, c.recv());
  }

  /** Follows TestPseudoRandomSend: of two sends that can go, either goes. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void eitherOfTwoSendsGoes(int capacity) throws Exception {
    int n = 100;
    Chan<Integer> c = Chan.make(capacity);
    var got = new int[n];
    Chan<Boolean> done = Chan.make();
    go(
        () -> {
          for (int i = 0; i < n; i++) {
            gosched();
            got[i] = c.recv();
          }
          done.send(true);
        });
    for (int i = 0; i < n; i++) {
      select(c.onSend(1, () -> 0), c.onSend(0, () -> 0));
    }
    done.recv();
    int ones = Arrays.stream(got).sum();
    assertTrue(ones > 10 && ones < n - 10, "ones: " + ones);
  }

  /** Follows TestMultiConsumer: three stages of many workers lose nothing. */
  @Test
  void manyWorkersLoseNothing() throws Exception {
    int workers = 23;
    int n = 10_000;
    int[] factors = {2, 3, 7, 5, 3};
    Chan<Integer> q = Chan.make(workers * 3);
    Chan<Integer> r = Chan.make(workers * 3);
    var working = new WaitGroup();
    for (int i = 0; i < workers; i++) {
      int w = i;
      working.go(
          () -> {
            for (int v : q) {
              if (factors[w % factors.length] == v) {
                gosched();
              }
              r.send(v);
            }
          });
    }
    long expected = 0;
    for (int i = 0; i < n; i++) {
      expected += factors[i % factors.length];
    }
    go(
        () -> {
          for (int i = 0; i < n; i++) {
            q.send(factors[i % factors.length]);
          }
          q.close();
          working.await();
          r.close();
        });
    long sum = 0;
    for (int v : r) {
      sum += v;
    }
    assertEquals(expected, sum);
  }

  /**
   * Follows TestShrinkStackDuringBlockedSend: what is deep below a blocked send stays as it was.
   */
  @Test
  void aSenderBlocksWhileItsStackIsDeep() throws Exception {
    Chan<Integer> c = Chan.make();
    int n = 50;
    go(
        () -> {
          for (int i = 1; i <= n; i++) {
            deep(i * 20, c, i);
          }
          c.close();
        });
    int expected = 1;
    for (int v : c) {
      gosched();
      assertEquals(expected++, v);
    }
    assertEquals(n + 1, expected);
  }

  private static int deep(int depth, Chan<Integer> c, int value) throws InterruptedException {
    if (depth == 0) {
      c.send(value);
      return 0;
    }
    int below = deep(depth - 1, c, value);
    if (below != depth - 1) {
      throw new IllegalStateException("expected " + (depth - 1) + ", found " + below);
    }
    return depth;
  }

  /** Follows TestChanSendSelectBarrier and TestChanSendBarrier: what is sent is seen whole. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsSentIsSeenWhole(boolean bySelect) throws Exception {
    var torn = new AtomicInteger();
    var done = new WaitGroup();
    for (int g = 0; g < 10; g++) {
      done.go(
          () -> {
            for (int i = 0; i < 1_000; i++) {
              Answer a = request(bySelect, i);
              torn.addAndGet(a.number == i && a.text.length() == 3 ? 0 : 1);
            }
          });
    }
    done.await();
    assertEquals(0, torn.get());
  }

  /** Its fields are not final: only the channel publishes it. */
  private static final class Answer {
    int number;
    String text = "";
  }

  private static Answer request(boolean bySelect, int n) throws InterruptedException {
    Chan<Answer> c = Chan.make(n % 2);
    Chan<Boolean> never = Chan.make();
    go(
        () -> {
          var answer = new Answer();
          answer.number = n;
          answer.text = "yes";
          if (bySelect) {
            select(c.onSend(answer, () -> 0), never.onRecv(v -> 1));
          } else {
            c.send(answer);
          }
        });
    Answer a = c.recv();
    gosched();
    return a;
  }
}
