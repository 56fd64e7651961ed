package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A batch of {@link GlobalQueue} belongs to whoever polled it: no task of it is run twice or lost.
 */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Each task ran once")
@Outcome(expect = FORBIDDEN, desc = "A task ran twice, or never")
public final class GlobalBatch {
  private GlobalBatch() {}

  /** A batch that stays in the queue while it is emptied, with a cursor that all share. */
  static final class SharedBatch {
    private Runnable @Nullable [] tasks;
    private volatile int from;

    void pushAll(int priority, Runnable[] batch) {
      tasks = batch;
    }

    @Nullable Runnable poll(int priority, RunQueue local) {
      Runnable[] all = tasks;
      int i = from;
      if (all == null || i == all.length) {
        return null;
      }
      for (int next = i + 1; next < all.length; next++) {
        local.push(all[next]);
      }
      from = all.length;
      return all[i];
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(GlobalBatch.class)
  @State
  public static class Holds {

    private final GlobalQueue global = new GlobalQueue();
    private final RunQueue one = new RunQueue(2);
    private final RunQueue two = new RunQueue(2);
    private final Task a = new Task();
    private final Task b = new Task();

    /** One batch. */
    public Holds() {
      global.pushAll(G.NORMAL, new Runnable[] {a, b});
    }

    /** Takes. */
    @Actor
    public void one() {
      Task.run(global.poll(G.NORMAL, one));
      Task.run(one.pop());
    }

    /** Takes. */
    @Actor
    public void two() {
      Task.run(global.poll(G.NORMAL, two));
      Task.run(two.pop());
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result r) {
      r.r1 = a.taken();
      r.r2 = b.taken();
    }
  }

  /** A shared cursor without a CAS. */
  @JCStressTest
  @JCStressMeta(GlobalBatch.class)
  @State
  public static class Twin {

    private final SharedBatch global = new SharedBatch();
    private final RunQueue one = new RunQueue(2);
    private final RunQueue two = new RunQueue(2);
    private final Task a = new Task();
    private final Task b = new Task();

    /** One batch. */
    public Twin() {
      global.pushAll(G.NORMAL, new Runnable[] {a, b});
    }

    /** Takes. */
    @Actor
    public void one() {
      Task.run(global.poll(G.NORMAL, one));
      Task.run(one.pop());
    }

    /** Takes. */
    @Actor
    public void two() {
      Task.run(global.poll(G.NORMAL, two));
      Task.run(two.pop());
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result r) {
      r.r1 = a.taken();
      r.r2 = b.taken();
    }
  }
}
