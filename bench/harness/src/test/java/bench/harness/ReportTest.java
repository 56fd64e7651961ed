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
    List<String> lines = new Compare(before, after).lines();
    assertEquals(4, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("worse: spawn, 2 P, raddle: 11.0 (10.0 to 12.0), now 14.0"));
    assertTrue(lines.get(0).endsWith("(+27 %)"), lines.get(0));
    assertEquals("1 within the spread, or 5 %", lines.get(1));
    assertTrue(lines.get(2).startsWith("1 with fewer than 3 forks"), lines.get(2));
    assertTrue(new Compare(after, before).lines().get(0).startsWith("better: spawn"));
  }

  @Test
  void whatMovedByLessThanFivePercentHasNot() {
    Results before = Results.of(Map.of("flags", "a"));
    Results after = Results.of(Map.of("flags", "b"));
    add(before, "spawn", "raddle", "ns", 100, 101, 102);
    add(after, "spawn", "raddle", "ns", 103, 104, 105);
    Compare c = new Compare(before, after);
    assertFalse(c.isWorse());
    assertEquals("1 within the spread, or 5 %", c.lines().get(1));
    assertEquals("warning: not of one machine and settings: flags a and b", c.lines().getFirst());
    add(after, "spawn", "raddle", "ns", 113, 114, 115);
    assertTrue(new Compare(before, after).isWorse());
    assertFalse(new Compare(after, before).isWorse());
  }

  @Test
  void resultsOfAnotherKindAreNotMerged() {
    Results a = Results.of(Map.of("flags", "-XX:+UseG1GC", "commit", "1"));
    Results z = Results.of(Map.of("flags", "-XX:+UseZGC", "commit", "1"));
    UsageException e = assertThrows(UsageException.class, () -> a.merge(z));
    assertTrue(String.valueOf(e.getMessage()).contains("-XX:+UseZGC"), e::toString);
    assertThrows(UsageException.class, () -> a.checkSame(z));
    Results later = Results.of(Map.of("flags", "-XX:+UseG1GC", "commit", "2"));
    assertThrows(UsageException.class, () -> a.checkSame(later));
    add(a, "spawn", "raddle", "ns", 1);
    add(later, "ring", "raddle", "ns", 2);
    a.merge(later); // another workload, of another commit
    assertEquals(2, a.runs().size());
    add(later, "spawn", "raddle", "ns", 2);
    assertThrows(UsageException.class, () -> a.merge(later));
  }

  @Test
  void theReportTakesWhatItsWorkloadsHave() {
    List<Part> all = Report.named(List.of());
    for (Part p : all) {
      assertTrue(p.workload().rivals().containsAll(p.rivals()), p::toString);
      assertTrue(p.workload().rivals().containsAll(p.once()), p::toString);
      assertTrue(p.workload().procs().containsAll(p.procs()), p::toString);
    }
    assertEquals(Workloads.all().size(), all.size());
    double minutes = Report.minutes(all, Report.FORKS);
    assertTrue(minutes > 45 && minutes < 70, () -> minutes + " minutes");
    assertEquals(2, Report.named(List.of("paced")).size(), "and its scale");
    Settings s = Settings.of(List.of("--report", "http", "mutex"), Map.of());
    assertEquals(3, s.forks());
    assertTrue(s.workloads().stream().anyMatch(w -> w.name().equals("hello")));
    Part spawn = Report.named(List.of("spawn")).getFirst();
    assertTrue(spawn.takes(1, "tokio") && !spawn.takes(2, "tokio") && spawn.takes(2, "go"));
  }

  @Test
  void everyWorkloadIsSmoked() {
    Settings smoke = Settings.of(List.of("--smoke"), Map.of());
    assertEquals(Workloads.all(), smoke.workloads());
    assertEquals("1000", smoke.peak());
    assertFalse(smoke.parts().getFirst().takes(1, "raddle-z"));
  }

  @Test
  void theTableShowsWhatTheProcessTook() {
    Results r = Results.of(Map.of());
    add(r, "spawn", "raddle", "ns", 1);
    String text = new Table(r, false).text();
    assertTrue(text.contains("the process: s, CPU s, peak MB"), text);
    assertTrue(text.contains("1.0, 1.0, 0.0"), text);
  }

  @Test
  void moreFailuresAreWorse() {
    Results before = Results.of(Map.of());
    Results after = Results.of(Map.of());
    RunKey key = new RunKey(1, "spawn", 2, "raddle");
    after.put(new Run(key, Status.KILLED, Map.of(), 1, 1, 1, "hung"));
    assertEquals(
        "worse: spawn, 2 P, raddle: 1 more ended badly (1 killed)",
        new Compare(before, after).lines().getFirst());
    assertTrue(new Table(after, false).text().contains("1 killed"));
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
    assertEquals(List.of(2), quick.parts().getFirst().procs());
  }

  private static void add(Results r, String workload, String rival, String metric, double... v) {
    for (int i = 0; i < v.length; i++) {
      RunKey key = new RunKey(i + 1, workload, 2, rival);
      r.put(new Run(key, Status.OK, Map.of(metric, v[i]), 1, 1, 1, null));
    }
  }
}
