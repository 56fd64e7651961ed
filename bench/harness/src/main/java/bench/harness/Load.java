package bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Starts a server, loads it, prints what came out: {@code WORKLOAD SECONDS PASSES SCALE
 * COMMAND...}, to which it adds a free port. {@code start} takes {@code @8080} before the command
 * for one that serves there.
 */
public final class Load {
  private static final int STARTS = 5;
  private static final int PACED_CONNECTIONS = 64;
  private static final int GREETING = "Hello, John!".length();

  private Load() {}

  /**
   * Ends with 0 if every answer was right.
   *
   * @param args as above
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    String workload = args[0];
    int seconds = Integer.parseInt(args[1]);
    int passes = Integer.parseInt(args[2]);
    double scale = Double.parseDouble(args[3]);
    List<String> command = Arrays.asList(args).subList(4, args.length);
    int port = 0;
    if (command.getFirst().startsWith("@")) {
      port = Integer.parseInt(command.getFirst().substring(1));
      command = command.subList(1, command.size());
    }
    try {
      switch (workload) {
        case "start" -> starts(command, port, passes > 1 ? STARTS : 1);
        case "idle" -> idle(command, (int) Math.max(10, 10_000 * scale));
        case "peak" -> peak(command, seconds);
        case "paced" -> paced(command, seconds);
        default -> load(Scenario.named(workload), command, seconds, passes);
      }
    } catch (IOException | IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  // ---- wrk and h2load ----

  private static void load(Scenario scenario, List<String> command, int seconds, int passes)
      throws IOException, InterruptedException {
    Path script = Files.createTempFile("bench", ".lua");
    try (Server server = Server.start(command, 0)) {
      Files.writeString(script, scenario.script());
      Map<String, Double> last = Map.of();
      for (int i = 0; i < passes; i++) {
        double cpu = server.cpuSeconds();
        String url = "http://127.0.0.1:" + server.port() + scenario.path();
        double requests;
        if (scenario.http2()) {
          H2load pass = H2load.parse(output(H2load.command(scenario, seconds, url)), GREETING);
          requests = pass.requests();
          last = pass.metrics();
        } else {
          double[] n = numbers(output(wrk(scenario, script, seconds, url)));
          requests = n[0];
          last = metrics(n);
        }
        last.put("cpu_us", (server.cpuSeconds() - cpu) * 1e6 / requests);
      }
      last.put("rss_mb", server.residentBytes() / 1e6);
      print(last);
    } finally {
      Files.delete(script);
    }
  }

  private static List<String> wrk(Scenario scenario, Path script, int seconds, String url) {
    List<String> command = new ArrayList<>(List.of("wrk", "-t1"));
    command.add("-c" + scenario.connections());
    command.add("-d" + seconds + "s");
    command.addAll(List.of("-s", script.toString()));
    command.add(url);
    return command;
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (p.waitFor() != 0) {
      throw new IOException(command.getFirst() + " ended with " + p.exitValue() + ": " + out);
    }
    return out;
  }

  /**
   * What the script printed: requests, microseconds, three percentiles, errors.
   *
   * @throws IOException if it is not there, or if there were errors
   */
  static double[] numbers(String out) throws IOException {
    String line =
        out.lines()
            .filter(l -> l.startsWith("wrk "))
            .findFirst()
            .orElseThrow(() -> new IOException("expected a line of wrk's, found " + out));
    double[] n =
        Pattern.compile(" ")
            .splitAsStream(line.substring(4))
            .mapToDouble(Double::parseDouble)
            .toArray();
    if (n.length != 6 || n[0] == 0 || n[1] == 0) {
      throw new IOException("expected requests and 5 more numbers from wrk, found " + out);
    }
    if (n[5] > 0) {
      throw new IOException("expected no errors, found " + (long) n[5] + ": " + out);
    }
    return n;
  }

  private static Map<String, Double> metrics(double[] n) {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("per_s", n[0] * 1e6 / n[1]);
    metrics.put("p50_us", n[2]);
    metrics.put("p99_us", n[3]);
    metrics.put("p999_us", n[4]);
    return metrics;
  }

  // ---- the open loop, and its scale ----

  private static void peak(List<String> command, int seconds)
      throws IOException, InterruptedException {
    try (Server server = Server.start(command, 0);
        Pacer pacer = new Pacer(server.port(), PACED_CONNECTIONS)) {
      pacer.closedLoop(seconds); // warms both up
      print(Map.of("per_s", pacer.closedLoop(seconds)));
    }
  }

  private static void paced(List<String> command, int seconds)
      throws IOException, InterruptedException {
    double peak = Double.parseDouble(System.getenv().getOrDefault("PEAK", ""));
    Map<String, Double> out = new TreeMap<>();
    try (Server server = Server.start(command, 0);
        Pacer pacer = new Pacer(server.port(), PACED_CONNECTIONS)) {
      pacer.closedLoop(seconds); // warms both up
      for (int percent : List.of(50, 70)) {
        double rate = peak * percent / 100;
        long[] latencies = pacer.openLoop(rate, seconds);
        out.put("rate_" + percent, rate);
        out.put("p50_" + percent + "_us", at(latencies, 0.5));
        out.put("p99_" + percent + "_us", at(latencies, 0.99));
        out.put("p999_" + percent + "_us", at(latencies, 0.999));
      }
    }
    print(out);
  }

  private static double at(long[] sorted, double part) {
    return sorted[(int) (sorted.length * part)] / 1e3;
  }

  // ---- start ----

  private static void starts(List<String> command, int port, int starts)
      throws IOException, InterruptedException {
    Server.start(command, port).close(); // reads from disk what others find in memory
    double[] millis = new double[starts];
    for (int i = 0; i < starts; i++) {
      try (Server s = Server.start(command, port)) {
        millis[i] = s.startSeconds() * 1e3;
      }
    }
    print(Map.of("ms", Spread.of(millis).median()));
  }

  // ---- idle connections ----

  private static void idle(List<String> command, int connections)
      throws IOException, InterruptedException {
    List<Socket> open = new ArrayList<>();
    try (Server server = Server.start(command, 0)) {
      for (int i = 0; i < 100; i++) { // what the first ones load is nobody's
        server.open().close();
      }
      long live = live(server);
      long resident = server.residentBytes();
      for (int i = 0; i < connections; i++) {
        open.add(server.open());
      }
      Map<String, Double> out = new TreeMap<>();
      out.put("rss_bytes", (double) (server.residentBytes() - resident) / connections);
      out.put("live_bytes", (double) (live(server) - live) / connections);
      print(out);
    } finally {
      for (Socket s : open) {
        s.close();
      }
    }
  }

  /** Bytes in use after a collection. */
  private static long live(Server server) throws IOException, InterruptedException {
    try (Socket s = new Socket()) {
      s.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 10_000);
      String answer = Server.ask(s, "/live", "\r\n\r\n");
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
      if (body.matches("[0-9]+")) { // the other servers have no such route
        return Long.parseLong(body);
      }
    }
    String pid = Long.toString(server.handle().pid());
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process p = new ProcessBuilder(jcmd.toString(), pid, "GC.class_histogram").start();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String total =
        out.lines()
            .filter(l -> l.startsWith("Total"))
            .findFirst()
            .orElseThrow(() -> new IOException("expected a total of jcmd, found " + out));
    try (Scanner words = new Scanner(total)) { // Total, instances, bytes
      words.next();
      words.nextLong();
      return words.nextLong();
    }
  }

  private static void print(Map<String, Double> metrics) {
    metrics.forEach((k, v) -> System.out.println(k + " " + String.format(Locale.ROOT, "%.1f", v)));
  }
}
