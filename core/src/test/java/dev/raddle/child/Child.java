package dev.raddle.child;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of the tests in a JVM of its own. */
final class Child {
  private Child() {}

  record Ended(int status, String text) {}

  static Ended java(Class<?> main, String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(
        List.of(
            "-cp", path == null ? System.getProperty("java.class.path") : path, main.getName()));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(p.waitFor(), text.replace(File.pathSeparator, ":"));
  }
}
