package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example, and every program of the acceptance folder where there is one, prints what its
 * head says; on the JDK's scheduler too, but for those that need our own.
 */
class ProgramsIT {
  /** Standard output, as a regular expression. */
  private static final Map<String, String> EXPECTED =
      Map.ofEntries(
          Map.entry("Sieve.java", "2 3 5 7 11 13 17 19 23 29\n"),
          Map.entry("WorkerPool.java", "30\ndone\n"),
          Map.entry("SelectLoop.java", "default\ngot hello\nsent\ntimeout\nclosed\n"),
          Map.entry("Cancel.java", "context deadline exceeded\nboom\ncancelled: 3\n"),
          Map.entry("Million.java", "1000000\n"),
          Map.entry("Hog.java", "ticks: 20\n"),
          Map.entry("Jobs.java", "6765\n499999500000\na (b c|c b) d\n"),
          Map.entry(
              "JobSystem.java", "3 boom\n333283335000 0..9\ninit step step step done\nA B C D\n"),
          Map.entry("Control.java", "GOMAXPROCS \\d+ -> 1\npinned: true\nhigh before low: true\n"),
          Map.entry("Deadlock.java", ""),
          Map.entry(
              "Contexts.java",
              """
              sum at least 55: true
              context deadline exceeded
              gopher context.Background.WithValue\\(user, gopher\\)
              two ended, false
              slept: context deadline exceeded
              interrupted: false
              """),
          Map.entry(
              "Records.java",
              """
              20 of \\[RED, GREEN] for a b at corner
              size: expected at most 100, found 1000
              size: expected an integer \\(32 bits\\), found "x"; color: expected one of RED, GREEN, \
              found "blue"; most: expected a number, found "1,5"
              """),
          Map.entry(
              "Scopes.java",
              """
              user orders
              no such user, the other: CANCELED
              near replica, the other: CANCELED
              context deadline exceeded
              """));

  /** What the JDK's scheduler does not have. */
  private static final Map<String, String> NEEDS_OWN =
      Map.of(
          "Control.java", "makes a scheduler of its own and sets the number of Ps",
          "Deadlock.java", "a goroutine that nobody can wake is not found",
          "Hog.java", "sets the number of Ps");

  private static final String ON_JDK = "-Draddle.scheduler=jdk";

  static Stream<Path> programs() throws IOException {
    List<Path> found = new ArrayList<>();
    Path shared =
        Path.of(
            System.getProperty(
                "raddle.acceptance", Raddle.HOME.resolveSibling("shared/acceptance").toString()));
    for (Path folder : List.of(Raddle.HOME.resolve("examples"), shared)) {
      if (Files.isDirectory(folder)) {
        try (var files = Files.list(folder)) {
          files
              .filter(f -> f.toString().endsWith(".java") && !f.endsWith("Hello.java"))
              .sorted()
              .forEach(found::add);
        }
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void printsWhatItsHeadSays(Path program) {
    Raddle.Result result = new Raddle().run("run", program.toString());
    assertPrinted(program, result);
    if (program.endsWith("Deadlock.java")) {
      assertEquals(2, result.status(), result::toString);
      assertTrue(
          result.err().startsWith("fatal error: all goroutines are asleep - deadlock!\n"),
          result::toString);
      assertTrue(result.err().contains("goroutine 1 [chan receive on chan#"), result::toString);
      assertTrue(result.err().contains("Deadlock.java:"), result::toString);
    } else {
      assertWell(result);
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void printsTheSameOnTheJdksScheduler(Path program) {
    String why = NEEDS_OWN.get(program.getFileName().toString());
    assumeTrue(why == null, () -> "needs Raddle's own scheduler: " + why);
    var raddle = new Raddle();
    raddle.set("RADDLE_JAVA_OPTS", ON_JDK);
    Raddle.Result result = raddle.run("run", program.toString());
    assertPrinted(program, result);
    assertWell(result);
  }

  /** Else the test above would say nothing. */
  @Test
  void thatSchedulerIsTheJdks(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("WhichMode.java"),
            "void main() { IO.println(dev.raddle.runtime.Mode.current()); }\n");
    var raddle = new Raddle();
    assertEquals("OWN\n", raddle.run("run", file.toString()).out());
    raddle.set("RADDLE_JAVA_OPTS", ON_JDK);
    assertEquals("JDK\n", raddle.run("run", file.toString()).out());
  }

  private static void assertPrinted(Path program, Raddle.Result result) {
    String expected = EXPECTED.get(program.getFileName().toString());
    assertNotNull(expected, "no expectation for " + program);
    assertTrue(result.out().matches(expected), () -> "expected " + expected + "\nfound " + result);
  }

  private static void assertWell(Raddle.Result result) {
    assertEquals(0, result.status(), result::toString);
    assertEquals("", result.err());
  }
}
