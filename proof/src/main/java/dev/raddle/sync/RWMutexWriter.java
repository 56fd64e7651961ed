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
 * I2 of {@link RWMutex}: the last reader leaves while a writer comes. The real writer parks; it
 * would not come back if both missed the other. In the twin parking is a flag.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Has the lock, after the reader")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever, or inside together with the reader")
public final class RWMutexWriter {
  private RWMutexWriter() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(RWMutexWriter.class)
  @State
  public static class Holds {

    private final RWMutex lock = new RWMutex();
    private int payload;

    /** Read by the first. */
    public Holds() {
      lock.readLock();
    }

    /** Leaves. */
    @Actor
    public void reader() {
      payload = 7;
      lock.readUnlock();
    }

    /** Comes. */
    @Actor
    public void writer(I_Result r) {
      lock.lock();
      r.r1 = payload;
      lock.unlock();
    }
  }

  /** The writer looks whether somebody reads before it says that it waits. */
  @JCStressTest
  @JCStressMeta(RWMutexWriter.class)
  @State
  public static class Twin {

    private final AtomicInteger readers = new AtomicInteger(1);
    private final AtomicInteger waits = new AtomicInteger();
    private final AtomicInteger woken = new AtomicInteger();
    private int payload;
    private boolean has;

    /** Leaves. */
    @Actor
    public void reader() {
      payload = 7;
      readers.decrementAndGet();
      woken.set(waits.get());
    }

    /** Comes. */
    @Actor
    public void writer() {
      has = readers.get() == 0;
      waits.set(1);
    }

    /** A writer that nobody woke sleeps. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = has || woken.get() == 1 ? payload : 0;
    }
  }
}
