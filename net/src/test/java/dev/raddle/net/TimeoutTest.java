package dev.raddle.net;

import static dev.raddle.net.ConnProtocolTest.endOf;
import static dev.raddle.net.ConnProtocolTest.isClosed;
import static dev.raddle.net.ConnProtocolTest.isTimeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.sync.WaitGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Follows Go's net/timeout_test.go. */
@Timeout(60)
class TimeoutTest {
  private static final Duration SHORT = Duration.ofMillis(10);

  /** Follows TestAcceptTimeout. */
  @Test
  void acceptEndsAtItsDeadline() throws Exception {
    try (Listener l = Pair.listen("tcp")) {
      for (Duration d : new Duration[] {Duration.ofSeconds(-5), Duration.ZERO, SHORT}) {
        l.setDeadline(d);
        assertTrue(isTimeout(endOf(l::accept)), "deadline " + d);
        assertTrue(isTimeout(endOf(l::accept)), "again, deadline " + d);
      }
      l.setDeadline(null);
      try (Conn c = Net.dial("tcp", l.addr().toString());
          Conn accepted = l.accept()) {
        assertEquals(c.localAddress(), accepted.remoteAddress());
      }
    }
  }

  /** Follows TestAcceptTimeoutMustReturn: one that waits already ends. */
  @Test
  void acceptThatWaitsEndsAtALaterDeadline() throws Exception {
    try (Listener l = Pair.listen("tcp")) {
      l.setDeadline(Duration.ofHours(1));
      Chan<IOException> end = Chan.make(1);
      Go.go(() -> end.send(endOf(l::accept)));
      Go.sleep(SHORT);
      l.setDeadline(SHORT);
      assertTrue(isTimeout(end.recv()));
    }
  }

  /** Follows TestAcceptTimeoutMustNotReturn: without a deadline only the close ends it. */
  @Test
  void acceptWithoutADeadlineEndsByTheClose() throws Exception {
    Listener l = Pair.listen("tcp");
    l.setDeadline(Duration.ofSeconds(-5));
    l.setDeadline(null);
    Chan<IOException> end = Chan.make(1);
    Go.go(() -> end.send(endOf(l::accept)));
    Go.sleep(SHORT);
    l.close();
    assertTrue(isClosed(end.recv()));
  }

