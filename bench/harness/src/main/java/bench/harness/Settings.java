package bench.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param mode {@code quick}, {@code full}, {@code smoke}
 * @param forks passes over everything
 * @param scale of sizes and times; figures of other than 1 mean little
 * @param limitSeconds after which a run ends itself; it is killed 10 s later
 * @param budgetSeconds after which no run is started any more; 0 for none
 * @param gc the JVMs' collector, {@code G1} for {@code -XX:+UseG1GC}
 * @param heap the JVMs' {@code -Xmx}
 * @param cpus the CPUs to pin every run to, as {@code taskset -c} takes them
 * @param append the file to add to; runs that it has are not repeated
 */
record Settings(
    String mode,
    int forks,
    double scale,
    int limitSeconds,
    int budgetSeconds,
    String millions,
    String gc,
    @Nullable String heap,
    @Nullable String cpus,
    @Nullable Path append,
    List<String> rivals,
    List<Workload> workloads) {

  /**
   * Reads arguments, and where they are silent the environment.
   *
   * @throws UsageException if they make no sense
   */
  static Settings of(List<String> args, Map<String, String> environment) {
    String mode = "full";
    String forks = environment.getOrDefault("FORKS", "");
    @Nullable String cpus = environment.get("CPUS");
    @Nullable Path append = null;
    List<String> names = new ArrayList<>();
    for (Iterator<String> i = args.iterator(); i.hasNext(); ) {
      String arg = i.next();
      switch (arg) {
        case "--quick", "--full", "--smoke" -> mode = arg.substring(2);
        case "--append" -> append = Path.of(next(i, arg, "a file"));
        case "--cpus" -> cpus = next(i, arg, "CPUs such as 0,1");
        case "--forks" -> forks = next(i, arg, "a number");
        default -> {
          if (arg.startsWith("-")) {
            throw new UsageException(
                "expected --quick, --full, --smoke, --append, --cpus or --forks, found " + arg,
                null);
          }
          if (names.isEmpty() && arg.matches("[1-9][0-9]*")) {
            forks = arg;
          } else {
            names.add(arg);
          }
        }
      }
    }
    boolean quick = !mode.equals("full");
    boolean smoke = mode.equals("smoke");
    List<Workload> workloads =
        !names.isEmpty()
            ? Workloads.named(names)
            : Workloads.all().stream().filter(w -> !quick || w.quick()).toList();
    String scale = environment.getOrDefault("SCALE", smoke ? "0.01" : quick ? "0.1" : "1");
    String limit = environment.getOrDefault("LIMIT", smoke ? "20" : quick ? "30" : "300");
    String rivals = environment.getOrDefault("RIVALS", String.join(" ", Rivals.names()));
    return new Settings(
        mode,
        (int) number("forks", forks.isEmpty() ? (quick ? "1" : "5") : forks, 1, 1000),
        number("SCALE", scale, 1e-6, 1000),
        (int) number("LIMIT", limit, 1, 86_400),
        smoke ? 55 : quick ? 240 : 0,
        environment.getOrDefault("MILLIONS", "10"),
        environment.getOrDefault("GC", "G1"),
        environment.get("HEAP"),
        cpus,
        append,
        Rivals.check(List.of(rivals.trim().split("\\s+"))),
        workloads);
  }

  /** Whether a workload runs with so many Ps: the short modes take the most alone. */
  boolean takes(Workload workload, int procs) {
    return mode.equals("full") || procs == workload.procs().getLast();
  }

  private static String next(Iterator<String> args, String option, String expected) {
    if (!args.hasNext()) {
      throw new UsageException(
          "expected " + expected + " after " + option + ", found nothing", null);
    }
    return args.next();
  }

  private static double number(String what, String text, double least, double most) {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same message as for one out of range.
    }
    throw new UsageException(
        String.format(Locale.ROOT, "expected %s of %s to %s, found %s", what, least, most, text),
        null);
  }
}
