package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.internal.util.SpinLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link SpinLock}: one holder at a time, and it sees what the one before wrote. */
@Outcome(id = "2", expect = ACCEPTABLE, desc = "Both")
@Outcome(expect = FORBIDDEN, desc = "One was lost")
public final class SpinLockExclusion {
  private SpinLockExclusion() {}

  private static final class CheckThenSet {
    private volatile boolean held;

    void lock() {
      while (held) {
        Thread.onSpinWait();
      }
      held = true;
    }

    void unlock() {
      held = false;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(SpinLockExclusion.class)
  @State
  public static class Holds {

    private final SpinLock lock = new SpinLock();
    private int counter;

    /** Adds one. */
    @Actor
    public void one() {
      lock.lock();
      counter++;
      lock.unlock();
    }

    /** Adds one. */
    @Actor
    public void two() {
      lock.lock();
      counter++;
      lock.unlock();
    }

    /** Reads. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = counter;
    }
  }

  /** A check and a store in place of the CAS. */
  @JCStressTest
  @JCStressMeta(SpinLockExclusion.class)
  @State
  public static class Twin {

    private final CheckThenSet lock = new CheckThenSet();
    private int counter;

    /** Adds one. */
    @Actor
    public void one() {
      lock.lock();
      counter++;
      lock.unlock();
    }

    /** Adds one. */
    @Actor
    public void two() {
      lock.lock();
      counter++;
      lock.unlock();
    }

    /** Reads. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = counter;
    }
  }
}
