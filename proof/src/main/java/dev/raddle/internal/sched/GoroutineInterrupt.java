package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * R1 of {@link G}: an interrupter counts itself in and then reads the thread; the thread, after the
 * end of the goroutine, takes what it would run next and then reads the count. So no interrupt
 * comes once it goes on. The interrupt status is a field here.
 */
@Outcome(
    id = {"0, 0, 0", "0, 0, 1", "0, 1, 1"},
    expect = ACCEPTABLE,
    desc = "The thread ends")
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "It goes on, nobody was interrupted")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "It goes on, and clears the interrupt")
@Outcome(expect = FORBIDDEN, desc = "The next goroutine is interrupted")
public final class GoroutineInterrupt {
  private GoroutineInterrupt() {}

  /** Written by {@link G#run}, which would leave the harness's own thread interrupted. */
  private static final VarHandle THREAD = threadOfG();

  private static VarHandle threadOfG() {
    try {
      return MethodHandles.privateLookupIn(G.class, MethodHandles.lookup())
          .findVarHandle(G.class, "thread", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Target extends Thread {
    private volatile int interrupted;

    Target() {
      super(null, null, "target", 0, false);
    }

    @Override
    public void interrupt() {
      interrupted = 1;
    }
  }

  private static final class Goroutine extends G {
    private final Target target = new Target();

    Goroutine() {
      THREAD.setOpaque(this, target);
    }

    @Override
    protected void body() {}

    /** As at the end of {@link G#run}. */
    void ends() {
      THREAD.setOpaque(this, null);
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(GoroutineInterrupt.class)
  @State
  public static class Holds {

    private final Goroutine g = new Goroutine();
    private final RunQueue queue = new RunQueue(2);

    /** Something is queued. */
    public Holds() {
      queue.push(new Task());
    }

    /** Finder.nextUnstarted: whether it goes on, and what it clears then. */
    @Actor
    public void thread(III_Result r) {
      g.ends();
      boolean next = queue.pop() != null;
      r.r1 = next && !g.mayBeInterrupted() ? 1 : 0;
      r.r2 = g.target.interrupted;
    }

    /** Whether it has hit the thread. */
    @Actor
    public void interrupter(III_Result r) {
      r.r3 = g.interrupt() ? 1 : 0;
    }
  }

  /** Nothing is taken between the end and the look at the count, so the look may come first. */
  @JCStressTest
  @JCStressMeta(GoroutineInterrupt.class)
  @State
  public static class Twin {

    private final Goroutine g = new Goroutine();

    /** Whether it goes on, and what it clears then. */
    @Actor
    public void thread(III_Result r) {
      g.ends();
      r.r1 = g.mayBeInterrupted() ? 0 : 1;
      r.r2 = g.target.interrupted;
    }

    /** Whether it has hit the thread. */
    @Actor
    public void interrupter(III_Result r) {
      r.r3 = g.interrupt() ? 1 : 0;
    }
  }
}
