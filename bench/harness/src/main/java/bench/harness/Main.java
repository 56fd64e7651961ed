package bench.harness;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@code bench/run}: measures, or tells of what was measured. */
public final class Main {
  private static final String USAGE =
      """
      bench/run [--report|--quick|--full|--smoke] [--forks N] [--cpus LIST] [--append FILE] [NAME...]
      bench/run jmh [--quick|--smoke] [OPTION...] [REGEX...]
                                           what is inside one JVM, by JMH and its options; -l lists
      bench/run profile NAME...            where the time goes: a run of ours with async-profiler
      bench/run report FILE.json...        the table of one or several runs
      bench/run docs FILE.json...          writes docs/performance.md from runs and bench/notes.md
      bench/run compare [--fail] A.json B.json
                                           what moved beyond the spread and 5 %; with --fail it ends
                                           with 1 if something is worse
      bench/run list                       the workloads, and the groups that --report takes
      """;

  private static final double QUIET = 0.7;

  private Main() {}

  /**
   * Ends with 0, with 1 if a run ended badly, with 2 if the arguments make no sense.
   *
   * @param args as the usage says
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int status;
    try {
      status = run(Arrays.asList(args));
    } catch (UsageException e) {
      System.err.println("bench: " + e.getMessage());
      status = 2;
    }
    System.exit(status);
  }

  private static int run(List<String> args) throws IOException, InterruptedException {
    List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
    switch (args.isEmpty() ? "" : args.getFirst()) {
      case "help", "--help", "-h" -> System.out.print(USAGE);
      case "list" -> list();
      case "report" -> System.out.print(new Table(merged(rest), hasColour()).text());
      case "docs" -> docs(rest);
      case "compare" -> {
        List<String> files = rest.stream().filter(a -> !a.equals("--fail")).toList();
        if (files.size() != 2) {
          throw new UsageException("expected two files after compare, found " + files.size(), null);
        }
        Compare c = new Compare(read(files.get(0)), read(files.get(1)));
        c.lines().forEach(System.out::println);
        return c.isWorse() && rest.contains("--fail") ? 1 : 0;
      }
      case "check" -> // of what follows, before the rivals are built
          Settings.of(rest, System.getenv());
      default -> {
        return measure(Settings.of(args, System.getenv()));
      }
    }
    return 0;
  }

  private static void list() {
    Workloads.all().forEach(w -> System.out.printf("%-10s %s%n", w.name(), w.title()));
    System.out.println("\ngroups of --report, and the minutes that they take, roughly:");
    for (String group : Report.groups()) {
      List<Part> parts = Report.group(group);
      String names = String.join(" ", parts.stream().map(p -> p.workload().name()).toList());
      System.out.printf(
          Locale.ROOT, "%-10s %4.1f  %s%n", group, Report.minutes(parts, Report.FORKS), names);
    }
    double all = Report.minutes(Report.named(List.of()), Report.FORKS);
    System.out.printf(Locale.ROOT, "%-10s %4.1f%n", "all", all);
  }

  private static int measure(Settings settings) throws IOException, InterruptedException {
    Path root = root();
    Machine machine = new Machine(root, settings.gc());
    if (!machine.hasCollector()) {
      throw new UsageException("found no such collector: " + settings.gc(), null);
    }
    if (settings.cpus() != null && !Machine.has("taskset")) {
      throw new UsageException("expected taskset on PATH to pin to CPUs, found none", null);
    }
    Path append = settings.append();
    String now =
        ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    boolean kept = List.of("full", "report").contains(settings.mode());
    String folder = kept ? "bench/results" : "bench/results/tmp";
    Path file =
        append != null ? append : root.resolve(folder).resolve(now + "-" + settings.gc() + ".json");
    Results results = Results.of(machine.describe(settings));
    if (append != null && Files.exists(append)) {
      Results before = Results.read(append);
      before.checkSame(results);
      results = before;
    }
    System.err.println("results: " + file);
    String load = Machine.loadAverage();
    if (!settings.isSmoke() && !load.isEmpty() && Double.parseDouble(load) > QUIET) {
      System.err.println("the load average is " + load + ": something else runs, which will show");
    }
    if (settings.scale() != 1) {
      System.err.println("the scale is not 1: good to see that it runs, not as a figure");
    }
    Rivals rivals = new Rivals(root, settings, machine);
    boolean good =
        new Runner(settings, rivals::command, rivals::isThere, System.err).run(results, file);
    System.out.print(new Table(results, hasColour()).text());
    return good ? 0 : 1;
  }

  @SuppressWarnings("SystemConsoleNull") // null again from JDK 25 on, when there is no terminal
  private static boolean hasColour() {
    Console console = System.console();
    return System.getenv("NO_COLOR") == null && console != null && console.isTerminal();
  }

  private static Results read(String file) throws IOException {
    return Results.read(Path.of(file));
  }

  private static void docs(List<String> files) throws IOException {
    Path root = root();
    new Page(several(files), Page.notes(root.resolve("bench/notes.md")))
        .write(root.resolve("docs"));
  }

  private static Results merged(List<String> files) throws IOException {
    List<Results> several = several(files);
    Results all = several.getFirst();
    several.subList(1, several.size()).forEach(all::merge);
    return all;
  }

  private static List<Results> several(List<String> files) throws IOException {
    if (files.isEmpty()) {
      throw new UsageException("expected a file of results, found none", null);
    }
    List<Results> several = new ArrayList<>();
    for (String file : files) {
      several.add(read(file));
    }
    return several;
  }

  private static Path root() {
    return Path.of(System.getProperty("bench.root", ".")).toAbsolutePath().normalize();
  }
}
