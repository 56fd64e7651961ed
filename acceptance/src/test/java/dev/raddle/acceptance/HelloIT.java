package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hello server, byte for byte as Go's (dates masked), as {@code ./raddle run} starts it, on
 * either scheduler.
 */
@ParameterizedClass
@ValueSource(strings = {"", "-Draddle.scheduler=jdk"})
class HelloIT {
  private static final int PORT = 8080;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static Process server;

  private final String options;

  HelloIT(String options) {
    this.options = options;
  }

  @BeforeParameterizedClassInvocation
  static void start(String options) throws Exception {
    try (var free = new ServerSocket(PORT)) {
      assertEquals(PORT, free.getLocalPort());
    } catch (IOException e) {
      fail("the hello example needs port " + PORT + ", which is taken", e);
    }
    Path hello = Raddle.HOME.resolve("examples/Hello.java");
    var raddle = new Raddle();
    raddle.set("RADDLE_JAVA_OPTS", options);
    server = raddle.command("run", hello.toString()).inheritIO().start();
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      try (var s = new Socket(InetAddress.getLoopbackAddress(), PORT)) {
        assertTrue(s.isConnected());
        return;
      } catch (ConnectException e) {
        assertTrue(server.isAlive(), "the server ended");
        assertTrue(System.nanoTime() < deadline, "no server after a minute");
        Thread.onSpinWait();
      }
    }
  }

  @AfterParameterizedClassInvocation
  static void stop() throws InterruptedException {
    if (server != null) {
      server.destroy();
      server.waitFor();
    }
  }

  /** All that comes back until the server closes, with the date masked. */
  private String exchange(String request) throws IOException {
    assertTrue(server.isAlive(), () -> "the server has ended, started with \"" + options + '"');
    try (var s = new Socket(InetAddress.getLoopbackAddress(), PORT)) {
      s.setSoTimeout(20_000);
      s.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String all = new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return all.replaceAll("Date: [^\r]*", "Date: X");
    }
  }

  private static final String HOST = " HTTP/1.1\r\nHost: localhost:8080\r\n";
  private static final String CLOSE = "Connection: close\r\n\r\n";
  private static final String CLOSED = "Connection: close\r\n\r\n";

  @Test
  void saysHello() throws IOException {
    assertEquals(
        "HTTP/1.1 200 OK\r\nDate: X\r\nContent-Length: 13\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n"
            + CLOSED
            + "Hello, world!",
        exchange("GET /hello" + HOST + CLOSE));
  }

  @Test
  void keepsTheConnectionForTheNextRequest() throws IOException {
    String first =
        "HTTP/1.1 200 OK\r\nDate: X\r\nContent-Length: 12\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n\r\nHello, John!";
    String both =
        exchange("GET /hello?name=John" + HOST + "\r\nGET /hello?name=John" + HOST + CLOSE);
    assertTrue(both.startsWith(first + "HTTP/1.1 200 OK\r\n"), both);
    assertTrue(both.endsWith("\r\n\r\nHello, John!"), both);
  }

  @Test
  void refusesOtherMethods() throws IOException {
    String reply = exchange("POST /hello" + HOST + "Content-Length: 0\r\n" + CLOSE);
    assertTrue(reply.startsWith("HTTP/1.1 405 Method Not Allowed\r\n"), reply);
    assertTrue(reply.contains("X-Content-Type-Options: nosniff\r\n"), reply);
    assertTrue(reply.endsWith("\r\n\r\nMethod not allowed\n"), reply);
  }

  @Test
  void knowsNoOtherPath() throws IOException {
    String reply = exchange("GET /other" + HOST + CLOSE);
    assertTrue(reply.startsWith("HTTP/1.1 404 Not Found\r\n"), reply);
    assertTrue(reply.contains("X-Content-Type-Options: nosniff\r\n"), reply);
    assertTrue(reply.endsWith("\r\n\r\n404 page not found\n"), reply);
  }

  @Test
  void answersHeadAsTheHandlerDoes() throws IOException {
    String reply = exchange("HEAD /hello" + HOST + CLOSE);
    assertTrue(reply.startsWith("HTTP/1.1 405 Method Not Allowed\r\n"), reply);
    assertTrue(reply.endsWith("\r\n\r\n"), reply);
  }
}