  /** Follows TestReadTimeout, and that nothing is lost by it. */
  @Test
  void readEndsAtItsDeadlineAndLosesNothing() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      ByteBuffer b = ByteBuffer.allocate(1);
      for (int i = 0; i < 50; i++) {
        p.here().setReadDeadline(Duration.ofMillis(i % 3));
        assertTrue(isTimeout(endOf(() -> p.here().read(b.clear()))));
        p.there().write(new byte[] {(byte) i}, 0, 1);
        p.here().setReadDeadline(null);
        p.here().read(b.clear());
        assertEquals(i, b.get(0));
      }
    }
  }

  /** Follows TestReadFromTimeout. */
  @Test
  void readFromEndsAtItsDeadline() throws Exception {
    try (PacketConn c = Net.listenPacket("udp", "127.0.0.1:0")) {
      for (Duration d : new Duration[] {Duration.ofSeconds(-5), Duration.ZERO, SHORT}) {
        c.setReadDeadline(d);
        assertTrue(isTimeout(endOf(() -> c.readFrom(ByteBuffer.allocate(1)))));
      }
      c.setReadDeadline(null);
      c.writeTo(ByteBuffer.wrap(new byte[] {9}), c.localAddress());
      ByteBuffer b = ByteBuffer.allocate(1);
      assertEquals(c.localAddress(), c.readFrom(b));
      assertEquals(9, b.get(0));
    }
  }

  /** Follows TestWriteTimeout: a peer that does not read. */
  @Test
  void writeEndsAtItsDeadlineAndTellsHowFarItCame() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      ByteBuffer much = ByteBuffer.allocate(64 << 20);
      p.here().setWriteDeadline(Duration.ofMillis(50));
      assertTrue(isTimeout(endOf(() -> p.here().write(much))));
      long sent = much.position();
      assertTrue(sent > 0 && sent < much.capacity(), "sent " + sent);
      p.here().closeWrite();
      long received = p.there().inputStream().skip(Long.MAX_VALUE);
      assertEquals(sent, received);
    }
  }

  /** Follows TestWriteToTimeout. */
  @Test
  void writeToFailsPastItsDeadline() throws Exception {
    try (PacketConn c = Net.listenPacket("udp", "127.0.0.1:0")) {
      c.setWriteDeadline(Duration.ZERO);
      assertTrue(isTimeout(endOf(() -> c.writeTo(ByteBuffer.allocate(1), c.localAddress()))));
    }
  }

  /** Follows TestReadTimeoutMustNotReturn and TestWriteTimeoutMustNotReturn: close wakes both. */
  @Test
  void withoutDeadlinesOnlyTheCloseEndsThem() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      p.here().setDeadline(Duration.ofSeconds(-5));
      p.here().setDeadline(null);
      Chan<IOException> ends = Chan.make(2);
      Go.go(() -> ends.send(endOf(() -> p.here().read(ByteBuffer.allocate(1)))));
      Go.go(() -> ends.send(endOf(() -> p.here().write(ByteBuffer.allocate(64 << 20)))));
      Go.sleep(SHORT);
      p.here().close();
      assertTrue(isClosed(ends.recv()));
      assertTrue(isClosed(ends.recv()));
    }
  }

  /** Follows TestVariousDeadlines: the server writes for ever, the client stops by deadline. */
  @Test
  void deadlinesOfAllLengthsCome() throws Exception {
    long[] micros = {1, 2, 5, 50, 100, 200, 500, 750, 1_000, 5_000, 25_000, 50_000};
    for (long us : micros) {
      try (Pair p = Pair.of("tcp")) {
        Go.go(() -> endOf(() -> p.there().write(ByteBuffer.allocateDirect(64 << 20))));
        p.here().setDeadline(Duration.ofNanos(us * 1_000));
        byte[] some = new byte[1 << 15];
        IOException end =
            endOf(
                () -> {
                  for (; ; ) {
                    p.here().read(some, 0, some.length); // at the end of the stream it goes on
                  }
                });
        assertTrue(isTimeout(end), us + " us: " + end);
      }
    }
  }

  /** Follows TestReadWriteProlongedTimeout: each write moves the deadline, and it never comes. */
  @Test
  void aDeadlineThatMovesDoesNotCome() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      p.here().setDeadline(Duration.ofSeconds(20));
      for (int i = 0; i < 5_000; i++) {
        p.here().setReadDeadline(Duration.ofSeconds(20));
        p.there().write(new byte[] {1}, 0, 1);
        assertEquals(1, p.here().read(new byte[1], 0, 1));
      }
    }
  }

  /** Follows TestReadWriteDeadlineRace and TestConcurrentSetDeadline. */
  @Test
  void deadlinesOfManyRace() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      var done = new WaitGroup();
      for (int g = 0; g < 8; g++) {
        int id = g;
        done.go(
            () -> {
              for (int i = 0; i < 500; i++) {
                p.here().setReadDeadline(Duration.ofNanos((long) (id + 1) * i * 100));
                if (id < 2) {
                  assertTrue(isTimeout(endOf(() -> p.here().read(new byte[1], 0, 1))));
                }
              }
            });
      }
      done.await();
      p.here().setReadDeadline(null);
      p.there().write(new byte[] {3}, 0, 1);
      assertEquals(1, p.here().read(new byte[1], 0, 1));
    }
  }

  /** Follows TestDialTimeout: 192.0.2.0/24 is for documentation; nobody is there. */
  @Test
  void dialEndsAtItsTimeout() {
    IOException end =
        endOf(() -> Net.dialTimeout("tcp", "192.0.2.1:9", Duration.ofMillis(30)).close());
    String why = end.toString(); // a machine without a network says so at once
    assertTrue(isTimeout(end) || why.contains("unreachable") || why.contains("refused"), why);
  }

  /** Follows TestDialTimeoutMaxDuration. */
  @Test
  void aHugeTimeoutIsNone() throws Exception {
    try (Listener l = Pair.listen("tcp");
        Conn c = Net.dialTimeout("tcp", l.addr().toString(), Duration.ofSeconds(Long.MAX_VALUE))) {
      assertEquals(l.address(), c.remoteAddress());
    }
  }

  /** The end of a context ends an accept, and the next one goes on. */
  @Test
  void acceptEndsWithItsContext() throws Exception {
    try (Listener l = Pair.listen("tcp")) {
      Chan<IOException> first = Chan.make(1);
      Chan<IOException> second = Chan.make(1);
      try (CancelContext a = Context.background().withCancel();
          CancelContext b = Context.background().withTimeout(Duration.ofMillis(30))) {
        Go.go(() -> first.send(endOf(() -> l.accept(a))));
        Go.go(() -> second.send(endOf(() -> l.accept(b)))); // has to wait for its turn, too
        assertTrue(isTimeout(second.recv()));
        a.cancel();
        assertInstanceOf(CanceledException.class, first.recv().getCause());
      }
      try (CancelContext live = Context.background().withTimeout(Duration.ofSeconds(30));
          Conn c = Net.dial(live, "tcp", l.addr().toString());
          Conn accepted = l.accept(live)) {
        assertEquals(c.localAddress(), accepted.remoteAddress());
      }
    }
  }

  /** Follows TestDialContextCancelRace and TestCancelAfterDial (net/dial_test.go). */
  @Test
  void dialEndsWithItsContextAndTheConnectionOutlivesIt() throws Exception {
    try (Listener l = Pair.listen("tcp")) {
      Conn c;
      try (CancelContext context = Context.background().withCancel()) {
        c = Net.dial(context, "tcp", l.addr().toString());
      }
      try (c;
          Conn accepted = l.accept()) {
        c.write(new byte[] {5}, 0, 1);
        assertEquals(1, accepted.read(new byte[1], 0, 1));
      }
      for (int i = 0; i < 200; i++) {
        try (CancelContext context = Context.background().withCancel()) {
          Go.go(context::cancel);
          try (Conn won = Net.dial(context, "tcp", l.addr().toString())) {
            assertEquals(l.address(), won.remoteAddress());
          } catch (NetException e) {
            assertInstanceOf(CanceledException.class, e.getCause(), e.toString());
          }
        }
      }
    }
  }
}
