package dev.raddle.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./raddle} as a user does: another process, Java from wherever it finds one. */
final class Raddle {
  static final Path HOME =
      Path.of(System.getProperty("raddle.home", "..")).toAbsolutePath().normalize();
  private static final long LIMIT_SECONDS = 120;

  /** Shared by all tests, so that the AOT cache is trained once and not beside each of them. */
  private static final Path CACHE = HOME.resolve("acceptance/target/cache");

  private final Path cache;
  private final Map<String, String> extra = new HashMap<>();

  Raddle() {
    this(CACHE);
  }

  Raddle(Path cache) {
    this.cache = cache;
  }

  /** How a process ended. */
  record Result(int status, String out, String err) {
    @Override
    public String toString() {
      return "status " + status + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }

  /** Sets an environment variable of the command. */
  void set(String variable, String value) {
    extra.put(variable, value);
  }

  ProcessBuilder command(String... args) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("raddle").toString()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    var env = builder.environment();
    env.remove("JAVA_HOME");
    env.put("XDG_CACHE_HOME", cache.toString());
    env.put("RADDLE_NO_BUILD", "1"); // the build that runs this test has just made the jar
    env.putAll(extra);
    return builder;
  }

  Result run(String... args) {
    return runWith("", args);
  }

  Result runWith(String in, String... args) {
    try {
      Path out = Files.createTempFile("raddle", ".out");
      Path err = Files.createTempFile("raddle", ".err");
      var process = command(args).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(in.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // the process may have ended without reading
        Thread.onSpinWait();
      }
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      var result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      if (!ended) {
        throw new AssertionError("did not end within " + LIMIT_SECONDS + " s: " + result);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
