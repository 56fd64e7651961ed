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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs a process of its own: limits, and flags. */
@Timeout(120)
class ChildTest {
  private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
  private static final String FAULTS = "-Draddle.netpoll.faults=";
  private static final String DEBUG = "-Draddle.netpoll.debug=true";

  /**
   * Out of descriptors: accept backs off and says so, as soon as the process runs and later, each
   * of those who wait is served, and the JDK's classes that read files are as they were.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @EnabledOnOs(OS.LINUX)
  void withoutDescriptorsNobodyIsLost(boolean later) throws Exception {
    List<String> flags = new ArrayList<>(modeFlags());
    flags.add("-Xint"); // fewer files open in the JVM itself
    flags.add("-Demfile.ready=" + later);
    String out = run("ulimit -n 80; exec \"$@\"", flags, EmfileProgram.class);
    assertTrue(out.contains("WARNING: accept tcp 127.0.0.1:"), out);
    assertTrue(out.contains(": too many open files; retrying in 5ms"), out);
    assertEquals(later, !out.contains("dev.raddle.net: WARNING"), out); // by the log, or past it
    assertTrue(out.contains("served " + EmfileProgram.CLIENTS), out);
    assertTrue(out.contains("year 2"), out);
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

  /** Linux before 5.11, which libraries since glibc 2.35 may meet; and no epoll at all. */
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void olderKernelsAreServed() throws Exception {
    String old = program(EchoProgram.class, OPENS, NATIVE, FAULTS + "epoll_pwait2");
    assertTrue(old.contains("netpoll: epoll without epoll_pwait2"), old);
    assertTrue(old.contains("echoed 1000, timeout true"), old);
    String none = program(EchoProgram.class, OPENS, NATIVE, FAULTS + "epoll_pwait2,epoll_wait");
    assertTrue(none.contains("netpoll: jdk, because: epoll failed"), none);
    assertTrue(none.contains("echoed 1000, timeout true"), none);
  }

  private static String choice(String... flags) throws IOException, InterruptedException {
    return program(ChoiceProgram.class, flags);
  }

  private static String program(Class<?> main, String... flags)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add(DEBUG);
    return run("exec \"$@\"", all, main);
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
