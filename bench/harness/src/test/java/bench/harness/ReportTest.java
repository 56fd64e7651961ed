package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder = Path.of("");

  @Test
  void medianIsOfTheMiddleTwo() {
    assertEquals(new Spread(2.5, 1, 9, 4), Spread.of(new double[] {9, 1, 3, 2}));
    assertEquals("1,234", Spread.number(1234.4));
  }

  @Test
  void ratiosAreOfMediansAndColoured() {
    Results r = Results.of(Map.of());
    add(r, "spawn", "raddle", "ns", 50);
    add(r, "spawn", "go", "ns", 100);
    add(r, "spawn", "kotlin", "ns", 40);
    add(r, "spawn", "fjp", "ns", 80);
    String text = new Table(r, true).text();
    assertTrue(text.contains("\u001b[32m0.50\u001b[0m"), text);
    assertTrue(text.contains("\u001b[31m1.25\u001b[0m"), text);
    assertFalse(new Table(r, false).text().contains("\u001b"));
  }

  @Test
  void aRatioBelowOneIsBetterForRatesToo() {
    Results r = Results.of(Map.of());
    add(r, "hello", "raddle", "per_s", 200);
    add(r, "hello", "go", "per_s", 100);
    String text = new Table(r, false).markdown(Workloads.named(List.of("hello")).getFirst());
    assertTrue(text.contains("| 200 | 100 | 0.50 | – |"), text);
  }

  @Test
  void whatMovedIsWhatIsApart() {
    Results before = Results.of(Map.of());
    Results after = Results.of(Map.of());
    add(before, "spawn", "raddle", "ns", 10, 11, 12);
    add(after, "spawn", "raddle", "ns", 13, 14, 15);
    add(before, "ring", "raddle", "ns", 10, 11, 12);
    add(after, "ring", "raddle", "ns", 12, 14, 15);
    add(before, "mutex", "raddle", "ns", 10);
    add(after, "mutex", "raddle", "ns", 20);
    List<String> lines = Compare.lines(before, after);
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("worse: spawn, 2 P, raddle: 11.0 (10.0 to 12.0), now 14.0"));
    assertTrue(lines.get(0).endsWith("(+27 %)"), lines.get(0));
    assertEquals("1 within the spread", lines.get(1));
    assertTrue(lines.get(2).startsWith("1 with fewer than 3 forks"), lines.get(2));
    assertTrue(Compare.lines(after, before).get(0).startsWith("better: spawn"));
  }

  @Test
  void moreFailuresAreWorse() {
    Results before = Results.of(Map.of());
    Results after = Results.of(Map.of());
    RunKey key = new RunKey(1, "spawn", 2, "raddle");
    after.put(new Run(key, Status.KILLED, Map.of(), 1, 1, 1, "hung"));
    assertEquals(
        "worse: spawn, 2 P, raddle: 1 more failed", Compare.lines(before, after).getFirst());
    assertTrue(new Table(after, false).text().contains("1 failed"));
  }

  @Test
  void aFileThatIsNotOfResultsIsToldSo() throws Exception {
    Path file = folder.resolve("x.json");
    assertThrows(UsageException.class, () -> Results.read(file));
    for (String text : List.of("", "[", "{}", "[1]", "{\"machine\":{},\"runs\":[{}]}")) {
      Files.writeString(file, text);
      assertThrows(UsageException.class, () -> Results.read(file), text);
    }
  }

  @Test
  void argumentsThatMakeNoSenseAreToldSo() {
    UsageException e =
        assertThrows(UsageException.class, () -> Settings.of(List.of("nosuch"), Map.of()));
    assertTrue(String.valueOf(e.getMessage()).contains("spawn skynet"), e::toString);
    for (List<String> bad :
        List.of(List.of("--cpus"), List.of("--nosuch"), List.of("--forks", "x"))) {
      assertThrows(UsageException.class, () -> Settings.of(bad, Map.of()), bad::toString);
    }
    assertThrows(UsageException.class, () -> Settings.of(List.of(), Map.of("RIVALS", "nosuch")));
    assertThrows(UsageException.class, () -> Settings.of(List.of(), Map.of("SCALE", "0")));
  }

  @Test
  void quickTakesFewerThanFull() {
    Settings quick = Settings.of(List.of("--quick"), Map.of());
    Settings full = Settings.of(List.of(), Map.of());
    assertTrue(quick.workloads().size() < full.workloads().size());
    assertEquals(Workloads.all(), full.workloads());
    assertTrue(quick.budgetSeconds() + quick.limitSeconds() + 10 <= 300);
    assertFalse(quick.takes(Workloads.named(List.of("spawn")).getFirst(), 1));
  }

  private static void add(Results r, String workload, String rival, String metric, double... v) {
    for (int i = 0; i < v.length; i++) {
      RunKey key = new RunKey(i + 1, workload, 2, rival);
      r.put(new Run(key, Status.OK, Map.of(metric, v[i]), 1, 1, 1, null));
    }
  }
}
