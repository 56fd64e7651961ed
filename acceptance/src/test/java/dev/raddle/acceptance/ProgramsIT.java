package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example, and every program of the acceptance folder where there is one, prints what its
 * head says.
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
              "Scopes.java",
              """
              user orders
              no such user, the other: CANCELED
              near replica, the other: CANCELED
              context deadline exceeded
              """));

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
    String expected = EXPECTED.get(program.getFileName().toString());
    assertNotNull(expected, "no expectation for " + program);

    Raddle.Result result = new Raddle().run("run", program.toString());

    assertTrue(result.out().matches(expected), () -> "expected " + expected + "\nfound " + result);
    if (program.endsWith("Deadlock.java")) {
      assertEquals(2, result.status(), result::toString);
      assertTrue(
          result.err().startsWith("fatal error: all goroutines are asleep - deadlock!\n"),
          result::toString);
      assertTrue(result.err().contains("goroutine 1 [chan receive]:\n"), result::toString);
      assertTrue(result.err().contains("Deadlock.java:"), result::toString);
    } else {
      assertEquals(0, result.status(), result::toString);
      assertEquals("", result.err());
    }
  }
}
