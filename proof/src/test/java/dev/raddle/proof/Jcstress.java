package dev.raddle.proof;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs jcstress in processes of its own. */
final class Jcstress {
  /** C2's randomised schedules show on x86 what its stores and loads alone do not. */
  private static final String FLAGS =
      "-XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM";

  private static final Pattern VERDICT = Pattern.compile("\\[(\\w+)] (dev\\.raddle\\.\\S+)");
  private static final Path DIRECTORY = Path.of("target", "jcstress");

  private Jcstress() {}

  /**
   * What one run said.
   *
   * @param verdicts OK, FAILED, ERROR and so on, by test
   * @param text all that it printed
   */
  record Report(Map<String, String> verdicts, String text) {
    /** The tests whose names end so and whose verdict is that, or is not. */
    List<String> named(String suffix, String verdict, boolean equal) {
      List<String> names = new ArrayList<>();
      verdicts.forEach(
          (name, v) -> {
            if (name.endsWith(suffix) && v.equals(verdict) == equal) {
              names.add(name);
            }
          });
      return names;
    }
  }

  /** Runs the tests that match, each in one JVM, for {@code millis}. */
  static Report run(String tests, int millis, long limitSeconds)
      throws IOException, InterruptedException {
    Files.createDirectories(DIRECTORY);
    Path out = Files.createTempFile(DIRECTORY, "run", ".txt");
    String path = System.getProperty("surefire.test.class.path");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            absolute(path == null ? System.getProperty("java.class.path") : path),
            "org.openjdk.jcstress.Main",
            "-r",
            "report",
            "-t",
            tests,
            "-v",
            "-f",
            "1",
            "-fsm",
            "1",
            "-iters",
            "1",
            "-time",
            Integer.toString(millis),
            "-sc",
            "false",
            "-af",
            "NONE",
            "-jvmArgs",
            FLAGS);
    Process p =
        new ProcessBuilder(command)
            .directory(DIRECTORY.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!p.waitFor(limitSeconds, TimeUnit.SECONDS)) {
      p.descendants().forEach(ProcessHandle::destroyForcibly);
      p.destroyForcibly().waitFor();
      throw new AssertionError(
          "jcstress has not ended after " + limitSeconds + " s\n" + Files.readString(out));
    }
    String text = Files.readString(out, StandardCharsets.UTF_8);
    Map<String, String> verdicts = new TreeMap<>();
    for (Matcher m = VERDICT.matcher(text); m.find(); ) {
      verdicts.put(m.group(2), m.group(1));
    }
    return new Report(verdicts, text);
  }

  /** The harness runs elsewhere. */
  private static String absolute(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split(Pattern.quote(File.pathSeparator), -1)) {
      parts.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, parts);
  }
}
