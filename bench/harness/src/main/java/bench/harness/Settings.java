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
 * @param mode {@code report}, {@code quick}, {@code full}, {@code smoke}
 * @param forks passes over everything
 * @param scale of sizes and times; figures of other than 1 mean little
 * @param warmUp seconds that a process warms up, at least
 * @param limitSeconds after which a run ends itself; it is killed 10 s later
 * @param budgetSeconds after which no run is started any more; 0 for none
 * @param gc the JVMs' collector, {@code G1} for {@code -XX:+UseG1GC}
 * @param heap the JVMs' {@code -Xmx}
 * @param cpus the CPUs to pin every run to, as {@code taskset -c} takes them
 * @param append the file to add to; runs that it has are not repeated
 * @param peak requests a second of which {@code paced} drives a part; what Go reaches if null
 * @param agent what {@code -agentpath:} takes in the JVMs of workloads, where %w is the run's name;
 *     null for none
 * @param parts what is run
 */
record Settings(
    String mode,
    int forks,
    double scale,
    double warmUp,
    int limitSeconds,
    int budgetSeconds,
    String millions,
    String gc,
    @Nullable String heap,
    @Nullable String cpus,
    @Nullable Path append,
    @Nullable String peak,
    @Nullable String agent,
    List<String> rivals,
    List<Part> parts) {

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
        case "--report", "--quick", "--full", "--smoke" -> mode = arg.substring(2);
        case "--append" -> append = Path.of(next(i, arg, "a file"));
        case "--cpus" -> cpus = next(i, arg, "CPUs such as 0,1");
        case "--forks" -> forks = next(i, arg, "a number");
        default -> {
          if (arg.startsWith("-")) {
            throw new UsageException(
                "expected --report, --quick, --full, --smoke, --append, --cpus or --forks, found "
                    + arg,
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
    boolean report = mode.equals("report");
    boolean smoke = mode.equals("smoke");
    boolean quick = smoke || mode.equals("quick");
    String scale = environment.getOrDefault("SCALE", smoke ? "0.01" : quick ? "0.1" : "1");
    String limit =
        environment.getOrDefault("LIMIT", smoke ? "60" : quick ? "30" : report ? "120" : "300");
    String rivals = environment.getOrDefault("RIVALS", String.join(" ", Rivals.names()));
    return new Settings(
        mode,
        (int) number("forks", forks.isEmpty() ? usualForks(mode) : forks, 1, 1000),
        number("SCALE", scale, 1e-6, 1000),
        number("WARMUP", environment.getOrDefault("WARMUP", report ? "1" : "2"), 0, 1000),
        (int) number("LIMIT", limit, 1, 86_400),
        (int) number("BUDGET", environment.getOrDefault("BUDGET", budget(mode)), 0, 1e6),
        environment.getOrDefault("MILLIONS", "10"),
        environment.getOrDefault("GC", "G1"),
        environment.get("HEAP"),
        cpus,
        append,
        environment.getOrDefault("PEAK", smoke ? "1000" : null),
        environment.get("AGENT"),
        Rivals.check(List.of(rivals.trim().split("\\s+"))),
        parts(mode, names));
  }

  /** The workloads of the parts. */
  List<Workload> workloads() {
    return parts.stream().map(Part::workload).toList();
  }

  /** Whether the figures mean nothing. */
  boolean isSmoke() {
    return mode.equals("smoke");
  }

  private static List<Part> parts(String mode, List<String> names) {
    if (mode.equals("report")) {
      return Report.named(names);
    }
    List<Workload> workloads = names.isEmpty() ? Workloads.all() : Workloads.named(names);
    return switch (mode) {
      case "full" -> workloads.stream().map(Part::all).toList();
      case "quick" ->
          workloads.stream()
              .filter(w -> !names.isEmpty() || w.quick())
              .map(w -> Part.all(w).ofMostProcs())
              .toList();
      default -> workloads.stream().map(Settings::smoke).toList();
    };
  }

  /** In every rival, but a server, which takes seconds, in ours and one more; and no variants. */
  private static Part smoke(Workload w) {
    List<String> rivals =
        w.rivals().stream()
            .filter(r -> !Rivals.isVariant(r))
            .filter(
                r ->
                    !Workloads.isServed(w)
                        || w.name().equals("hello")
                        || w.name().equals("h2hello")
                        || r.equals("raddle")
                        || r.equals("go"))
            .toList();
    List<Integer> procs = List.of(Math.min(2, w.procs().getLast()));
    return new Part("", w, procs, rivals, List.of(), 0, 0);
  }

  private static String usualForks(String mode) {
    return switch (mode) {
      case "report" -> Integer.toString(Report.FORKS);
      case "full" -> "5";
      default -> "1";
    };
  }

  /** Seconds after which nothing is started any more; 0 for no end. */
  private static String budget(String mode) {
    return switch (mode) {
      case "report" -> "6000";
      case "quick" -> "240";
      default -> "0";
    };
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
