package bench.harness;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --report} runs: all that the design's targets and the performance page need, sized so
 * that two CPUs have done it in some 90 minutes. Three forks where a figure is compared with an
 * aim, one where it is only shown; rivals that explain a figure rather than compete run once.
 *
 * <p>The seconds are those of a process, start and warm-up included, and rough.
 */
final class Report {
  /** Forks of what is compared. */
  static final int FORKS = 3;

  private static final List<Integer> BOTH = List.of(1, 2);
  private static final List<Integer> TWO = List.of(2);
  private static final String COLLECTORS = "raddle-parallel raddle-z vthreads-parallel vthreads-z";
  private static final List<Part> TABLE = new ArrayList<>();

  static {
    String g = "spawning";
    String all = "raddle go vthreads kotlin fjp";
    add(g, "spawn", BOTH, 3, all, "raddle-jdk tokio " + COLLECTORS, 3.5);
    add(g, "skynet", TWO, 3, all, COLLECTORS, 4);
    add(g, "forkjoin", BOTH, 3, all, "tokio", 2.7);
    g = "switch";
    String queues = "raddle go vthreads kotlin jox";
    add(g, "pingpong", BOTH, 3, queues, "raddle-jdk jox-raddle ltq tokio", 2.7);
    add(g, "yield", BOTH, 3, "raddle go vthreads", "kotlin tokio", 2.2);
    add(g, "ring", BOTH, 3, queues, "jox-raddle tokio", 2.7);
    add(g, "mutex", BOTH, 3, "raddle go vthreads kotlin", "tokio", 2.5);
    g = "channels";
    add(g, "chan11", BOTH, 3, queues, "jox-raddle ltq tokio", 5);
    add(g, "chan1n", BOTH, 1, queues, "", 5);
    add(g, "chann1", BOTH, 1, queues, "tokio", 5);
    add(g, "channm", BOTH, 3, queues, "jox-raddle ltq", 5);
    add(g, "select", BOTH, 3, "raddle go kotlin jox", "jox-raddle", 4);
    add(g, "pipeline", BOTH, 1, queues, "", 3);
    add(g, "sieve", BOTH, 1, queues, "", 3);
    add(g, "gochan", TWO, 1, "raddle go", "", 25);
    add(g, "gosync", TWO, 1, "raddle go", "", 27);
    add(g, "gocontext", TWO, 1, "raddle go", "", 35);
    add(g, "scale", List.of(2, 8), 1, "raddle go vthreads kotlin", "", 9);
    g = "time";
    String waits = "raddle go vthreads kotlin";
    add(g, "sleepers", TWO, 3, waits, "raddle-jdk tokio", 9);
    add(g, "ticker", BOTH, 3, "raddle go", "vthreads kotlin tokio", 7.5);
    add(g, "wakeup", TWO, 3, waits, "", 6);
    add(g, "timers", TWO, 3, "raddle go vthreads", "", 2.3);
    add(g, "timers1m", TWO, 3, "raddle go vthreads", "", 8.5);
    add(g, "priority", TWO, 1, "raddle go vthreads", "", 6);
    add(g, "pinned", TWO, 1, "raddle", "", 4);
    add(g, "unpinned", TWO, 1, "raddle", "", 4);
    add(g, "policy", TWO, 3, "raddle", "", 6);
    add(g, "startstop", TWO, 1, "raddle vthreads kotlin fjp", "", 2.5);
    g = "memory";
    add(g, "parked", TWO, 3, waits, "raddle-jdk tokio " + COLLECTORS, 5);
    add(g, "parkedmax", TWO, 1, "raddle go vthreads", "", 35);
    add(g, "gcpause", TWO, 3, "raddle raddle-z raddle-shenandoah go", "vthreads vthreads-z", 16);
    g = "jobs";
    add(g, "fib", BOTH, 3, all, "serial", 3);
    add(g, "queens", BOTH, 3, all, "serial", 2.5);
    String jobs = all + " serial";
    add(g, "integrate", BOTH, 1, jobs, "", 4);
    add(g, "uts", BOTH, 1, jobs, "", 7);
    add(g, "quicksort", BOTH, 1, jobs, "", 7);
    add(g, "sort", BOTH, 1, "raddle fjp", "", 7);
    for (String w : List.of("primes", "mandelbrot", "matmul", "wavefront", "graph")) {
      add(g, w, BOTH, 1, jobs, "", 2.7);
    }
    g = "http";
    String servers = "raddle go netty helidon vertx";
    add(g, "hello", TWO, 3, servers, "raddle-jdk httpserver", 7.5);
    add(g, "hello1000", TWO, 3, servers, "", 7.5);
    for (String w : List.of("hello1", "pipelined", "churn", "slow")) {
      add(g, w, TWO, 1, servers, "", 7.5);
    }
    for (String w : List.of("h2hello", "h2streams")) {
      add(g, w, TWO, 1, "raddle go netty vertx", "", 7.5);
    }
    add(g, "peak", TWO, 3, "go", "", 7);
    add(g, "paced", TWO, 3, servers, "", 11);
    add(g, "idle", TWO, 1, servers, "", 7);
    add(g, "start", TWO, 1, servers, "", 6);
  }

  private Report() {}

  /** The names of the groups, in the order in which they run. */
  static List<String> groups() {
    return TABLE.stream().map(Part::group).distinct().toList();
  }

  /** The parts of a group. */
  static List<Part> group(String group) {
    return TABLE.stream().filter(p -> p.group().equals(group)).toList();
  }

  /**
   * The parts of groups and workloads; all of them for no name.
   *
   * @throws UsageException if there is neither of a name; it lists the names
   */
  static List<Part> named(List<String> names) {
    List<String> workloads = new ArrayList<>(names);
    workloads.removeAll(groups());
    List<Workload> known;
    try {
      known = Workloads.named(workloads);
    } catch (UsageException e) {
      throw new UsageException(
          "expected groups of " + String.join(" ", groups()) + ", or " + e.getMessage(), e);
    }
    return TABLE.stream()
        .filter(p -> names.isEmpty() || names.contains(p.group()) || known.contains(p.workload()))
        .toList();
  }

  /** What some parts take with so many forks, in minutes, roughly. */
  static double minutes(List<Part> parts, int forks) {
    return parts.stream().mapToDouble(p -> p.seconds(forks)).sum() / 60;
  }

  private static void add(
      String group,
      String workload,
      List<Integer> procs,
      int forks,
      String rivals,
      String once,
      double seconds) {
    Workload w =
        Workloads.all().stream().filter(x -> x.name().equals(workload)).findFirst().orElseThrow();
    TABLE.add(new Part(group, w, procs, words(rivals), words(once), forks, seconds));
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : Rivals.check(List.of(text.strip().split(" ")));
  }
}
