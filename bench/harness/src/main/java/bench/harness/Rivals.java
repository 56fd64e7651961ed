package bench.harness;

import java.nio.file.Files;
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
    TITLES.put("raddle-parallel", "Raddle, Parallel GC");
    TITLES.put("raddle-z", "Raddle, ZGC");
    TITLES.put("raddle-shenandoah", "Raddle, Shenandoah");
    TITLES.put("raddle-jdk", "Raddle on the JDK's scheduler");
    TITLES.put("go", "Go");
    TITLES.put("vthreads", "virtual threads");
    TITLES.put("vthreads-parallel", "virtual threads, Parallel GC");
    TITLES.put("vthreads-z", "virtual threads, ZGC");
    TITLES.put("kotlin", "Kotlin");
    TITLES.put("fjp", "ForkJoinPool");
    TITLES.put("jox", "Jox on virtual threads");
    TITLES.put("jox-raddle", "Jox on Raddle's scheduler");
    TITLES.put("ltq", "LinkedTransferQueue");
    TITLES.put("tokio", "tokio");
    TITLES.put("serial", "one thread");
    TITLES.put("helidon", "Helidon");
    TITLES.put("netty", "bare Netty");
    TITLES.put("vertx", "Vert.x");
    TITLES.put("httpserver", "the JDK's HttpServer");
  }

  /** Collectors that a rival's name may end in; without one it has that of the settings. */
  private static final Map<String, String> COLLECTORS =
      Map.of("-parallel", "Parallel", "-z", "Z", "-shenandoah", "Shenandoah");

  /** Whom our ratio to the best on the JVM is to. */
  private static final List<String> PEERS =
      List.of("vthreads", "kotlin", "fjp", "jox", "ltq", "helidon", "netty", "vertx", "httpserver");

  private static final String PAUSE_HEAP_MEGABYTES = "6144";

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

  /** Whether it competes with us on the JVM. */
  static boolean isPeer(String name) {
    return PEERS.contains(name);
  }

  /** Whether it is another rival in another mode or with another collector. */
  static boolean isVariant(String name) {
    return name.equals("raddle-jdk") || !base(name).equals(name);
  }

  /** The name without that of a collector. */
  private static String base(String name) {
    for (String ending : COLLECTORS.keySet()) {
      if (name.endsWith(ending)) {
        return name.substring(0, name.length() - ending.length());
      }
    }
    return name;
  }

  private String collector(String rival) {
    return COLLECTORS.getOrDefault(rival.substring(base(rival).length()), settings.gc());
  }

  /** Whether what a rival or a workload needs is there: a program that was built, or on PATH. */
  boolean isThere(String name) {
    return switch (name) {
      case "go" -> Files.isExecutable(built("gobench"));
      case "tokio" -> Files.isExecutable(built("tokiobench"));
      default -> Machine.has(name);
    };
  }

  private Path built(String program) {
    return root.resolve("bench/results/tmp").resolve(program);
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
    String gc = collector(rival);
    switch (base(rival)) {
      case "raddle" -> jvm(command, workload, procs, gc, "dev.raddle.cli.Exec", "bench.Raddle");
      case "raddle-jdk" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Draddle.scheduler=jdk",
              "-Djdk.virtualThreadScheduler.parallelism=" + p,
              "dev.raddle.cli.Exec",
              "bench.Raddle");
      case "go" -> go(command, workload);
      case "tokio" -> command.add(built("tokiobench").toString());
      case "vthreads" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Djdk.virtualThreadScheduler.parallelism=" + p,
              "bench.VirtualThreads");
      case "kotlin" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Dkotlinx.coroutines.scheduler.core.pool.size=" + p,
              "-Dkotlinx.coroutines.scheduler.max.pool.size=64",
              "bench.Coroutines");
      case "jox" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Djdk.virtualThreadScheduler.parallelism=" + p,
              "bench.Jox");
      case "jox-raddle" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Dbench.goroutines=true",
              "dev.raddle.cli.Exec",
              "bench.Jox");
      case "ltq" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Djdk.virtualThreadScheduler.parallelism=" + p,
              "bench.Queues");
      case "fjp" -> jvm(command, workload, procs, gc, "bench.ForkJoin");
      case "serial" -> jvm(command, workload, procs, gc, "bench.Serial");
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
    boolean report = settings.mode().equals("report");
    long seconds = (long) ((report ? 2 : 4) * settings.scale()) + 1;
    int passes = settings.isSmoke() ? 1 : report ? 2 : 3;
    command.addAll(List.of("bench.harness.Load", workload.name(), Long.toString(seconds)));
    command.addAll(List.of(Integer.toString(passes), Double.toString(settings.scale())));
    String gc = settings.gc();
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
        jvm(command, workload, procs, gc, "dev.raddle.cli.Exec", "bench.servers.Raddle");
      }
      case "raddle-jdk" ->
          jvm(
              command,
              workload,
              procs,
              gc,
              "-Draddle.scheduler=jdk",
              parallelism,
              "dev.raddle.cli.Exec",
              "bench.servers.Raddle");
      case "go" -> command.addAll(List.of(built("gobench").toString(), "serve"));
      case "helidon" -> jvm(command, workload, procs, gc, parallelism, "bench.servers.Helidon");
      case "netty" -> jvm(command, workload, procs, gc, "bench.servers.Netty");
      case "vertx" -> jvm(command, workload, procs, gc, "bench.servers.Vertx");
      case "httpserver" -> jvm(command, workload, procs, gc, parallelism, "bench.servers.Jdk");
      default -> throw new IllegalArgumentException(rival);
    }
    command.add(p);
    if (Scenario.is(workload.name()) && Scenario.named(workload.name()).http2()) {
      command.add("h2c");
    }
  }

  /**
   * Go's limits are those of the JVMs: what is free for {@code parkedmax}, which counts how many
   * fit and is stopped by the system if it is wrong, and the same budget for {@code gcpause}.
   */
  private void go(List<String> command, Workload workload) {
    String room = room();
    if (workload.name().equals("parkedmax") && !room.isEmpty()) {
      String limited = "ulimit -v " + Long.parseLong(room) * 1024 + " && exec \"$@\"";
      command.addAll(
          List.of("env", "ROOM_MB=" + room, "GOTRACEBACK=none", "sh", "-c", limited, "sh"));
    } else if (workload.name().equals("gcpause")) {
      command.addAll(List.of("env", "GOMEMLIMIT=" + PAUSE_HEAP_MEGABYTES + "MiB"));
    }
    command.add(built("gobench").toString());
  }

  /** 85 % of the memory that is free, in megabytes; empty if the system does not tell. */
  private String room() {
    long free = machine.freeMegabytes();
    return free > 0 ? Long.toString((long) (free * 0.85)) : "";
  }

  private void jvm(List<String> command, Workload workload, int procs, String gc, String... rest) {
    command.add(machine.java());
    command.addAll(machine.flags(gc));
    String agent = settings.agent();
    if (agent != null) {
      command.add("-agentpath:" + agent.replace("%w", workload.name() + "-" + procs));
    }
    String heap = settings.heap();
    if (heap != null) {
      command.add("-Xmx" + heap);
    } else if (workload.name().equals("parkedmax") && !room().isEmpty()) {
      command.addAll(List.of("-Xmx" + room() + "m", "-XX:+ExitOnOutOfMemoryError"));
    } else if (workload.name().equals("gcpause")) {
      command.add("-Xmx" + PAUSE_HEAP_MEGABYTES + "m");
    }
    if (settings.isSmoke()) {
      command.add("-XX:TieredStopAtLevel=1"); // starts sooner, and times mean nothing
    }
    command.add("-cp");
    command.add(machine.classPath(Workloads.isServed(workload) ? "servers" : "peers"));
    command.addAll(List.of(rest));
  }
}
