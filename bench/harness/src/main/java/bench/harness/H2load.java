package bench.harness;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pass of {@code h2load} came to. It tells no percentiles.
 *
 * @param requests how many were answered, all of them rightly
 * @param perSecond the same a second
 * @param meanMicros the mean of their times
 */
record H2load(double requests, double perSecond, double meanMicros) {
  private static final Pattern FINISHED = Pattern.compile("finished in [^,]*, ([0-9.]+) req/s");
  private static final Pattern REQUESTS =
      Pattern.compile(
          "requests: \\d+ total, \\d+ started, (\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+)"
              + " errored, (\\d+) timeout");
  private static final Pattern STATUS = Pattern.compile("status codes: (\\d+) 2xx");
  private static final Pattern DATA = Pattern.compile("\\(([0-9]+)\\) data");
  private static final Pattern TIME =
      Pattern.compile("time for request: +\\S+ +\\S+ +([0-9.]+)(us|ms|s) ");

  /** Loads for so many seconds from one thread, as wrk does. */
  static List<String> command(Scenario scenario, int seconds, String url) {
    return List.of(
        "h2load",
        "-t1",
        "-c" + scenario.connections(),
        "-m" + scenario.atOnce(),
        "-D" + seconds,
        url);
  }

  /**
   * Reads what it printed.
   *
   * @param bytes of the body of a right answer
   * @throws IOException if it is not there, or an answer was wrong: another status, or fewer bytes
   */
  static H2load parse(String out, int bytes) throws IOException {
    Matcher n = find(REQUESTS, out);
    long done = Long.parseLong(n.group(1));
    boolean allSucceeded = n.group(1).equals(n.group(2));
    for (int i = 3; i <= n.groupCount(); i++) {
      allSucceeded &= n.group(i).equals("0");
    }
    long good = Long.parseLong(find(STATUS, out).group(1));
    long data = Long.parseLong(find(DATA, out).group(1));
    // What is under way at the end counts as data and not as done.
    if (done == 0 || !allSucceeded || good < done || data < done * bytes) {
      throw new IOException(
          "expected answers without errors, of " + bytes + " bytes, found " + out);
    }
    Matcher time = find(TIME, out);
    double unit =
        switch (time.group(2)) {
          case "us" -> 1;
          case "ms" -> 1e3;
          default -> 1e6;
        };
    double mean = Double.parseDouble(time.group(1)) * unit;
    return new H2load(done, Double.parseDouble(find(FINISHED, out).group(1)), mean);
  }

  private static Matcher find(Pattern pattern, String out) throws IOException {
    Matcher m = pattern.matcher(out);
    if (!m.find()) {
      throw new IOException("expected of h2load " + pattern + ", found " + out);
    }
    return m;
  }

  /** To print; may be added to. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("per_s", perSecond);
    metrics.put("mean_us", meanMicros);
    return metrics;
  }
}
