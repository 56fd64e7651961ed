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

/** {@code bench/run}: measures, or tells of what was measured. */
public final class Main {
  private static final String USAGE =
      """
      bench/run [--quick|--full|--smoke] [--forks N] [--cpus LIST] [--append FILE] [NAME...]
      bench/run report FILE.json...        the table of one or several runs
      bench/run docs FILE.json...          writes docs/performance.md from runs and bench/notes.md
      bench/run compare A.json B.json      what moved beyond the spread
      bench/run list                       the workloads
      """;

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
      case "list" ->
          Workloads.all().forEach(w -> System.out.printf("%-10s %s%n", w.name(), w.title()));
      case "report" -> System.out.print(new Table(merged(rest), hasColour()).text());
      case "docs" -> docs(rest);
      case "compare" -> {
        if (rest.size() != 2) {
          throw new UsageException("expected two files after compare, found " + rest.size(), null);
        }
        Compare.lines(read(rest.get(0)), read(rest.get(1))).forEach(System.out::println);
      }
      case "check" -> // of what follows, before the rivals are built
          Settings.of(rest, System.getenv());
      default -> {
        return measure(Settings.of(args, System.getenv()));
      }
    }
    return 0;
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
    String folder = settings.mode().equals("full") ? "bench/results" : "bench/results/tmp";
    Path file =
        append != null ? append : root.resolve(folder).resolve(now + "-" + settings.gc() + ".json");
    Results results =
        append != null && Files.exists(append)
            ? Results.read(append)
            : Results.of(machine.describe(settings));
    System.err.println("results: " + file);
    if (settings.scale() != 1) {
      System.err.println("the scale is not 1: good to see that it runs, not as a figure");
    }
    Rivals rivals = new Rivals(root, settings, machine);
    boolean good =
        new Runner(settings, rivals::command, Machine::has, System.err).run(results, file);
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
    several.subList(1, several.size()).forEach(r -> all.runs().addAll(r.runs()));
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
