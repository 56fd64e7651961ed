package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * N2 of {@link Netpoller}: a keeper says that it polls only when it is its turn. Before, whoever is
 * inside would take the wake-up that is meant for it, and it would sleep with a P in its hands.
 */
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's keeper")
class PollTurnTest {
  /** The next keeper may block there for as long as nothing happens. */
  @Test
  void aKeeperThatWasGrantedAPDoesNotWaitForItsTurn() throws Exception {
    var sched =
        ProcSched.isolated(
            new SchedConfig("turn", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));
    var net = new Poller(sched);
    net.occupied = true;
    sched.netpoller(net);
    assertTrue(net.ran.get(20, TimeUnit.SECONDS));
    net.occupied = false;
    sched.close();
  }

  @Test
  void aKeeperThatWaitsForItsTurnIsNotWokenThroughThePoller() throws Exception {
    var sched =
        ProcSched.isolated(
            new SchedConfig("turn", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));
    var net = new Poller(sched);
    sched.netpoller(net);
    assertTrue(net.ran.get(60, TimeUnit.SECONDS));
    assertFalse(net.wokenBeforeItsTurn.get());
    sched.close();
  }

  /** While the first keeper waits for its turn, it is granted a P. */
  private static final class Poller implements Netpoller {
    private final ProcSched sched;
    private final Semaphore event = new Semaphore(0);
    private final AtomicBoolean entered = new AtomicBoolean();
    private volatile boolean entering;
    volatile boolean occupied; // by another keeper, who is not woken
    final AtomicBoolean wokenBeforeItsTurn = new AtomicBoolean();
    final CompletableFuture<Boolean> ran = new CompletableFuture<>();

    Poller(ProcSched sched) {
      this.sched = sched;
    }

    @Override
    public int poll() {
      return 0;
    }

    @Override
    public boolean tryEnter() {
      if (!entered.compareAndSet(false, true)) {
        return !occupied;
      }
      entering = true;
      Thread other = new Thread(this::spawn);
      other.start();
      try {
        other.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      entering = false;
      return !occupied;
    }

    private void spawn() {
      G g =
          new G() {
            @Override
            protected void body() {
              ran.complete(true);
            }
          };
      sched.spawn(g);
    }

    @Override
    public boolean await(long nanos) {
      try {
        if (event.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
          event.drainPermits();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return false;
    }

    @Override
    public int dispatch() {
      return 0;
    }

    @Override
    public void wake() {
      if (entering) {
        wokenBeforeItsTurn.set(true);
      }
      event.release();
    }

    @Override
    public void close() {}
  }
}
