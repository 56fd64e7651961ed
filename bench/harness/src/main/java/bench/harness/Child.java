package bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs one process to its end, or to its limit.
 *
 * <p>Where there is {@code setsid}, it is the leader of a process group, which is killed at the
 * end: also a child whose parent has died. CPU time and peak memory, of the process and its
 * children, are sampled every 50 ms, so that what was used in the last moments may be missing; new
 * children are looked for once a second, as that reads all of {@code /proc}.
 */
final class Child {
  private static final long SAMPLE_MILLIS = 50;
  private static final int SAMPLES_A_LOOK = 20;
  private static final int OWN_LIMIT = 124;
  private static final Pattern NO_ROOM =
      Pattern.compile("OutOfMemoryError|out of memory|cannot allocate memory|does not fit");
  private static final boolean GROUPS = Machine.has("setsid") && Machine.has("kill");
  private static final int ERROR_CHARS = 4000;
  private static final int END_BYTES = 1 << 20;
  private static final Pattern METRIC =
      Pattern.compile("([A-Za-z0-9_/]+) (-?[0-9.]+(?:E-?[0-9]+)?)");

  private final Duration limit;
  private final Map<String, String> environment;

  /** Runs processes with variables added to the environment, each for no longer than a limit. */
  Child(Duration limit, Map<String, String> environment) {
    this.limit = limit;
    this.environment = environment;
  }

  /**
   * Starts a command, waits for its end and reads the metrics that it printed. Whatever becomes of
   * it, the process and its children are gone after that, also if this thread is interrupted.
   *
   * @param required the metrics of which one must be there, else the result is wrong
   * @param more environment of this process alone
   */
  Run run(RunKey key, List<String> command, List<String> required, Map<String, String> more)
      throws InterruptedException {
    Path out;
    Path err;
    try {
      out = Files.createTempFile("bench", ".out");
      err = Files.createTempFile("bench", ".err");
    } catch (IOException e) {
      return new Run(key, Status.FAILED, Map.of(), 0, 0, 0, e.toString());
    }
    try {
      return run(key, command, required, more, out, err);
    } catch (IOException e) {
      return new Run(key, Status.FAILED, Map.of(), 0, 0, 0, e.toString());
    } finally {
      delete(out);
      delete(err);
    }
  }

  private Run run(
      RunKey key,
      List<String> command,
      List<String> required,
      Map<String, String> more,
      Path out,
      Path err)
      throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(GROUPS ? List.of("setsid") : List.of());
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole);
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    Thread killer = new Thread(() -> kill(process));
    Runtime.getRuntime().addShutdownHook(killer);
    List<ProcessHandle> known = List.of(process.toHandle());
    Map<Long, Double> cpu = new HashMap<>();
    long peak = 0;
    boolean ended = false;
    try {
      for (int i = 1; !ended && System.nanoTime() - start < limit.toNanos(); i++) {
        ended = process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
        if (i % SAMPLES_A_LOOK == 1) {
          known = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        }
        known.forEach(p -> cpu.merge(p.pid(), cpuSeconds(p), Math::max));
        peak = Math.max(peak, known.stream().mapToLong(p -> peakBytes(p.pid())).sum());
      }
    } finally {
      kill(process);
      forget(killer);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> metrics = parse(ends(out));
    String errors = ends(err);
    Status status;
    if (!ended) {
      status = Status.KILLED;
    } else if (process.exitValue() != 0) {
      status = failure(process.exitValue(), errors + ends(out));
    } else if (metrics.containsKey("none")) {
      status = Status.NONE;
    } else {
      status = required.stream().anyMatch(metrics::containsKey) ? Status.OK : Status.WRONG;
    }
    boolean good = status == Status.OK || status == Status.NONE;
    String why = ended && process.exitValue() != 0 ? "status " + process.exitValue() + "\n" : "";
    double cpuSeconds = cpu.values().stream().mapToDouble(d -> d).sum();
    return new Run(
        key, status, metrics, seconds, cpuSeconds, peak, good ? null : why + end(errors));
  }

  /** What an exit status other than 0 means. */
  private static Status failure(int exit, String errors) {
    if (exit == OWN_LIMIT) {
      return Status.KILLED;
    }
    if (errors.contains("wrong result")) {
      return Status.WRONG;
    }
    return NO_ROOM.matcher(errors).find() ? Status.NO_ROOM : Status.FAILED;
  }

  /** The lines of a name and a number. */
  static Map<String, Double> parse(String out) {
    Map<String, Double> metrics = new TreeMap<>();
    for (String line : out.lines().toList()) {
      Matcher m = METRIC.matcher(line);
      if (m.matches()) {
        metrics.put(m.group(1), Double.parseDouble(m.group(2)));
      }
    }
    return metrics;
  }

  /**
   * A file without its middle, if it is long: Go can die with a trace of ten million goroutines.
   */
  private static String ends(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      byte[] first = new byte[(int) Math.min(length, END_BYTES)];
      in.readFully(first);
      byte[] last = new byte[(int) Math.min(length - first.length, END_BYTES)];
      in.seek(length - last.length);
      in.readFully(last);
      String cut = length > first.length + last.length ? "\n...\n" : "";
      return new String(first, UTF_8) + cut + new String(last, UTF_8);
    }
  }

  private static String end(String err) {
    return err.substring(Math.max(0, err.length() - ERROR_CHARS));
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (GROUPS) { // also those whose parent has died
      try {
        Process kill =
            new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        kill.onExit().join();
      } catch (IOException e) {
        System.err.println("bench: " + e.getMessage());
      }
    }
  }

  private static void forget(Thread killer) {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // The shutdown has begun, and kills what this would have forgotten.
    }
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
  }

  private static long peakBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // It has ended, or this is not Linux.
    }
    return 0;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
