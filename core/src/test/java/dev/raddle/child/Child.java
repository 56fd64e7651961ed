package dev.raddle.child;

import dev.raddle.runtime.Mode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a class of the tests in a JVM of its own. */
public final class Child {
  private static final long LIMIT_SECONDS = 100;

  private Child() {}

  /**
   * How it ended.
   *
   * @param status its exit status
   * @param text what it wrote
   */
  public record Ended(int status, String text) {}

  /** The flags of this JVM's mode. */
  public static List<String> modeFlags() {
    return Mode.current() == Mode.OWN
        ? List.of("--add-opens=java.base/java.lang=ALL-UNNAMED")
        : List.of("-Draddle.scheduler=jdk");
  }

  /** Runs a class of the tests. */
  public static Ended java(Class<?> main, String... flags)
      throws IOException, InterruptedException {
    return java(List.of(flags), main.getName());
  }

  /** All of the command but the class to run. */
  public static List<String> command(List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", path == null ? System.getProperty("java.class.path") : path));
    return command;
  }

  /** Runs a class or a source file. */
  public static Ended java(List<String> flags, String main)
      throws IOException, InterruptedException {
    List<String> command = command(flags);
    command.add(main);
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(p::destroyForcibly); // one that hangs must not outlive its test
    String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(p.waitFor(), text.replace(File.pathSeparator, ":"));
  }
}
