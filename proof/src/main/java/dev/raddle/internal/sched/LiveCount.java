package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * {@link ProcSched#live}: the ends are read before the beginnings, so that a goroutine that was
 * spawned by one which has ended since is counted. A scheduler that is told 0 closes.
 */
@Outcome(
    id = {"1", "2"},
    expect = ACCEPTABLE,
    desc = "At least those that live")
@Outcome(expect = FORBIDDEN, desc = "Fewer than live all the time")
public final class LiveCount {
  private LiveCount() {}

  @SuppressWarnings("NullAway") // a P that only counts needs no scheduler
  private static final ProcSched NO_SCHED = null;

  private static final SchedConfig CONFIG = new SchedConfig("proof", 1, new int[0], 2, true);

  /** As it is. */
  @JCStressTest
  @JCStressMeta(LiveCount.class)
  @State
  public static class Holds {

    private final P p = new P(NO_SCHED, 0, CONFIG, new Slot(0));

    /** One lives. */
    public Holds() {
      p.countCreated();
    }

    /** It spawns another, and ends. */
    @Actor
    public void goroutines() {
      p.countCreated();
      p.countFinished();
    }

    /** Anyone. */
    @Actor
    public void live(I_Result r) {
      long finished = p.finished();
      r.r1 = (int) (p.created() - finished);
    }
  }

  /** Reads the beginnings first. */
  @JCStressTest
  @JCStressMeta(LiveCount.class)
  @State
  public static class Twin {

    private final P p = new P(NO_SCHED, 0, CONFIG, new Slot(0));

    /** One lives. */
    public Twin() {
      p.countCreated();
    }

    /** It spawns another, and ends. */
    @Actor
    public void goroutines() {
      p.countCreated();
      p.countFinished();
    }

    /** Anyone. */
    @Actor
    public void live(I_Result r) {
      long created = p.created();
      r.r1 = (int) (created - p.finished());
    }
  }
}
