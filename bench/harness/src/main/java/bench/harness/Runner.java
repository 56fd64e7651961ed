package bench.harness;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs everything, a fork after the other, and writes the file after each run. */
final class Runner {
  private static final int GRACE_SECONDS = 10;

  /** How a run is started. */
  interface Start {
    /** As {@link Rivals#command}. */
    List<String> command(String rival, Workload workload, int procs);
  }

  private final Settings settings;
  private final Start start;
  private final Predicate<String> isThere;
  private final PrintStream log;

  /**
   * With what is there of the rivals and of what loads servers, and where it tells how far it is.
   */
  Runner(Settings settings, Start start, Predicate<String> isThere, PrintStream log) {
    this.settings = settings;
    this.start = start;
    this.isThere = isThere;
    this.log = log;
  }

  /**
   * Runs all that the results do not have yet, and adds it to them and to the file.
   *
   * @return whether all ended well
   */
  boolean run(Results results, Path file) throws IOException, InterruptedException {
    List<String> rivals = rivals();
    Child child =
        new Child(Duration.ofSeconds(settings.limitSeconds() + GRACE_SECONDS), environment());
    long begin = System.nanoTime();
    boolean good = true;
    int skipped = 0;
    for (int fork = 1; fork <= settings.forks(); fork++) {
      for (Part part : settings.parts()) {
        Workload workload = part.workload();
        String tool = Workloads.tool(workload);
        if (!tool.isEmpty() && !isThere.test(tool)) {
          if (fork == 1) {
            log.println("no " + tool + " on PATH: " + workload.name() + " is left out");
          }
          continue;
        }
        for (int procs : part.procs()) {
          Map<String, String> more = more(results, fork, workload, procs);
          if (more == null) {
            log.println("no peak of Go in fork " + fork + ": " + workload.name() + " is left out");
            continue;
          }
          for (String rival : turn(rivals, part, fork)) {
            RunKey key = new RunKey(fork, workload.name(), procs, rival);
            if (results.has(key)) {
              continue;
            }
            if (isOver(begin)) {
              skipped++;
              continue;
            }
            List<String> command = start.command(rival, workload, procs);
            List<String> required = workload.metrics().stream().map(Workload.Metric::name).toList();
            Run run = child.run(key, command, required, more);
            results.put(run);
            results.write(file);
            tell(run, workload);
            good &= run.status() == Status.OK || run.status() == Status.NONE;
          }
        }
      }
    }
    if (skipped > 0) {
      log.printf(
          "%d runs left out after %d s; --append runs them%n", skipped, settings.budgetSeconds());
    }
    Map<Status, Long> ended = new EnumMap<>(Status.class);
    results.runs().forEach(r -> ended.merge(r.status(), 1L, Long::sum));
    long well = ended.getOrDefault(Status.OK, 0L);
    long none = ended.getOrDefault(Status.NONE, 0L);
    log.printf("%d runs ok, %d bad%n", well, results.runs().size() - well - none);
    return good;
  }

  /** Those that are there; one line for each that is not. */
  private List<String> rivals() {
    List<String> rivals = new ArrayList<>(settings.rivals());
    for (String other : List.of("go", "tokio")) { // the others are on the class path
      boolean wanted = settings.parts().stream().anyMatch(p -> p.takes(1, other));
      if (rivals.contains(other) && wanted && !isThere.test(other)) {
        rivals.remove(other);
        log.println("no " + other + " that builds: left out");
      }
    }
    return rivals;
  }

  /**
   * Those that a fork takes. Another one begins in each, so that none always has the same place.
   */
  private static List<String> turn(List<String> rivals, Part part, int fork) {
    List<String> turn = new ArrayList<>(rivals);
    turn.removeIf(r -> !part.takes(fork, r));
    Collections.rotate(turn, 1 - fork);
    return turn;
  }

  /** Environment of one workload alone; null if what it needs has not been measured. */
  private @Nullable Map<String, String> more(
      Results results, int fork, Workload workload, int procs) {
    if (!workload.name().equals("paced")) {
      return Map.of();
    }
    String given = settings.peak();
    if (given != null) {
      return Map.of("PEAK", given);
    }
    return results.forks("peak", procs, "go").stream()
        .filter(r -> r.key().fork() == fork && r.status() == Status.OK)
        .findFirst()
        .map(r -> Map.of("PEAK", Double.toString(r.metrics().getOrDefault("per_s", 0.0))))
        .orElse(null);
  }

  private boolean isOver(long begin) {
    long seconds = (System.nanoTime() - begin) / 1_000_000_000;
    return settings.budgetSeconds() > 0 && seconds >= settings.budgetSeconds();
  }

  private Map<String, String> environment() {
    Map<String, String> e = new HashMap<>();
    e.put("LIMIT", Integer.toString(settings.limitSeconds()));
    e.put("SCALE", Double.toString(settings.scale()));
    e.put("MILLIONS", settings.millions());
    e.put("WARMUP", Double.toString(settings.warmUp()));
    return e;
  }

  private void tell(Run run, Workload workload) {
    RunKey k = run.key();
    Double value = run.metrics().get(workload.main().name());
    String what =
        switch (run.status()) {
          case OK -> value == null ? "ok" : Spread.number(value) + " " + workload.main().unit();
          case NONE -> "has none";
          case WRONG ->
              "wrong: " + (run.metrics().isEmpty() ? "it printed nothing\n" : "") + run.error();
          case KILLED -> "killed after its limit";
          case NO_ROOM -> "does not fit into the memory that is free";
          case FAILED -> "failed: " + run.error();
        };
    log.printf(
        Locale.ROOT,
        "fork %d, %s, %d P, %s: %s (%.1f s, %.1f s of CPU, %.0f MB)%n",
        k.fork(),
        k.workload(),
        k.procs(),
        k.rival(),
        what.strip(),
        run.seconds(),
        run.cpuSeconds(),
        run.peakBytes() / 1e6);
  }
}
