package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** All cases of h2spec, by the program that its Maven plugin brings along. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "h2spec is a program")
@Timeout(300)
class H2SpecTest {
  private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
  private static final String ALL_PASSED = "145 tests, 145 passed, 0 skipped, 0 failed";

  @TempDir static Path directory;

  private static Path unpack() throws Exception {
    Path archive = directory.resolve("h2spec.tar.gz");
    try (InputStream in = H2SpecTest.class.getResourceAsStream(ARCHIVE)) {
      assertNotNull(in, ARCHIVE);
      Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
    }
    assertEquals(0, run("tar", "-xzf", archive.toString(), "-C", directory.toString()).status());
    return directory.resolve("h2spec");
  }

  private record Result(int status, String output) {}

  private static Result run(String... command) throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(240, TimeUnit.SECONDS), () -> read(output));
      return new Result(process.exitValue(), read(output));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void everyCasePasses() throws Exception {
    Path h2spec = unpack();
    Handler handler =
        (w, r) -> {
          r.body()
              .readAllBytes(); // or a stream that is still open ends before what h2spec sends on it
          w.write("hello");
        };
    try (Server server = Fixture.start(Fixture.h2c(handler))) {
      String port = Integer.toString(server.address().getPort());
      Result result = run(h2spec.toString(), "-h", "127.0.0.1", "-p", port, "-o", "5");
      System.out.println(result.output().lines().reduce((a, b) -> b).orElse(""));
      assertTrue(result.output().contains(ALL_PASSED), result.output());
      assertEquals(0, result.status());
    }
  }
}
