package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.http.httptest.TestServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our server, Go's and Jetty's parser get the same bytes: those of wire.txt and framing.txt, most
 * with a second request behind. They have to take them for the same requests: as many of them, with
 * the same targets and bodies, and answers of the same class. Where they do not, differential.txt
 * says why; what it does not explain fails, and so does an explanation that explains nothing.
 */
@Timeout(300)
class DifferentialTest {
  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.[01] (\\d)\\d\\d [^\r]*\r\n((?:[^\r]+\r\n)*)\r\n");
  private static final Pattern LENGTH =
      Pattern.compile("(?i)^Content-Length: (\\d+)", Pattern.MULTILINE);
  private static final Pattern SEEN = Pattern.compile("(?i)^X-Seen: ([^\r]*)", Pattern.MULTILINE);

  @TempDir static Path directory = Path.of("");

  /** Gives what a server has taken a request for, and what is behind it. */
  @FunctionalInterface
  private interface Peer {
    List<String> seen(String bytes) throws Exception;
  }

  @Test
  void jettyTakesTheBytesForTheSameRequests() throws Exception {
    compare("jetty", bytes -> JettySpy.seen(bytes).stream().map(DifferentialTest::ascii).toList());
  }

  @Test
  void goTakesTheBytesForTheSameRequests() throws Exception {
    assumeTrue(version().contains(" go1.27"), "differential: Go 1.27 is not on the PATH");
    Path source = directory.resolve("spy.go");
    try (InputStream in =
        Objects.requireNonNull(DifferentialTest.class.getResourceAsStream("spy.go"))) {
      Files.copy(in, source);
    }
    Path program = directory.resolve("spy");
    Process build = go("build", "-o", program.toString(), source.toString());
    String log = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, build.waitFor(), log);
    Process spy = new ProcessBuilder(program.toString()).redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(spy.getInputStream(), StandardCharsets.US_ASCII))) {
      int port = Integer.parseInt(out.readLine());
      compare("go", bytes -> answers(talk(port, bytes)));
    } finally {
      spy.destroy();
    }
  }

  private static String version() throws IOException, InterruptedException {
    try {
      Process version = go("version");
      String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return version.waitFor() == 0 ? text : "";
    } catch (IOException notThere) {
      return "";
    }
  }

  private static Process go(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("go"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GOTOOLCHAIN", "local");
    return builder.directory(directory.toFile()).start();
  }

  private static void compare(String name, Peer peer) throws Exception {
    Map<String, String> explained = explanations(name);
    TreeSet<String> unused = new TreeSet<>(explained.keySet());
    List<String> unexplained = new ArrayList<>();
    ServerBuilder builder =
        Server.builder()
            .disableGeneralOptionsHandler()
            .errorLog(new LogLines())
            .handler(DifferentialTest::spy);
    try (TestServer server = TestServer.start(builder)) {
      int port = server.server().address().getPort();
      for (WireCase wire : WireCase.all()) {
        List<String> ours = answers(talk(port, wire.request()));
        List<String> theirs = peer.seen(wire.request());
        if (!ours.equals(theirs)) {
          unused.remove(wire.name());
          if (!explained.containsKey(wire.name())) {
            unexplained.add(wire.name() + "\n  ours " + ours + "\n  " + name + " " + theirs);
          }
        }
      }
    }
    assertEquals("", String.join("\n", unexplained), "differences that nothing explains");
    assertEquals("[]", unused.toString(), "explained, but not different");
  }

  /** Case by case why we and a peer differ. */
  private static Map<String, String> explanations(String peer) throws IOException {
    Map<String, String> all = new HashMap<>();
    String reason = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    DifferentialTest.class.getResourceAsStream("differential.txt")),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("= ")) {
          reason = line.substring(2);
        } else if (line.startsWith(peer + ": ")) {
          all.put(line.substring(peer.length() + 2), reason);
        }
      }
    }
    return all;
  }

  private static void spy(ResponseWriter w, Request r) {
    try {
      byte[] body = r.body().readAllBytes();
      CRC32 crc = new CRC32();
      crc.update(body);
      w.header()
          .set(
              "X-Seen",
              (r.method() + " " + r.requestUri() + " " + body.length + ":")
                  + Long.toHexString(crc.getValue()));
      w.header().set("Content-Length", "0");
    } catch (IOException e) {
      Http.error(w, "body", Http.STATUS_BAD_REQUEST);
    }
  }

  /** All that a server sends for the bytes, until it closes or resets the connection. */
  private static String talk(int port, String bytes) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
      } catch (SocketException refused) {
        // Its answer can still be read.
      }
      socket.getInputStream().transferTo(got);
    } catch (SocketException reset) {
      // What came before counts.
    }
    return got.toString(StandardCharsets.ISO_8859_1);
  }

  /** An entry for each answer but interim ones: the class, and what the request was taken for. */
  private static List<String> answers(String text) {
    List<String> all = new ArrayList<>();
    Matcher head = HEAD.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!head.find(at) || head.start() != at) {
        all.add("? " + ascii(text.substring(at, Math.min(at + 40, text.length()))));
        return all;
      }
      at = head.end();
      String lines = head.group(2);
      if (!head.group(1).equals("1")) {
        Matcher seen = SEEN.matcher(lines);
        all.add(ascii(head.group(1) + (seen.find() ? " " + seen.group(1) : "")));
        Matcher length = LENGTH.matcher(lines);
        at = length.find() ? at + Integer.parseInt(length.group(1)) : text.length();
      }
    }
    return all;
  }

  /** Bytes beyond ASCII in a target: each peer writes them in its own way. */
  private static String ascii(String text) {
    return text.replaceAll("[^\\x20-\\x7e]+", "?");
  }
}
