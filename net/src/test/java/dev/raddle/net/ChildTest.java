package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.net.internal.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What needs a process of its own: limits, and flags. */
@Timeout(120)
class ChildTest {
  private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
  private static final String DEBUG = "-Draddle.netpoll.debug=true";

  /** Out of descriptors: accept backs off, and each of those who wait is served. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutDescriptorsNobodyIsLost() throws Exception {
    List<String> flags = new ArrayList<>(modeFlags());
    flags.add("-Xint"); // fewer files open in the JVM itself
    String out = run("ulimit -n 80; exec \"$@\"", flags, EmfileProgram.class);
    assertTrue(out.contains("served " + EmfileProgram.CLIENTS), out);
    flags.add("-Demfile.logs=true"); // once it has logged it can log without descriptors
    out = run("ulimit -n 80; exec \"$@\"", flags, EmfileProgram.class);
    assertTrue(out.contains("too many open files; retrying in 5ms"), out);
    assertTrue(out.contains("served " + EmfileProgram.CLIENTS), out);
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void theBackendIsChosenByWhatThereIs() throws Exception {
    assertTrue(choice(OPENS, NATIVE).contains("netpoll: epoll"));
    String closed = choice(NATIVE);
    assertTrue(closed.contains("netpoll: jdk, because: the JDK keeps java.lang closed"), closed);
    String denied = choice(OPENS, NATIVE, "-Draddle.netpoll=jdk");
    assertTrue(denied.contains("netpoll: jdk, because: -Draddle.netpoll=jdk"), denied);
    String none = choice(OPENS, "--illegal-native-access=deny", "--enable-native-access=java.base");
    assertTrue(none.contains("netpoll: jdk, because: the JDK allows no native calls"), none);
    String asked = choice(NATIVE, "-Draddle.netpoll=epoll");
    assertTrue(asked.contains("-Draddle.netpoll=epoll: the JDK keeps java.lang closed"), asked);
    assertEquals(-1, choice(OPENS, NATIVE).indexOf("WARNING"), "no warning of the JDK");
  }

  private static String choice(String... flags) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add(DEBUG);
    return run("exec \"$@\"", all, ChoiceProgram.class);
  }

  /** The flags of this JVM's mode. */
  static List<String> modeFlags() {
    return List.of(
        OPENS,
        NATIVE,
        "-Draddle.scheduler=" + System.getProperty("raddle.scheduler", "own"),
        "-Draddle.netpoll=" + Backend.chosen().name());
  }

  private static String run(String shell, List<String> flags, Class<?> main)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", shell, "sh"));
    command.addAll(java(flags, main));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    p.waitFor();
    return text;
  }

  /** The command of another JVM. */
  static List<String> java(List<String> flags, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", path == null ? System.getProperty("java.class.path") : path));
    command.add(main.getName());
    return command;
  }
}
