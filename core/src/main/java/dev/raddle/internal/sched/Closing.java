package dev.raddle.internal.sched;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.SpinLock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * The end of a scheduler.
 *
 * Phases      close() waits until it or sysmon sees no goroutine left and sets done; then the Ms
 *             end, and the default scheduler inherits what remains: virtual threads that are no
 *             goroutines (the JDK's socket pollers may be among them) and timers that others wait
 *             for.
 * Ordering    O1  spawn from outside: count the goroutine, read sealed.  check: set sealed, read the
 *                 count again. One of the two sees the other: either the spawn fails or sealed is
 *                 taken back. Nothing but a spawn may act on sealed; done is never taken back.
 *             O2  resume and addTimer: make visible, read done.  close: set done, bequeath. Whoever
 *                 sees the other bequeaths; both may.
 * Checked by  proof: ClosingSpawn (O1), ClosingBequeath (O2), StressMixTest.
 */
final class Closing {
  private final ProcSched sched;

  /** Who waits in close(); stays there for good once it is done. */
  private final AtomicReference<@Nullable Closer> closer = new AtomicReference<>();

  private final SpinLock sealing = new SpinLock();
  private volatile boolean sealed;
  private volatile boolean done;

  Closing(ProcSched sched) {
    this.sched = sched;
  }

  /** Whether spawns from outside are refused. */
  boolean isSealed() {
    return sealed;
  }

  boolean isDone() {
    return done;
  }

  boolean isUnderWay() {
    return closer.get() != null && !done;
  }

  void close() throws InterruptedException {
    var waiter = new Closer(closer);
    if (!closer.compareAndSet(null, waiter)) {
      throw new IllegalStateException(
          "scheduler " + sched.name() + " is closing or closed already");
    }
    check();
    Sysmon.hurry();
    waiter.await(WaitReason.CLOSE);
    sched.forgetDefault();
    boolean interrupted = Sysmon.forget(sched);
    interrupted |= sched.threads.joinAll();
    sched.closePools();
    bequeath();
    Netpoller net = sched.netpoller;
    if (net != null) {
      net.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the wait of {@link #close} once every goroutine has ended. Sysmon, and who closes. */
  void check() {
    Closer waiter = closer.get();
    if (waiter == null || done || sched.live() != 0) {
      return;
    }
    if (seal(waiter)) {
      waiter.ready();
    }
  }

  /** One at a time: a second one could take sealed for its own that this one takes back. */
  private boolean seal(Closer waiter) {
    sealing.lock();
    try {
      if (done) {
        return false;
      }
      sealed = true; // O1
      done = sched.live() == 0 && waiter.take();
      sealed = done;
      return done;
    } finally {
      sealing.unlock();
    }
  }

  /** After the end: hands what is queued and every timer to the default scheduler. */
  void bequeath() {
    if (!(Sched.getDefault() instanceof ProcSched heir) || heir == sched) {
      return; // the default one is told to forget itself first
    }
    sched.global.drain(
        new Consumer<Runnable>() { // no lambda, as in Procs
          @Override
          public void accept(Runnable task) {
            heir.resume(task);
          }
        });
    for (Slot slot : sched.procs.slots()) {
      slot.timers.drain(
          new Consumer<Timer>() {
            @Override
            public void accept(Timer t) {
              heir.addTimer(t);
            }
          });
    }
  }
}
