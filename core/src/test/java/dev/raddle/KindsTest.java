package dev.raddle;

import static dev.raddle.Go.go;
import static dev.raddle.Go.orElse;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels whose sends never wait, and the elements that nobody receives. */
@Timeout(120)
class KindsTest {
  private final List<Integer> undelivered = new ArrayList<>();

  private static void fill(SendChan<Integer> ch, int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      ch.send(i);
    }
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(i);
    }
    return all;
  }

  private static List<Integer> rest(RecvChan<Integer> ch) {
    List<Integer> all = new ArrayList<>();
    ch.forEach(all::add);
    return all;
  }

  /** Sizes around those of the buffer and of the chunks behind it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 79, 80, 81, 144, 145, 1000, 100_000})
  void anUnboundedChannelKeepsEverythingInOrder(int n) throws Exception {
    Chan<Integer> ch = Chan.unbounded(undelivered::add);
    fill(ch, 0, n);
    assertEquals(n, ch.len());
    assertEquals(Integer.MAX_VALUE, ch.cap());
    ch.close();
    assertEquals(range(0, n), rest(ch));
    assertEquals(List.of(), undelivered);
    assertEquals(0, ch.len());
  }

  /** Its parts empty and fill again, at every distance of the receiver from the sender. */
  @Test
  void anUnboundedChannelGrowsAndShrinks() throws Exception {
    Chan<Integer> ch = Chan.unbounded();
    int sent = 0;
    int received = 0;
    for (int round = 0; round < 400; round++) {
      int high = round * 7 % 200;
      while (sent - received < high) {
        assertTrue(ch.trySend(sent++));
      }
      int low = high * (round % 3) / 3;
      while (sent - received > low) {
        assertEquals(received++, ch.recv());
      }
      assertEquals(low, ch.len());
    }
  }

  @Test
  void aReceiverThatWaitsIsServedByEveryKind() throws Exception {
    for (Chan<Integer> ch :
        List.of(
            Chan.<Integer>unbounded(),
            Chan.<Integer>latest(),
            Chan.<Integer>dropOldest(2),
            Chan.<Integer>dropNewest(2))) {
      Chan<Integer> got = Chan.make();
      go(() -> got.send(ch.recv()));
      go(() -> ch.send(7));
      assertEquals(7, got.recv());
    }
  }

  @Test
  void theLatestElementReplacesTheOneBefore() throws Exception {
    Chan<Integer> ch = Chan.latest(undelivered::add);
    fill(ch, 0, 5);
    assertEquals(1, ch.len());
    assertEquals(1, ch.cap());
    assertEquals(4, ch.recv());
    assertNull(ch.tryRecv());
    assertTrue(ch.trySend(5));
    assertEquals(5, ch.recv());
    assertEquals(range(0, 4), undelivered);
  }

  @Test
  void theOldestElementsMakeRoom() throws Exception {
    Chan<Integer> ch = Chan.dropOldest(3, undelivered::add);
    fill(ch, 0, 8);
    assertEquals(range(0, 5), undelivered);
    assertEquals(5, ch.recv());
    fill(ch, 8, 10);
    ch.close();
    assertEquals(List.of(7, 8, 9), rest(ch));
    assertEquals(List.of(0, 1, 2, 3, 4, 6), undelivered);
  }

  @Test
  void theNewestElementsAreDropped() throws Exception {
    Chan<Integer> ch = Chan.dropNewest(3, undelivered::add);
    fill(ch, 0, 8);
    assertEquals(range(3, 8), undelivered);
    assertEquals(0, ch.recv());
    fill(ch, 8, 10);
    ch.close();
    assertEquals(List.of(1, 2, 8), rest(ch));
    assertEquals(List.of(3, 4, 5, 6, 7, 9), undelivered);
  }

  @Test
  void everyKindStandsInASelect() throws Exception {
    Chan<Integer> all = Chan.unbounded();
    Chan<Integer> last = Chan.latest(undelivered::add);
    Chan<Integer> first = Chan.dropNewest(1, undelivered::add);
    for (int i = 0; i < 3; i++) {
      assertEquals("sent", select(all.onSend(i, () -> "sent"), orElse(() -> "waits")));
      assertEquals("sent", select(last.onSend(i, () -> "sent"), orElse(() -> "waits")));
      assertEquals("sent", select(first.onSend(i, () -> "sent"), orElse(() -> "waits")));
    }
    assertEquals(List.of(0, 1, 1, 2), undelivered);
    Chan<String> got = Chan.make();
    for (Chan<Integer> ch : List.of(all, last, first)) {
      assertEquals("" + ch.recv(), ch == last ? "2" : "0");
    }
    rest(closed(all));
    go(() -> got.send(select(last.onRecv(v -> "last " + v), first.onRecv(v -> "first " + v))));
    go(() -> first.send(9));
    assertEquals("first 9", got.recv());
  }

  private static Chan<Integer> closed(Chan<Integer> ch) {
    ch.close();
    return ch;
  }

  @Test
  void everyKindFailsAfterAClose() {
    for (Chan<Integer> ch :
        List.of(
            Chan.<Integer>unbounded(),
            Chan.<Integer>latest(),
            Chan.<Integer>dropNewest(2, undelivered::add))) {
      ch.close();
      var e = assertThrows(ChannelClosedException.class, () -> ch.send(1));
      assertEquals("send on closed channel", e.getMessage());
      assertThrows(ChannelClosedException.class, () -> ch.trySend(1));
      assertThrows(ChannelClosedException.class, () -> select(ch.onSend(1, () -> "sent")));
      assertEquals(new Recv<>(null, false), ch.tryRecv());
    }
    assertEquals(List.of(), undelivered);
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    for (int n : new int[] {0, -1}) {
      assertEquals(
          "makechan: size out of range: expected 1 or more, found " + n,
          assertThrows(IllegalArgumentException.class, () -> Chan.dropOldest(n)).getMessage());
      assertThrows(IllegalArgumentException.class, () -> Chan.dropNewest(n));
    }
    assertThrows(IllegalArgumentException.class, () -> Chan.<Integer>make(-1, undelivered::add));
  }

  @Test
  void namesTellTheKinds() {
    assertTrue(Chan.unbounded().toString().matches("unbounded chan#\\d+"));
    assertTrue(Chan.latest().toString().matches("dropOldest chan#\\d+ cap=1"));
    assertTrue(Chan.dropNewest(4).toString().matches("dropNewest chan#\\d+ cap=4"));
    assertTrue(Chan.make(4).toString().matches("chan#\\d+ cap=4"));
  }

  @Test
  void aDiscardGivesWhatIsBufferedToTheHook() throws Exception {
    for (Chan<Integer> ch :
        List.of(
            Chan.<Integer>make(200, undelivered::add),
            Chan.<Integer>unbounded(undelivered::add),
            Chan.<Integer>dropOldest(200, undelivered::add))) {
      undelivered.clear();
      fill(ch, 0, 150);
      assertEquals(0, ch.recv());
      ch.discard();
      assertEquals(range(1, 150), undelivered);
      assertEquals(new Recv<>(null, false), ch.receive());
      assertThrows(ChannelClosedException.class, () -> ch.send(1));
      ch.discard();
      assertEquals(149, undelivered.size());
    }
    assertThrows(ChannelClosedException.class, () -> Chan.nil().discard());
  }

  @Test
  void aDiscardAfterACloseTakesTheRestAndKeepsTheCause() throws Exception {
    var why = new IllegalStateException("why");
    Chan<Integer> ch = Chan.make(3, undelivered::add);
    fill(ch, 0, 3);
    ch.close(why);
    ch.discard(new IllegalStateException("too late"));
    assertEquals(range(0, 3), undelivered);
    assertEquals(new Recv<>(null, false, why), ch.receive());
    Chan<Integer> open = Chan.make(3, undelivered::add);
    open.discard(why);
    assertEquals(why, assertThrows(ChannelClosedException.class, () -> open.send(1)).getCause());
  }

  /** A sender that waits fails, and keeps its element. */
  @Test
  void aDiscardFailsTheSenderThatWaits() throws Exception {
    Chan<Integer> ch = Chan.make(1, undelivered::add);
    ch.send(0);
    var sender =
        Threads.GOROUTINE.start(() -> assertThrows(ChannelClosedException.class, () -> ch.send(1)));
    Waits.until(() -> sender.thread().getState() == Thread.State.WAITING);
    ch.discard();
    sender.join();
    assertEquals(List.of(0), undelivered);
  }

  @Test
  void aHookThatThrowsFailsTheCallAfterItsWork() throws Exception {
    Chan<Integer> ch =
        Chan.dropOldest(
            2,
            e -> {
              undelivered.add(e);
              throw new IllegalStateException("hook " + e);
            });
    fill(ch, 0, 2);
    assertEquals(
        "hook 0", assertThrows(IllegalStateException.class, () -> ch.send(2)).getMessage());
    var e = assertThrows(IllegalStateException.class, ch::discard);
    assertEquals("hook 1", e.getMessage());
    assertEquals("hook 2", e.getSuppressed()[0].getMessage());
    assertEquals(range(0, 3), undelivered);
    assertEquals(new Recv<>(null, false), ch.tryRecv());
  }

  /**
   * Each time the same object: it cannot be suppressed by itself, and no element may be skipped.
   */
  @Test
  void aHookThatThrowsIsToldOfEveryElementAllTheSame() throws Exception {
    var why = new IllegalStateException("the same each time");
    List<Integer> told = new ArrayList<>();
    Chan<Integer> ch =
        Chan.make(
            3,
            e -> {
              told.add(e);
              throw why;
            });
    fill(ch, 0, 3);
    assertSame(why, assertThrows(IllegalStateException.class, () -> ch.discard()));
    assertEquals(List.of(0, 1, 2), told);
    told.clear();
    Chan<Integer> other =
        Chan.make(
            3,
            e -> {
              told.add(e);
              throw why;
            });
    fill(other, 0, 3);
    assertThrows(UnsupportedOperationException.class, () -> other.drainTo(List.of(), 3));
    assertEquals(List.of(0, 1, 2), told);
  }

  /** Under the lock of the channel the hook would wait for itself. */
  @Test
  void theHookMayUseItsChannel() throws Exception {
    Chan<Integer> log = Chan.unbounded();
    var self = new ArrayList<Chan<Integer>>();
    Chan<Integer> ch = Chan.latest(e -> log.trySend(e + 10 * self.getFirst().len()));
    self.add(ch);
    fill(ch, 0, 3);
    assertEquals("sent", select(ch.onSend(3, () -> "sent")));
    ch.discard();
    log.close();
    assertEquals(List.of(10, 11, 12, 3), rest(log));
  }
}
