package bench.harness;

import java.util.List;

/**
 * A workload as a mode of the driver runs it.
 *
 * @param group what it is run with when only some of a report is measured
 * @param procs the numbers of Ps
 * @param rivals in every fork
 * @param once rivals that run in the first fork alone
 * @param forks in which it runs; 0 for as many as there are
 * @param seconds that a process takes, roughly; 0 if nobody knows
 */
record Part(
    String group,
    Workload workload,
    List<Integer> procs,
    List<String> rivals,
    List<String> once,
    int forks,
    double seconds) {

  /** All of a workload, in every fork. */
  static Part all(Workload w) {
    return new Part("", w, w.procs(), w.rivals(), List.of(), 0, 0);
  }

  /** The same with the most Ps alone. */
  Part ofMostProcs() {
    return new Part(group, workload, List.of(procs.getLast()), rivals, once, forks, seconds);
  }

  /** Whether a rival runs in a fork. */
  boolean takes(int fork, String rival) {
    if (forks > 0 && fork > forks) {
      return false;
    }
    return rivals.contains(rival) || (fork == 1 && once.contains(rival));
  }

  /** What it takes if there are so many forks, roughly. */
  double seconds(int most) {
    int f = forks > 0 ? Math.min(forks, most) : most;
    return seconds * procs.size() * (f * rivals.size() + once.size());
  }
}
