package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server without a logging back-end on its class path prints nothing of its own. */
@Timeout(60)
class QuietStartTest {
  /** Serves one request and ends. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws IOException {
      try (Server server =
          Server.builder().addr("127.0.0.1:0").handler((w, r) -> w.write("ok")).build()) {
        server.start();
        try (RawClient client = new RawClient(server.address())) {
          client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
          System.out.println(client.readAll().endsWith("\r\n\r\nok"));
        }
      }
    }
  }

  @Test
  void slf4jDoesNotWarn() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor(30, TimeUnit.SECONDS);
    assertEquals("true", output);
  }
}
