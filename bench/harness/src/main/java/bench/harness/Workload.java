package bench.harness;

import java.util.List;

/**
 * A row of the table of workloads.
 *
 * @param name what the user types
 * @param group the heading it stands under
 * @param title what it does, in a table
 * @param metrics what it prints, most important first; without the first a run is wrong
 * @param procs the numbers of Ps it runs with
 * @param rivals the names of those that have it
 * @param quick whether {@code --quick} has it
 * @param about a paragraph on what it means and what its rounds check
 */
record Workload(
    String name,
    String group,
    String title,
    List<Metric> metrics,
    List<Integer> procs,
    List<String> rivals,
    boolean quick,
    String about) {

  /**
   * What is counted.
   *
   * @param name as it is printed
   * @param unit for people
   * @param moreIsBetter whether it is a rate
   * @param compared whether there is a better and a worse; if not, it says what was done
   */
  record Metric(String name, String unit, boolean moreIsBetter, boolean compared) {
    /** One of which less is better. */
    static Metric of(String name, String unit) {
      return new Metric(name, unit, false, true);
    }

    /** One of which more is better. */
    static Metric rate(String name, String unit) {
      return new Metric(name, unit, true, true);
    }

    /** A size or another fact, of which neither is better. */
    static Metric fact(String name, String unit) {
      return new Metric(name, unit, false, false);
    }
  }

  /** The metric without which a run is wrong. */
  Metric main() {
    return metrics.getFirst();
  }
}
