package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The winner of {@link SelectWait}: of two counterparts, or one and the timer, one wins. */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The one")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The other")
@Outcome(expect = FORBIDDEN, desc = "Two cases of one select, or none")
public final class SelectWin {
  private SelectWin() {}

  private static final class CheckThenSet {
    private volatile @Nullable Object winner;

    boolean win(Object by) {
      if (winner != null) {
        return false;
      }
      winner = by;
      return true;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(SelectWin.class)
  @State
  public static class Holds {

    private final SelectWait wait =
        new SelectWait(new Select(new Hchan[0], new boolean[0], new Object[0]));

    /** One case. */
    @Actor
    public void one(II_Result r) {
      r.r1 = wait.win("one") ? 1 : 0;
    }

    /** Another. */
    @Actor
    public void two(II_Result r) {
      r.r2 = wait.win("two") ? 1 : 0;
    }
  }

  /** A check and a store in place of the CAS. */
  @JCStressTest
  @JCStressMeta(SelectWin.class)
  @State
  public static class Twin {

    private final CheckThenSet wait = new CheckThenSet();

    /** One case. */
    @Actor
    public void one(II_Result r) {
      r.r1 = wait.win("one") ? 1 : 0;
    }

    /** Another. */
    @Actor
    public void two(II_Result r) {
      r.r2 = wait.win("two") ? 1 : 0;
    }
  }
}
