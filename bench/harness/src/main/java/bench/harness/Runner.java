package bench.harness;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

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

  /** With what is there of the rivals and of {@code wrk}, and where it tells how far it is. */
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
    List<String> rivals = new ArrayList<>(settings.rivals());
    if (rivals.contains("go") && !isThere.test("go")) {
      rivals.remove("go");
      log.println("no go on PATH: left out");
    }
    Child child =
        new Child(Duration.ofSeconds(settings.limitSeconds() + GRACE_SECONDS), environment());
    long begin = System.nanoTime();
    boolean good = true;
    int skipped = 0;
    for (int fork = 1; fork <= settings.forks(); fork++) {
      for (Workload workload : settings.workloads()) {
        if (Workloads.needsWrk(workload) && !isThere.test("wrk")) {
          if (fork == 1) {
            log.println("no wrk on PATH: " + workload.name() + " is left out");
          }
          continue;
        }
        for (int procs : workload.procs()) {
          for (String rival : rivals) {
            RunKey key = new RunKey(fork, workload.name(), procs, rival);
            if (!settings.takes(workload, procs)
                || !workload.rivals().contains(rival)
                || results.has(key)) {
              continue;
            }
            if (isOver(begin)) {
              skipped++;
              continue;
            }
            List<String> command = start.command(rival, workload, procs);
            Run run = child.run(key, command, workload.main().name());
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
    return good;
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
    return e;
  }

  private void tell(Run run, Workload workload) {
    RunKey k = run.key();
    Double value = run.metrics().get(workload.main().name());
    String what =
        switch (run.status()) {
          case OK -> Spread.number(value == null ? 0 : value) + " " + workload.main().unit();
          case NONE -> "has none";
          case WRONG -> "wrong: printed no " + workload.main().name();
          case KILLED -> "killed after its limit";
          case FAILED -> "failed: " + run.error();
        };
    log.printf(
        Locale.ROOT,
        "fork %d, %s, %d P, %s: %s%n",
        k.fork(),
        k.workload(),
        k.procs(),
        k.rival(),
        what.strip());
  }
}
