package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts {@code bench/run} itself, with what Maven has compiled. */
@Timeout(120)
class ScriptTest {
  private static final Path ROOT = Path.of(System.getProperty("bench.root", "../..")).normalize();

  @TempDir Path folder = Path.of("");

  private record Ended(int status, String out) {}

  @Test
  void whatReadsResultsNeedsNoRivals() throws Exception {
    for (String verb : List.of("report", "docs")) {
      Ended e = run(Map.of(), verb, folder.resolve("none.json").toString());
      assertEquals(2, e.status(), e.out());
      assertTrue(e.out().contains("bench: expected a file of results, found no such"), e.out());
    }
    Ended e = run(Map.of(), "compare", "one.json");
    assertEquals(2, e.status(), e.out());
    assertTrue(e.out().contains("expected two files"), e.out());
  }

  @Test
  void theListHasWorkloadsAndGroups() throws Exception {
    Ended e = run(Map.of(), "list");
    assertEquals(0, e.status(), e.out());
    for (String part : List.of("spawn ", "groups of --report", "channels ", "all ")) {
      assertTrue(e.out().contains(part), e.out());
    }
  }

  @Test
  void whatIsNotThereIsToldWithTheNames() throws Exception {
    Ended e = run(Map.of(), "--report", "nosuch");
    assertEquals(2, e.status(), e.out());
    assertTrue(e.out().contains("expected groups of spawning switch channels"), e.out());
    assertTrue(e.out().contains("found nosuch"), e.out());
  }

  /** Debian's Go is too old for the module. */
  @Test
  void aGoThatDoesNotBuildIsLeftOut() throws Exception {
    Path go = folder.resolve("go");
    Files.writeString(go, "#!/bin/sh\n[ \"$1\" = env ] && echo go1.19 || exit 1\n");
    assertTrue(go.toFile().setExecutable(true));
    String path = folder + ":" + System.getenv("PATH");
    Ended e = run(Map.of("PATH", path, "RIVALS", "go"), "--smoke", "--append", "x.json", "spawn");
    assertTrue(e.out().contains("go: go1.19 does not build bench/go"), e.out());
    assertTrue(e.out().contains("no go that builds: left out"), e.out());
    assertEquals(0, e.status(), e.out());
  }

  private Ended run(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(ROOT.resolve("bench/run").toAbsolutePath().toString()), Stream.of(args))
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile()).environment().put("RADDLE_NO_BUILD", "1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process p = builder.start();
    p.getOutputStream().close();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(p.waitFor(), out);
  }
}
