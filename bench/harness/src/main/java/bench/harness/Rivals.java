package bench.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rivals: what they are called, and how a workload is started in one. */
final class Rivals {
  private static final Map<String, String> TITLES = new LinkedHashMap<>();

  static {
    TITLES.put("raddle", "Raddle");
    TITLES.put("raddle-jdk", "Raddle on the JDK's scheduler");
    TITLES.put("go", "Go");
    TITLES.put("vthreads", "virtual threads");
    TITLES.put("kotlin", "Kotlin");
    TITLES.put("fjp", "ForkJoinPool");
    TITLES.put("jox", "Jox on virtual threads");
    TITLES.put("jox-raddle", "Jox on Raddle's scheduler");
    TITLES.put("ltq", "LinkedTransferQueue");
    TITLES.put("serial", "one thread");
    TITLES.put("helidon", "Helidon");
    TITLES.put("netty", "bare Netty");
    TITLES.put("vertx", "Vert.x");
    TITLES.put("httpserver", "the JDK's HttpServer");
  }

  private final Path root;
  private final Settings settings;
  private final Machine machine;

  /** In a checkout of the repository. */
  Rivals(Path root, Settings settings, Machine machine) {
    this.root = root;
    this.settings = settings;
    this.machine = machine;
  }

  /** All names, ours first. */
  static List<String> names() {
    return List.copyOf(TITLES.keySet());
  }

  /** The name for people. */
  static String title(String name) {
    return TITLES.getOrDefault(name, name);
  }

  /** The names, if there is a rival of each; {@link UsageException} if not. */
  static List<String> check(List<String> names) {
    for (String name : names) {
      if (!TITLES.containsKey(name)) {
        throw new UsageException(
            "expected rivals of " + String.join(" ", names()) + ", found " + name, null);
      }
    }
    return List.copyOf(names);
  }

  /** The command that runs a workload with so many Ps. */
  List<String> command(String rival, Workload workload, int procs) {
    List<String> command = new ArrayList<>();
    if (settings.cpus() != null) {
      command.addAll(List.of("taskset", "-c", settings.cpus()));
    }
    if (Workloads.isServed(workload)) {
      load(command, rival, workload, procs);
      return command;
    }
    String p = Integer.toString(procs);
    switch (rival) {
      case "raddle" -> jvm(command, workload, "dev.raddle.cli.Exec", "bench.Raddle");
      case "raddle-jdk" ->
          jvm(
              command,
              workload,
              "-Draddle.scheduler=jdk",
              "-Djdk.virtualThreadScheduler.parallelism=" + p,
              "dev.raddle.cli.Exec",
              "bench.Raddle");
      case "go" -> command.add(root.resolve("bench/results/tmp/gobench").toString());
      case "vthreads" ->
          jvm(
              command,
              workload,
              "-Djdk.virtualThreadScheduler.parallelism=" + p,
              "bench.VirtualThreads");
      case "kotlin" ->
          jvm(
              command,
              workload,
              "-Dkotlinx.coroutines.scheduler.core.pool.size=" + p,
              "-Dkotlinx.coroutines.scheduler.max.pool.size=64",
              "bench.Coroutines");
      case "jox" ->
          jvm(command, workload, "-Djdk.virtualThreadScheduler.parallelism=" + p, "bench.Jox");
      case "jox-raddle" ->
          jvm(command, workload, "-Dbench.goroutines=true", "dev.raddle.cli.Exec", "bench.Jox");
      case "ltq" ->
          jvm(command, workload, "-Djdk.virtualThreadScheduler.parallelism=" + p, "bench.Queues");
      case "fjp" -> jvm(command, workload, "bench.ForkJoin");
      case "serial" -> jvm(command, workload, "bench.Serial");
      default -> throw new IllegalArgumentException(rival);
    }
    command.add(workload.name());
    command.add(p);
    return command;
  }

  /** {@link Load}, and for it the command of the server. */
  private void load(List<String> command, String rival, Workload workload, int procs) {
    command.addAll(List.of(machine.java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path", "")));
    long seconds = (long) (4 * settings.scale()) + 1;
    command.addAll(List.of("bench.harness.Load", workload.name(), Long.toString(seconds)));
    command.add(Double.toString(settings.scale()));
    String p = Integer.toString(procs);
    String parallelism = "-Djdk.virtualThreadScheduler.parallelism=" + p;
    boolean start = workload.name().equals("start");
    switch (rival) {
      case "raddle" -> {
        if (start) { // as a user would
          String script = root.resolve("raddle").toString();
          String hello = root.resolve("examples/Hello.java").toString();
          command.addAll(List.of("@8080", script, "run", hello));
          return;
        }
        jvm(command, workload, "dev.raddle.cli.Exec", "bench.servers.Raddle");
      }
      case "raddle-jdk" ->
          jvm(
              command,
              workload,
              "-Draddle.scheduler=jdk",
              parallelism,
              "dev.raddle.cli.Exec",
              "bench.servers.Raddle");
      case "go" ->
          command.addAll(List.of(root.resolve("bench/results/tmp/gobench").toString(), "serve"));
      case "helidon" -> jvm(command, workload, parallelism, "bench.servers.Helidon");
      case "netty" -> jvm(command, workload, "bench.servers.Netty");
      case "vertx" -> jvm(command, workload, "bench.servers.Vertx");
      case "httpserver" -> jvm(command, workload, parallelism, "bench.servers.Jdk");
      default -> throw new IllegalArgumentException(rival);
    }
    command.add(p);
  }

  private void jvm(List<String> command, Workload workload, String... rest) {
    command.add(machine.java());
    command.addAll(machine.flags());
    String heap = settings.heap();
    if (heap != null) {
      command.add("-Xmx" + heap);
    } else if (workload.name().equals("parkedmax") && machine.freeMegabytes() > 0) {
      command.add("-Xmx" + (long) (machine.freeMegabytes() * 0.85) + "m");
    }
    command.add("-cp");
    command.add(machine.classPath(Workloads.isServed(workload) ? "servers" : "peers"));
    command.addAll(List.of(rest));
  }
}
