package dev.raddle.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * I1 of {@link Mutex}: an unlock and somebody who comes to wait. The real one parks; it would not
 * come back if the unlock did not see it. In the twin parking is a flag.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Has the lock, and sees what the holder wrote")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever, or inside together with the holder")
public final class MutexWake {
  private MutexWake() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(MutexWake.class)
  @State
  public static class Holds {

    private final Mutex mutex = new Mutex();
    private int payload;

    /** Held by the first. */
    public Holds() {
      mutex.lock();
    }

    /** Lets go. */
    @Actor
    public void holder() {
      payload = 7;
      mutex.unlock();
    }

    /** Wants it. */
    @Actor
    public void waiter(I_Result r) {
      mutex.lock();
      r.r1 = payload;
      mutex.unlock();
    }
  }

  /** Announces itself without seeing in the same step that somebody holds the lock. */
  @JCStressTest
  @JCStressMeta(MutexWake.class)
  @State
  public static class Twin {

    private static final int HELD = 1;
    private static final int QUEUED = 4;

    private final AtomicInteger state = new AtomicInteger(HELD);
    private final AtomicInteger woken = new AtomicInteger();
    private int payload;
    private boolean has;

    /** Lets go. */
    @Actor
    public void holder() {
      payload = 7;
      if (!state.compareAndSet(HELD, 0)) {
        woken.set(1);
      }
    }

    /** Wants it. */
    @Actor
    public void waiter() {
      if (state.compareAndSet(0, HELD)) {
        has = true;
      } else {
        state.getAndAccumulate(QUEUED, (s, q) -> s | q);
      }
    }

    /** A waiter that nobody woke sleeps. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = has || woken.get() == 1 ? payload : 0;
    }
  }
}
