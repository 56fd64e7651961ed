package dev.raddle.net.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

/** Every interleaving, up to a bound, of a reader with events, a close and a deadline. */
class PollSideModelTest {
  private static final int INVOCATIONS = Integer.getInteger("raddle.proof.invocations", 2_000);
  private static final int UNTIL_FOUND = 200_000;

  /** A socket, and who uses it. */
  private static class Socket {
    final AtomicInteger bytes = new AtomicInteger();
    final Reader side = new Reader();
    int got;
    boolean parked;

    void arrive() {
      bytes.incrementAndGet();
      side.ready();
    }

    /** Reads until it would park or may not go on. */
    void read() {
      do {
        got += bytes.getAndSet(0);
        int end = side.stopped(() -> false);
        parked = end == Reader.PARKED;
        if (end != PollSide.OK) {
          return;
        }
      } while (true);
    }
  }

  /** Takes an event for the bytes that came with it, without a try after it was consumed. */
  private static final class Hasty extends Socket {
    @Override
    void read() {
      got += bytes.getAndSet(0);
      side.stopped(() -> true);
      parked = side.stopped(() -> false) == Reader.PARKED;
    }
  }

  private static void explore(int invocations, boolean hasty, boolean closes) {
    Lincheck.runConcurrentTest(
        invocations,
        () -> {
          Socket s = hasty ? new Hasty() : new Socket();
          s.side.ready(); // the first event of a new socket
          Thread poller = new Thread(s::arrive);
          Thread closer = new Thread(closes ? s.side::close : () -> s.side.expireIn(0));
          poller.start();
          closer.start();
          s.read();
          join(poller);
          join(closer);
          if (s.got + s.bytes.get() != 1) {
            throw new AssertionError("one byte came, read and left are " + s.got + s.bytes);
          }
          if (s.parked && s.side.isAwaited()) {
            throw new AssertionError("it is parked, beside a reason to wake up");
          }
          if (s.parked && s.bytes.get() > 0 && !s.side.isReady()) {
            throw new AssertionError("bytes are there, and nobody will tell");
          }
        });
  }

  private static void join(Thread t) {
    try {
      t.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noEventAndNoReasonIsLost() {
    explore(INVOCATIONS, false, true);
    explore(INVOCATIONS, false, false);
  }

  @Test
  void anEventMustBeConsumedBeforeTheTry() {
    assertThrows(LincheckAssertionError.class, () -> explore(UNTIL_FOUND, true, true));
  }
}
