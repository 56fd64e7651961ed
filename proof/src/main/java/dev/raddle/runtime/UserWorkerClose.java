package dev.raddle.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The ordering of {@link UserWorker}: a call that comes while the worker is closed, which nobody
 * drives, is refused. The real caller parks, and would not come back; in the twin parking is a
 * flag.
 */
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Refused")
@Outcome(expect = FORBIDDEN, desc = "Waits for ever, or has run")
public final class UserWorkerClose {
  private UserWorkerClose() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(UserWorkerClose.class)
  @State
  public static class Holds {

    private final UserWorker worker = new UserWorker();

    /** Calls. */
    @Actor
    public void caller(I_Result r) {
      try {
        r.r1 = worker.call(() -> 1);
      } catch (RejectedExecutionException e) {
        r.r1 = 0;
      } catch (Exception e) {
        r.r1 = -1;
      }
    }

    /** Closes. */
    @Actor
    public void closer() {
      worker.close();
    }
  }

  /** Looks whether it is closed before it adds its call, not after. */
  @JCStressTest
  @JCStressMeta(UserWorkerClose.class)
  @State
  public static class Twin {

    private final AtomicBoolean call = new AtomicBoolean();
    private volatile boolean closed;
    private boolean waits;
    private boolean dropped;

    /** Calls. */
    @Actor
    public void caller() {
      if (!closed) {
        call.set(true);
        waits = true;
      }
    }

    /** Closes. */
    @Actor
    public void closer() {
      closed = true;
      dropped = call.getAndSet(false);
    }

    /** Whether somebody waits. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = waits && !dropped ? 1 : 0;
    }
  }
}
