package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How the scripts find or download a JDK and a Maven. The downloads come from a server of the test;
 * they ask for a version that nobody has installed.
 */
class FindJdkIT {
  private static final String NEW = "99";

  @TempDir Path folder;
  private final Map<String, byte[]> pages = new ConcurrentHashMap<>();
  private HttpServer server;
  private Path home;

  @BeforeEach
  void serve() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] page = pages.get(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(page == null ? 404 : 200, page == null ? -1 : page.length);
          if (page != null) {
            exchange.getResponseBody().write(page);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private record Ended(int status, String text) {}

  private Ended sh(String script, Map<String, String> env) throws Exception {
    var builder = new ProcessBuilder("sh", "-euc", script).redirectErrorStream(true);
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("HOME", home.toString());
    builder.environment().putAll(env);
    Process process = builder.directory(Raddle.HOME.toFile()).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Ended(process.exitValue(), text);
  }

  private Ended find() throws Exception {
    return sh(
        ". scripts/jdk.sh; RADDLE_JAVA_MIN=" + NEW + "; raddle_find_jdk; echo \"JDK $JAVA_HOME\"",
        Map.of("RADDLE_ADOPTIUM_URL", url()));
  }

  private static void jdk(Path at, String version) throws IOException {
    Files.createDirectories(at.resolve("bin"));
    Path javac = Files.writeString(at.resolve("bin/javac"), "#!/bin/sh\n");
    assertTrue(javac.toFile().setExecutable(true));
    Files.writeString(at.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  /** Serves a JDK as Adoptium would; {@code sum} null: the right checksum. */
  private void offer(String sum) throws Exception {
    Path jdk = folder.resolve("made/jdk-99");
    jdk(jdk, "99.0.1");
    Path tar = folder.resolve("jdk.tar.gz");
    Ended packed = sh("tar -czf '" + tar + "' -C '" + jdk.getParent() + "' jdk-99", Map.of());
    assertEquals(0, packed.status(), packed::text);
    byte[] bytes = Files.readAllBytes(tar);
    String right = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    pages.put("/jdk.tar.gz", bytes);
    pages.put(
        "/assets/latest/" + NEW + "/hotspot",
        """
        [ { "binary": { "os": "any", "package": {
              "checksum": "%s",
              "link": "%s/jdk.tar.gz", "name": "jdk.tar.gz" } } } ]
        """
            .formatted(sum == null ? right : sum, url())
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMissingJdkIsDownloadedOnceAndFoundAgain() throws Exception {
    offer(null);
    Ended first = find();
    assertEquals(0, first.status(), first::text);
    assertTrue(first.text().contains("downloading one from Adoptium"), first::text);
    assertTrue(first.text().contains("JDK " + home.resolve(".raddle/jdk/jdk-99-")), first::text);
    pages.clear();
    Ended second = find();
    assertEquals(0, second.status(), second::text);
    assertFalse(second.text().contains("downloading"), second::text);
  }

  @Test
  void aDamagedDownloadIsRefusedAndLeavesNothing() throws Exception {
    String wrong = "0".repeat(64);
    offer(wrong);
    Ended r = find();
    assertEquals(1, r.status(), r::text);
    assertTrue(r.text().contains("damaged: expected SHA-256 " + wrong + ", found "), r::text);
    try (var left = Files.list(home.resolve(".raddle/jdk"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void withoutJdkAndDownloadOneMessageSaysWhatWasExpectedAndFound() throws Exception {
    jdk(home.resolve(".jdks/old"), "21.0.1");
    Ended r = find();
    assertEquals(1, r.status(), r::text);
    assertTrue(r.text().contains("expected a JDK 99 or newer, found:"), r::text);
    assertTrue(r.text().contains("/.jdks/old (21)"), r::text);
  }

  @Test
  void theNewestOfTheUsualFoldersIsTaken() throws Exception {
    jdk(home.resolve(".jdks/a"), "99.0.2");
    jdk(home.resolve(".sdkman/candidates/java/b"), "101");
    Ended r = find();
    assertEquals(0, r.status(), r::text);
    assertTrue(r.text().contains("JDK " + home.resolve(".sdkman/candidates/java/b")), r::text);
  }

  @Test
  void javaHomeComesFirst() throws Exception {
    Path mine = folder.resolve("mine");
    jdk(mine, "99");
    jdk(home.resolve(".jdks/newer"), "100");
    Ended r =
        sh(
            ". scripts/jdk.sh; RADDLE_JAVA_MIN=99; raddle_find_jdk; echo \"JDK $JAVA_HOME\"",
            Map.of("JAVA_HOME", mine.toString()));
    assertTrue(r.text().contains("JDK " + mine), r::text);
  }

  /** A PATH with what the script needs and no mvn. */
  private String pathWithoutMaven() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool :
        new String[] {
          "sh",
          "dirname",
          "sed",
          "head",
          "mkdir",
          "mktemp",
          "curl",
          "cut",
          "tar",
          "rm",
          "mv",
          "uname",
          "readlink",
          "find",
          "tr",
          "sha256sum",
          "sha512sum",
          "shasum",
          "perl"
        }) {
      Ended where = sh("command -v " + tool + " || true", Map.of());
      if (!where.text().isBlank()) {
        Files.createSymbolicLink(bin.resolve(tool), Path.of(where.text().strip()));
      }
    }
    return bin.toString();
  }

  @Test
  void aDamagedMavenIsRefused() throws Exception {
    pages.put(
        "/org/apache/maven/apache-maven/3.9.11/apache-maven-3.9.11-bin.tar.gz", new byte[] {1, 2});
    Ended r =
        sh(
            "./mvnw -version",
            Map.of(
                "PATH", pathWithoutMaven(),
                "JAVA_HOME", System.getProperty("java.home"),
                "MVNW_REPOURL", url()));
    assertEquals(1, r.status(), r::text);
    assertTrue(r.text().contains("the downloaded Maven is damaged: expected SHA-512 "), r::text);
    assertFalse(Files.exists(home.resolve(".raddle/maven/apache-maven-3.9.11")));
  }

  @Test
  void aMavenThatCannotBeDownloadedIsNamed() throws Exception {
    Ended r =
        sh(
            "./mvnw -version",
            Map.of(
                "PATH", pathWithoutMaven(),
                "JAVA_HOME", System.getProperty("java.home"),
                "MVNW_REPOURL", url()));
    assertEquals(1, r.status(), r::text);
    assertTrue(r.text().contains("could not download it from " + url()), r::text);
  }
}
