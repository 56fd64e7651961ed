package bench.harness;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs one process to its end, or to its limit.
 *
 * <p>CPU time and peak memory are sampled every 50 ms while it lives, so that what it used in its
 * last moments may be missing.
 */
final class Child {
  private static final long SAMPLE_MILLIS = 50;
  private static final int ERROR_CHARS = 4000;
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
   * @param required the metric without which the result is wrong
   */
  Run run(RunKey key, List<String> command, String required) throws InterruptedException {
    Path out;
    Path err;
    try {
      out = Files.createTempFile("bench", ".out");
      err = Files.createTempFile("bench", ".err");
    } catch (IOException e) {
      return new Run(key, Status.FAILED, Map.of(), 0, 0, 0, e.toString());
    }
    try {
      return run(key, command, required, out, err);
    } catch (IOException e) {
      return new Run(key, Status.FAILED, Map.of(), 0, 0, 0, e.toString());
    } finally {
      delete(out);
      delete(err);
    }
  }

  private Run run(RunKey key, List<String> command, String required, Path out, Path err)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    Thread killer = new Thread(() -> kill(process));
    Runtime.getRuntime().addShutdownHook(killer);
    double cpu = 0;
    long peak = 0;
    boolean ended = false;
    try {
      while (!ended && System.nanoTime() - start < limit.toNanos()) {
        ended = process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
        cpu = Math.max(cpu, cpuSeconds(process));
        peak = Math.max(peak, peakBytes(process.pid()));
      }
    } finally {
      kill(process);
      forget(killer);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> metrics = parse(Files.readString(out));
    Status status;
    if (!ended) {
      status = Status.KILLED;
    } else if (process.exitValue() != 0) {
      status = Status.FAILED;
    } else if (metrics.containsKey("none")) {
      status = Status.NONE;
    } else {
      status = metrics.containsKey(required) ? Status.OK : Status.WRONG;
    }
    boolean good = status == Status.OK || status == Status.NONE;
    String why = status == Status.FAILED ? "status " + process.exitValue() + "\n" : "";
    return new Run(
        key, status, metrics, seconds, cpu, peak, good ? null : why + end(Files.readString(err)));
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

  private static String end(String err) {
    return err.substring(Math.max(0, err.length() - ERROR_CHARS));
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void forget(Thread killer) {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // The shutdown has begun, and kills what this would have forgotten.
    }
  }

  private static double cpuSeconds(Process process) {
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
