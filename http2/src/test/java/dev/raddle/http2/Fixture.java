package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Request;
import dev.raddle.http.Server;
import dev.raddle.http.ServerBuilder;
import dev.raddle.net.tls.TlsCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Servers, a certificate and a log for tests. */
final class Fixture {
  private static @Nullable TlsCertificate certificate;

  private Fixture() {}

  /** Speaks HTTP/2 without TLS. */
  static ServerBuilder h2c(Handler handler) {
    return Server.builder().addr("127.0.0.1:0").h2c(true).handler(handler);
  }

  static Server start(ServerBuilder builder) throws IOException {
    Server server = builder.build();
    server.start();
    return server;
  }

  /** For localhost and 127.0.0.1. Made once for all tests. */
  static TlsCertificate certificate() throws Exception {
    synchronized (Fixture.class) {
      TlsCertificate made = certificate;
      if (made == null) {
        made = makeCertificate();
        certificate = made;
      }
      return made;
    }
  }

  private static TlsCertificate makeCertificate() throws Exception {
    Path directory = Files.createTempDirectory("raddle-http2");
    Path store = directory.resolve("store.p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "a",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost,ip:127.0.0.1",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  "changeit")
              .redirectErrorStream(true)
              .start();
      String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(keytool.waitFor(60, TimeUnit.SECONDS), output);
      assertEquals(0, keytool.exitValue(), output);
      return TlsCertificate.loadPkcs12(store, "changeit".toCharArray());
    } finally {
      Files.deleteIfExists(store);
      Files.delete(directory);
    }
  }

  /** The whole body. */
  static String read(Request request) throws IOException {
    return new String(request.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Waits for something that nobody signals. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "not within 20 s: " + what);
      Thread.yield();
    }
  }

  /** A log that keeps its lines. */
  static final class LogLines implements System.Logger {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public String getName() {
      return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String text,
        @Nullable Throwable e) {
      lines.add(String.valueOf(text));
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... params) {
      if (isLoggable(level)) {
        lines.add(String.valueOf(format));
      }
    }
  }
}
