package dev.raddle.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers, streams and batches. */
@Timeout(60)
class FlowsTest {
  @Test
  void aPublisherOfTheJdkAndBack() throws Exception {
    var publisher = new SubmissionPublisher<Integer>();
    RecvChan<Integer> c = Flows.receive(Context.background(), publisher, 8);
    RecvChan<Integer> again =
        Flows.receive(Context.background(), Flows.publisher(c), 3); // two hops of back-pressure
    Go.go(
        () -> {
          for (int i = 0; i < 10_000; i++) {
            publisher.submit(i);
          }
          publisher.close();
        });
    int expected = 0;
    for (int v : again) {
      assertEquals(expected++, v);
    }
    assertEquals(10_000, expected);
  }

  @Test
  void aFailureIsTheCauseOfTheClose() throws Exception {
    var publisher = new SubmissionPublisher<Integer>();
    RecvChan<Integer> c = Flows.receive(Context.background(), publisher, 1);
    var failure = new IllegalStateException("broken");
    publisher.closeExceptionally(failure);
    assertSame(failure, c.receive().cause());
    assertThrows(ChannelClosedException.class, c::recv);
  }

  @Test
  void theEndOfTheContextCancelsTheSubscription() throws Exception {
    var publisher = new SubmissionPublisher<Integer>();
    var ctx = Context.background().withCancel();
    RecvChan<Integer> c = Flows.receive(ctx, publisher, 1);
    publisher.submit(1);
    assertEquals(1, c.recv());
    ctx.cancel();
    assertFalse(c.receive().ok());
    while (publisher.hasSubscribers()) { // ends by the time limit
      Thread.yield();
    }
    publisher.close();
  }

  @Test
  void noMoreIsRequestedThanTheWindow() throws Exception {
    Chan<Integer> source = Chan.make();
    var sent = new AtomicInteger();
    Go.go(
        () -> {
          for (int i = 0; i < 100; i++) {
            source.send(i);
            sent.incrementAndGet();
          }
          source.close();
        });
    RecvChan<Integer> c = Flows.receive(Context.background(), Flows.publisher(source), 5);
    for (int i = 0; i < 100; i++) {
      assertTrue(sent.get() <= i + 7, sent + " sent after " + i + " were received");
      assertEquals(i, c.recv());
    }
    assertFalse(c.receive().ok());
  }

  @Test
  void aStreamBecomesAChannelAndIsClosed() throws Exception {
    var closed = new AtomicBoolean();
    Stream<Integer> stream = IntStream.range(0, 100).boxed().onClose(() -> closed.set(true));
    assertEquals(4950, Flows.from(Context.background(), stream).stream().mapToInt(v -> v).sum());
    assertTrue(closed.get());
  }

  @Test
  void whatAStreamThrowsIsTheCause() throws Exception {
    Stream<Integer> stream = Stream.of(1, 0).map(v -> 1 / v);
    RecvChan<Integer> c = Flows.from(Context.background(), stream.iterator());
    assertEquals(1, c.recv());
    assertInstanceOf(ArithmeticException.class, c.receive().cause());
  }

  @Test
  void whoStopsReceivingEndsTheContext() throws Exception {
    var closed = new AtomicBoolean();
    try (var ctx = Context.background().withCancel()) {
      RecvChan<Integer> c =
          Flows.from(ctx, Stream.iterate(0, i -> i + 1).onClose(() -> closed.set(true)));
      assertEquals(List.of(0, 1, 2), c.stream().limit(3).toList());
    }
    while (!closed.get()) { // ends by the time limit
      Thread.yield();
    }
  }

  @Test
  void aBatchTakesWhatIsThere() throws Exception {
    Chan<Integer> c = Chan.make(3);
    for (int i = 0; i < 3; i++) {
      c.send(i);
    }
    Go.go(() -> c.send(3));
    List<Integer> got = new ArrayList<>();
    while (got.size() < 4) { // the sender may not wait yet; ends by the time limit
      c.drainTo(got, 10);
    }
    assertEquals(List.of(0, 1, 2, 3), got);
    assertEquals(0, c.drainTo(got, 10));
    c.close();
    assertEquals(0, c.drainTo(got, 10));
    assertEquals(0, Chan.<Integer>nil().drainTo(got, 10));
    assertThrows(IllegalArgumentException.class, () -> c.drainTo(got, -1));
  }

  @Test
  void whatABatchCannotGiveIsUndelivered() throws Exception {
    List<Integer> lost = new ArrayList<>();
    Chan<Integer> c = Chan.make(3, lost::add);
    for (int i = 0; i < 3; i++) {
      c.send(i);
    }
    assertThrows(UnsupportedOperationException.class, () -> c.drainTo(List.of(), 10));
    assertEquals(List.of(0, 1, 2), lost);
  }

  @Test
  void theCloseIsSeenWithoutReceiving() throws Exception {
    Chan<Integer> c = Chan.make(1);
    c.send(7);
    assertEquals(c.closed(), c.recvOnly().closed());
    assertNull(c.closed().tryRecv());
    Go.go(c::close);
    assertFalse(c.closed().receive().ok());
    assertEquals(7, c.recv());
    assertNull(Chan.<Integer>nil().closed().tryRecv());
  }
}
