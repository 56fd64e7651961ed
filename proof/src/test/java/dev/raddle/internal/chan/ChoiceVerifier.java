package dev.raddle.internal.chan;

import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;

/**
 * For Lincheck: linearizability of operations that may choose. Its own verifier takes a sequential
 * specification that answers; here the specification is asked whether an answer can be. Scenarios
 * have a parallel part only.
 */
public final class ChoiceVerifier implements Verifier {
  /** What the operations do to a state of which they have a copy. */
  public interface Spec {
    /** Another such state. */
    Spec copy();

    /**
     * Performs an operation.
     *
     * @return whether it can lead to that result; if not, the state is of no use any more
     */
    boolean perform(String operation, List<Object> arguments, String result);

    /** All that makes two states different. */
    Object state();
  }

  private record Point(List<Integer> done, Object state) {}

  private final Class<?> spec;

  /**
   * For Lincheck.
   *
   * @param spec a {@link Spec}
   */
  public ChoiceVerifier(Class<?> spec) {
    this.spec = spec;
  }

  @Override
  public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
    if (!scenario.getInitExecution().isEmpty() || !scenario.getPostExecution().isEmpty()) {
      throw new IllegalArgumentException("expected a parallel part only");
    }
    var search =
        new Search(
            scenario.getParallelExecution(),
            results.getParallelResultsWithClock(),
            new HashSet<>());
    return search.from(new int[scenario.getNThreads()], start());
  }

  private Spec start() {
    try {
      return (Spec) spec.getConstructor().newInstance();
    } catch (NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalArgumentException("expected a Spec, found " + spec, e);
    }
  }

  private record Search(
      List<List<Actor>> calls, List<List<ResultWithClock>> results, Set<Point> seen) {

    boolean from(int[] done, Spec state) {
      boolean all = true;
      for (int t = 0; t < done.length; t++) {
        all &= done[t] == calls.get(t).size();
      }
      if (all) {
        return true;
      }
      if (!seen.add(new Point(java.util.Arrays.stream(done).boxed().toList(), state.state()))) {
        return false;
      }
      for (int t = 0; t < done.length; t++) {
        if (done[t] < calls.get(t).size() && mayComeNext(t, done)) {
          Spec next = state.copy();
          if (performs(calls.get(t).get(done[t]), results.get(t).get(done[t]), next)) {
            int[] more = done.clone();
            more[t]++;
            if (from(more, next)) {
              return true;
            }
          }
        }
      }
      return false;
    }

    /** Whatever ended before it began has to come before it. */
    private boolean mayComeNext(int t, int[] done) {
      var clock = results.get(t).get(done[t]).getClockOnStart();
      for (int u = 0; u < done.length; u++) {
        if (u != t && clock.get(u) > done[u]) {
          return false;
        }
      }
      return true;
    }

    private static boolean performs(Actor call, ResultWithClock result, Spec state) {
      return result.getResult() instanceof ValueResult v
          && state.perform(
              call.getMethod().getName(), call.getArguments(), String.valueOf(v.getValue()));
    }
  }
}
