package dev.raddle;

import static dev.raddle.Go.after;
import static dev.raddle.Go.go;
import static dev.raddle.Go.orElse;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Goroutine;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChanTest {
  /** Follows Go's test/chan/fifo.go. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 100})
  void elementsArriveInOrderAndRangeEndsAtClose(int capacity) throws Exception {
    Chan<Integer> ch = Chan.make(capacity);
    go(
        () -> {
          for (int i = 0; i < 1000; i++) {
            ch.send(i);
          }
          ch.close();
        });
    int expected = 0;
    for (int n : ch) {
      assertEquals(expected++, n);
    }
    assertEquals(1000, expected);
    assertEquals(new Recv<>(null, false), ch.receive());
    assertNull(ch.recv());
  }

  /**
   * Follows TestChan of Go's runtime/chan_test.go: many producers and consumers, each element once.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10})
  void everyElementIsReceivedOnce(int capacity) throws Exception {
    int producers = 4;
    int each = 5000;
    Chan<Integer> ch = Chan.make(capacity);
    var seen = new AtomicIntegerArray(producers * each);
    var senders = new WaitGroup();
    var receivers = new WaitGroup();
    for (int p = 0; p < producers; p++) {
      int base = p * each;
      senders.go(
          () -> {
            for (int i = 0; i < each; i++) {
              ch.send(base + i);
            }
          });
      receivers.go(
          () -> {
            for (int n : ch) {
              seen.incrementAndGet(n);
            }
          });
    }
    senders.await();
    ch.close();
    receivers.await();
    for (int i = 0; i < producers * each; i++) {
      assertEquals(1, seen.get(i));
    }
  }

  @Test
  void misuseFailsInGosWords() {
    Chan<Integer> ch = Chan.make(1);
    ch.close();
    assertEquals("send on closed channel", message(() -> ch.send(1)));
    assertEquals("send on closed channel", message(() -> ch.trySend(1)));
    assertEquals("close of closed channel", message(ch::close));
    assertEquals("close of nil channel", message(Chan.nil()::close));
    assertEquals(
        "makechan: size out of range: expected 0 or more, found -1",
        assertThrows(IllegalArgumentException.class, () -> Chan.make(-1)).getMessage());
  }

  private static @Nullable String message(org.junit.jupiter.api.function.Executable misuse) {
    return assertThrows(ChannelClosedException.class, misuse).getMessage();
  }

  @Test
  void aCloseFailsTheSenderThatWaits() throws Exception {
    Chan<Integer> ch = Chan.make();
    var sender = new LinkedBlockingQueue<Goroutine>();
    var failures = new LinkedBlockingQueue<Throwable>();
    go(
        () -> {
          sender.add(Objects.requireNonNull(Goroutine.current()));
          try {
            ch.send(1);
          } catch (ChannelClosedException e) {
            failures.add(e);
          }
        });
    Goroutine waits = sender.take();
    while (!"chan send".equals(waits.waitReason())) {
      Thread.onSpinWait(); // the class's timeout bounds this
    }
    ch.close();
    assertTrue(failures.poll(30, TimeUnit.SECONDS) instanceof ChannelClosedException);
  }

  @Test
  void lenCapAndNullElementsAreExact() throws Exception {
    Chan<@Nullable String> ch = Chan.make(2);
    assertTrue(ch.trySend(null));
    assertTrue(ch.trySend("a"));
    assertFalse(ch.trySend("b"));
    assertEquals(2, ch.len());
    assertEquals(2, ch.cap());
    assertEquals(new Recv<@Nullable String>(null, true), ch.receive());
    assertEquals(new Recv<@Nullable String>("a", true), ch.tryRecv());
    assertNull(ch.tryRecv());
    assertEquals(0, Chan.nil().len());
  }

  @Test
  void aChannelMayCarryItself() throws Exception {
    Chan<Object> ch = Chan.make(1);
    ch.send(ch);
    assertEquals(new Recv<Object>(ch, true), ch.tryRecv());
  }

  @Test
  void anInterruptTakesNothing() throws Exception {
    Chan<Integer> ch = Chan.make();
    var thread = Thread.ofVirtual().start(() -> assertThrows(InterruptedException.class, ch::recv));
    thread.interrupt();
    thread.join();
    go(() -> ch.send(1));
    assertEquals(1, ch.recv());
  }

  /** Interrupts that race with the hand-over lose no element and duplicate none. */
  @Test
  void interruptsThatRaceWithAHandOverLoseNothing() throws Exception {
    int rounds = 3000;
    for (int i = 0; i < rounds; i++) {
      Chan<Integer> ch = Chan.make();
      var got = new LinkedBlockingQueue<Integer>();
      var receiver =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      got.add(ch.recv());
                    } catch (InterruptedException e) {
                      got.add(-1);
                    }
                  });
      go(receiver::interrupt);
      boolean sent = select(ch.onSend(7, () -> true), after(Duration.ofMillis(1), () -> false));
      receiver.join();
      assertEquals(sent ? 7 : -1, got.take());
    }
  }

  @Test
  void selectTakesDefaultTimeoutAndWhatIsReady() throws Exception {
    Chan<String> in = Chan.make();
    Chan<String> out = Chan.make(1);
    assertEquals("default", select(in.onRecv(v -> v), orElse(() -> "default")));
    assertEquals("late", select(in.onRecv(v -> v), after(Duration.ofMillis(1), () -> "late")));
    assertEquals("sent", select(in.onRecv(v -> v), out.onSend("x", () -> "sent")));
    assertEquals("x", select(null, out.onRecv(v -> v), Chan.<String>nil().onRecv(v -> v)));
    out.close();
    assertEquals(false, select(out.onReceive(Recv::ok)));
    assertEquals("send on closed channel", message(() -> select(out.onSend("y", () -> "sent"))));
  }

  /** Follows TestSelectFairness of Go's runtime/chan_test.go: within ten sigma. */
  @Test
  void selectIsFair() throws Exception {
    int rounds = 10_000;
    Chan<Integer> a = Chan.make();
    Chan<Integer> b = Chan.make();
    a.close();
    b.close();
    int first = 0;
    for (int i = 0; i < rounds; i++) {
      first += select(a.onRecv(v -> 1), b.onRecv(v -> 0));
    }
    double sigma = Math.sqrt(rounds * 0.25);
    assertTrue(Math.abs(first - rounds / 2.0) < 10 * sigma, "chose the first " + first + " times");
  }

  /** Follows Go's test/chan/doubleselect.go: no value may arrive twice, none is lost. */
  @Test
  void twoCasesOfASelectNeverBothFire() throws Exception {
    int values = 20_000;
    List<Chan<Integer>> chans = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      chans.add(Chan.make());
    }
    Chan<Integer> merged = Chan.make(4);
    var readers = new WaitGroup();
    for (var c : chans) {
      readers.go(
          () -> {
            for (int v : c) {
              merged.send(v);
            }
          });
    }
    go(
        () -> {
          for (int i = 0; i < values; i++) {
            int v = i;
            select(
                chans.get(0).onSend(v, () -> 0),
                chans.get(1).onSend(v, () -> 1),
                chans.get(2).onSend(v, () -> 2),
                chans.get(3).onSend(v, () -> 3));
          }
          chans.forEach(Chan::close);
          readers.await();
          merged.close();
        });
    var seen = new int[values];
    for (int v : merged) {
      seen[v]++;
    }
    for (int i = 0; i < values; i++) {
      assertEquals(1, seen[i], "value " + i);
    }
  }

  /** Follows TestSelectDuplicateChannel of Go's runtime/chan_test.go. */
  @Test
  void theSameChannelMayStandInSeveralCases() throws Exception {
    Chan<Integer> c = Chan.make();
    Chan<Integer> d = Chan.make();
    Chan<Integer> result = Chan.make(2);
    go(() -> result.send(select(c.onRecv(v -> v), c.onRecv(v -> v), d.onRecv(v -> v))));
    go(() -> result.send(c.recv()));
    d.send(7);
    assertEquals(7, result.recv());
    c.send(8);
    assertEquals(8, result.recv());
  }
}
