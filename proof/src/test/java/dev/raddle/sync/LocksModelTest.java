package dev.raddle.sync;

import dev.raddle.internal.sched.Models;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Locks are linearizable, as far as operations that do not wait can tell; that a wait ends is the
 * matter of MutexWake and the stress tests.
 */
class LocksModelTest {
  @Test
  void mutexIsLinearizable() {
    Models.holds(AMutex.class);
  }

  @Test
  void aMutexThatLooksBeforeItTakesIsRejected() {
    Models.isRejected(LookThenTake.class, 0);
  }

  @Test
  void semaphoreIsLinearizable() {
    Models.holds(ASemaphore.class);
  }

  @Test
  void aSemaphoreThatCountsWithoutALockIsRejected() {
    Models.isRejected(Counted.class, 0);
  }

  /** Go's mutex has no owner: whoever likes may unlock it. */
  public static class AMutex {
    private final Mutex mutex = new Mutex();

    /** Takes it if it is free. */
    @Operation
    public boolean tryLock() {
      return mutex.tryLock();
    }

    /** Gives it back. */
    @Operation
    public String unlock() {
      try {
        mutex.unlock();
        return "unlocked";
      } catch (IllegalStateException e) {
        return "was not locked";
      }
    }

    /** Asks. */
    @Operation
    public boolean isLocked() {
      return mutex.isLocked();
    }
  }

  /** The same in two steps. */
  public static class LookThenTake {
    private final AtomicBoolean held = new AtomicBoolean();

    /** Takes it if it is free. */
    @Operation
    public boolean tryLock() {
      if (held.get()) {
        return false;
      }
      held.set(true);
      return true;
    }

    /** Gives it back. */
    @Operation
    public String unlock() {
      return held.compareAndSet(true, false) ? "unlocked" : "was not locked";
    }
  }

  /** A weighted one of three units. */
  @Param(name = "units", gen = IntGen.class, conf = "0:3")
  public static class ASemaphore {
    private final Semaphore semaphore = new Semaphore(3);

    /** Takes some. */
    @Operation
    public boolean tryAcquire(@Param(name = "units") int units) {
      return semaphore.tryAcquire(units);
    }

    /** Gives some back. */
    @Operation
    public String release(@Param(name = "units") int units) {
      try {
        semaphore.release(units);
        return "released";
      } catch (IllegalStateException e) {
        return String.valueOf(e.getMessage()); // tells how many were held
      }
    }
  }

  /** The same with a count that nobody guards. */
  @Param(name = "units", gen = IntGen.class, conf = "0:3")
  public static class Counted {
    private volatile int taken;

    /** Takes some. */
    @Operation
    @SuppressWarnings("NonAtomicVolatileUpdate") // that is the fault
    public boolean tryAcquire(@Param(name = "units") int units) {
      if (units > 3 - taken) {
        return false;
      }
      taken += units;
      return true;
    }
  }
}
