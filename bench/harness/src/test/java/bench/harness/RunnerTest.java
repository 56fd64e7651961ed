package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.harness.Results.Run;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunnerTest {
  @TempDir Path folder = Path.of("");
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<String> started = new ArrayList<>();

  @Test
  void rivalsAreInterleaved() throws Exception {
    assertTrue(run("echo ns 1", true, Results.of(Map.of()), "raddle vthreads", "2"));
    assertEquals(
        List.of(
            "raddle 1",
            "vthreads 1",
            "raddle 2",
            "vthreads 2",
            "vthreads 1",
            "raddle 1",
            "vthreads 2",
            "raddle 2"),
        started);
  }

  @Test
  void oneThatFailsLeavesTheOthersAndIsRepeatedOnAppend() throws Exception {
    Results results = Results.of(Map.of());
    assertFalse(run("[ $0 = raddle ] && echo ns 1", true, results, "raddle kotlin", "1"));
    Results kept = Results.read(folder.resolve("r.json"));
    assertEquals(results, kept);
    assertEquals(1, kept.values("spawn", 1, "raddle", "ns").length);
    assertEquals(1, kept.bad("spawn", 1, "kotlin"));

    started.clear();
    assertTrue(run("echo ns 2", true, kept, "raddle kotlin", "1"));
    assertEquals(List.of("kotlin 1", "kotlin 2"), started);
    assertEquals(0, kept.bad("spawn", 1, "kotlin"));
    assertEquals(4, kept.runs().size());
  }

  @Test
  void aMissingRivalIsOneLine() throws Exception {
    assertTrue(run("echo ns 1", false, Results.of(Map.of()), "raddle go", "3"));
    assertFalse(started.contains("go 1"));
    String text = log.toString(StandardCharsets.UTF_8);
    assertEquals(1, text.lines().filter(l -> l.contains("no go that builds")).count(), text);
  }

  @Test
  void aServerIsLeftOutInALineIfNothingLoadsIt() throws Exception {
    Settings settings = Settings.of(List.of("2", "h2hello"), Map.of("RIVALS", "raddle"));
    Runner.Start start =
        (rival, workload, procs) -> {
          started.add(rival);
          return List.of("true");
        };
    Runner runner = new Runner(settings, start, name -> !name.equals("h2load"), out());
    assertTrue(runner.run(Results.of(Map.of()), folder.resolve("r.json")));
    assertEquals(List.of(), started);
    String text = log.toString(StandardCharsets.UTF_8);
    assertEquals(
        1,
        text.lines().filter(l -> l.equals("no h2load on PATH: h2hello is left out")).count(),
        text);
  }

  @Test
  void theFileHasEachRunAsSoonAsItEnded() throws Exception {
    Path file = folder.resolve("r.json");
    Settings settings = Settings.of(List.of("1", "spawn"), Map.of("RIVALS", "raddle"));
    List<Integer> had = new ArrayList<>();
    Runner.Start start =
        (rival, workload, procs) -> {
          try {
            had.add(started.isEmpty() ? 0 : Results.read(file).runs().size());
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          started.add(rival);
          return List.of("echo", "ns", "1");
        };
    new Runner(settings, start, name -> true, out()).run(Results.of(Map.of()), file);
    assertEquals(List.of(0, 1), had);
    assertEquals(2, Results.read(file).runs().stream().map(Run::key).distinct().count());
  }

  private boolean run(String script, boolean isThere, Results results, String rivals, String forks)
      throws Exception {
    Settings settings = Settings.of(List.of(forks, "spawn"), Map.of("RIVALS", rivals));
    Runner.Start start =
        (rival, workload, procs) -> {
          started.add(rival + " " + procs);
          return List.of("sh", "-c", script, rival);
        };
    return new Runner(settings, start, name -> isThere, out())
        .run(results, folder.resolve("r.json"));
  }

  private PrintStream out() {
    return new PrintStream(log, true, StandardCharsets.UTF_8);
  }
}
