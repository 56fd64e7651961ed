package bench.harness;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the rivals run on: the JDK, its flags, the machine and the versions of everything. */
final class Machine {
  private static final Pattern FLAGS = Pattern.compile("(?m)^flags=\"(--add-opens.*)\"$");

  private static final Pattern TOKIO =
      Pattern.compile("name = \"tokio\"\\s+version = \"([^\"]+)\"");

  private final Path root;
  private final String gc;
  private final List<String> flags = new ArrayList<>();

  /** Of a checkout; reads the flags of {@code ./raddle run}, so that only the rival differs. */
  Machine(Path root, String gc) throws IOException {
    this.root = root;
    this.gc = gc;
    Matcher m = FLAGS.matcher(Files.readString(root.resolve("raddle")));
    if (!m.find()) {
      throw new UsageException("found no flags in " + root.resolve("raddle"), null);
    }
    flags.addAll(List.of(m.group(1).split(" ")));
  }

  /** The command of the JVM that runs this. */
  String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** What every JVM with a collector gets. */
  List<String> flags(String collector) {
    List<String> all = new ArrayList<>(flags);
    all.add("-XX:+Use" + collector + "GC");
    if (collector.equals("Shenandoah")) {
      all.add("-XX:ShenandoahGCMode=generational");
    }
    return all;
  }

  /** Raddle and everything of a module, {@code peers} or {@code servers}. */
  String classPath(String module) {
    Path target = root.resolve("bench").resolve(module).resolve("target");
    return String.join(
        File.pathSeparator,
        root.resolve("cli/target/raddle.jar").toString(),
        target.resolve("classes").toString(),
        target.resolve("lib") + "/*");
  }

  /** Memory that is free, 0 if the system does not tell. */
  long freeMegabytes() {
    String line = line(Path.of("/proc/meminfo"), "MemAvailable");
    return line.isEmpty() ? 0 : Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }

  /** Whether the JVM has the collector. */
  boolean hasCollector() throws InterruptedException {
    return !output(java(), "-XX:+Use" + gc + "GC", "-version").contains("Unrecognized");
  }

  /** Whether a command is on PATH. */
  static boolean has(String command) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, command)));
  }

  /** Name to value, for the report. */
  Map<String, String> describe(Settings settings) throws IOException, InterruptedException {
    Map<String, String> d = new LinkedHashMap<>();
    d.put("date", Instant.now().toString());
    d.put("commit", output("git", "-C", root.toString(), "describe", "--always", "--dirty"));
    String cpu = line(Path.of("/proc/cpuinfo"), "model name");
    d.put("processor", cpu.isEmpty() ? System.getProperty("os.arch") : cpu);
    d.put("CPUs", Integer.toString(Runtime.getRuntime().availableProcessors()));
    d.put("memory", line(Path.of("/proc/meminfo"), "MemTotal"));
    d.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    d.put("JDK", Runtime.version() + ", " + System.getProperty("java.vendor"));
    String agent = settings.agent() == null ? "" : " -agentpath:" + settings.agent();
    d.put("flags", String.join(" ", flags(gc)) + agent);
    d.put("Go", has("go") ? output("go", "version") : "none on PATH");
    d.put("Rust", has("rustc") ? output("rustc", "--version") : "none on PATH");
    d.put("tokio", tokio());
    d.put("wrk", has("wrk") ? firstLine(output("wrk", "-v")) : "none on PATH");
    d.put("h2load", has("h2load") ? firstLine(output("h2load", "--version")) : "none on PATH");
    d.put("load average before", loadAverage());
    d.put("libraries", libraries("peers"));
    if (settings.workloads().stream().anyMatch(Workloads::isServed)) {
      d.put("servers", libraries("servers"));
    }
    d.put(
        "run",
        settings.mode()
            + ", warm-up "
            + settings.warmUp()
            + " s, limit "
            + settings.limitSeconds()
            + " s, parkedmax "
            + settings.millions()
            + " million");
    d.put("scale", Double.toString(settings.scale()));
    d.put("pinned to", settings.cpus() == null ? "nothing" : settings.cpus());
    return d;
  }

  /** Of the last minute, as the system tells it; empty if it does not. */
  static String loadAverage() {
    try {
      String text = Files.readString(Path.of("/proc/loadavg"));
      return text.substring(0, text.indexOf(' '));
    } catch (IOException e) {
      return ""; // not Linux
    }
  }

  /** The version that was built; cargo notes it. */
  private String tokio() throws IOException {
    Path lock = root.resolve("bench/results/tmp/tokio.lock");
    if (!Files.exists(lock)) {
      return "not built";
    }
    Matcher m = TOKIO.matcher(Files.readString(lock));
    return m.find() ? m.group(1) : "unknown";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private String libraries(String module) throws IOException {
    Path folder = root.resolve("bench").resolve(module).resolve("target/lib");
    if (!Files.exists(folder)) {
      return "not built";
    }
    try (Stream<Path> lib = Files.list(folder)) {
      return String.join(" ", lib.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  private static String line(Path file, String name) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(l -> l.startsWith(name))
          .findFirst()
          .map(l -> l.substring(l.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException e) {
      return ""; // not Linux
    }
  }

  private static String output(String... command) throws InterruptedException {
    try {
      Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      p.waitFor();
      return out;
    } catch (IOException e) {
      return "unknown";
    }
  }
}
