package bench.harness;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server under load: a process that answers {@code /hello}. */
final class Server implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final int port;
  private final double startSeconds;

  private Server(Process process, int port, double startSeconds) {
    this.process = process;
    this.port = port;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts it and waits for its first right answer.
   *
   * @param command to which the port is added, unless it is given
   * @param given the port that the command serves on; 0 to choose a free one
   */
  static Server start(List<String> command, int given) throws IOException, InterruptedException {
    int port = given > 0 ? given : freePort();
    List<String> whole = new ArrayList<>(command);
    if (given == 0) {
      whole.add(Integer.toString(port));
    }
    ProcessBuilder builder = new ProcessBuilder(whole);
    builder.redirectInput(new File("/dev/null")).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      while (!answers(port)) {
        if (!process.isAlive()) {
          throw new IOException("the server ended with " + process.exitValue());
        }
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new IOException("the server did not answer within " + PATIENCE);
        }
        process.waitFor(1, TimeUnit.MILLISECONDS); // the next try
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      end(process);
      throw e;
    }
    return new Server(process, port, (System.nanoTime() - start) / 1e9);
  }

  int port() {
    return port;
  }

  /** From the start of the process to its first answer. */
  double startSeconds() {
    return startSeconds;
  }

  /** The pid of the server itself: the last of those that the command started one by another. */
  ProcessHandle handle() {
    ProcessHandle last = process.toHandle();
    for (var c = last.children().findFirst(); c.isPresent(); c = last.children().findFirst()) {
      last = c.get();
    }
    return last;
  }

  /** So far, of all of its threads. */
  double cpuSeconds() {
    return handle().info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
  }

  /** What it has resident now. */
  long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + handle().pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("expected VmRSS in the server's /proc/PID/status, found none");
  }

  /** Opens a connection, asks once, and leaves it open. */
  Socket open() throws IOException {
    Socket s = new Socket();
    s.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    s.setSoTimeout(10_000);
    String answer = ask(s, "/hello?name=John", "Hello, John!");
    if (!answer.startsWith("HTTP/1.1 200")) {
      s.close();
      throw new IOException("expected 200 and a greeting, found " + answer);
    }
    return s;
  }

  /** The answer to a request of which the end is known; what there is of it if the peer closes. */
  static String ask(Socket s, String path, String end) throws IOException {
    OutputStream out = s.getOutputStream();
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = s.getInputStream();
    byte[] buffer = new byte[4096];
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf(end) < 0) {
      int n = in.read(buffer);
      if (n < 0) {
        break;
      }
      answer.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
    }
    return answer.toString();
  }

  private static boolean answers(int port) {
    try (Socket s = new Socket()) {
      s.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      s.setSoTimeout(1000);
      return ask(s, "/hello?name=John", "Hello, John!").startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return s.getLocalPort();
    }
  }

  @Override
  public void close() {
    end(process);
    process.onExit().join(); // its port is free then
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
