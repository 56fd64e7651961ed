package dev.raddle.net.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * R1 of {@link PollSide}: a reader consumes the event of before and then tries its system call,
 * while bytes arrive and a new event says so. It has the bytes, or the new event is kept.
 */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It has the bytes, and consumed both events")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It has the bytes, and looks once for nothing")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It will look again")
@Outcome(expect = FORBIDDEN, desc = "Bytes are there, and it will wait")
public final class PollSideReady {
  private PollSideReady() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(PollSideReady.class)
  @State
  public static class Holds {

    private final AtomicInteger bytes = new AtomicInteger();
    private final Reader side = new Reader();

    /** With an event of before. */
    public Holds() {
      side.ready();
    }

    /** The kernel, and the poller. */
    @Actor
    public void event() {
      bytes.set(1);
      side.ready();
    }

    /** Consumes, then tries. */
    @Actor
    public void reader(II_Result r) {
      side.stopped(() -> true);
      r.r1 = bytes.get();
    }

    /** Whether it will look again. */
    @Arbiter
    public void after(II_Result r) {
      r.r2 = side.isReady() ? 1 : 0;
    }
  }

  /** Tries, then consumes. */
  @JCStressTest
  @JCStressMeta(PollSideReady.class)
  @State
  public static class Twin {

    private final AtomicInteger bytes = new AtomicInteger();
    private final Reader side = new Reader();

    /** With an event of before. */
    public Twin() {
      side.ready();
    }

    /** The kernel, and the poller. */
    @Actor
    public void event() {
      bytes.set(1);
      side.ready();
    }

    /** Tries, then consumes. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = bytes.get();
      side.stopped(() -> true);
    }

    /** Whether it will look again. */
    @Arbiter
    public void after(II_Result r) {
      r.r2 = side.isReady() ? 1 : 0;
    }
  }
}
