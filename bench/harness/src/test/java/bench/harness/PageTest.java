package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PageTest {
  @TempDir Path folder = Path.of("");

  @Test
  void thePageHasNotesTablesPlotsAndOtherCollectors() throws Exception {
    Path notes = folder.resolve("notes.md");
    Files.writeString(
        notes,
        """
        # head
        Hello.
        # spawn
        Lost because.
        # target:spawn
        Tried this.
        # Z
        Slower.
        # tail
        Bye.
        """);
    Results g1 = Results.of(Map.of("flags", "-XX:+UseG1GC", "CPUs", "2"));
    add(g1, "spawn", "raddle", 50, 60);
    add(g1, "spawn", "go", 100, 110);
    Results z = Results.of(Map.of("flags", "-XX:+UseZGC", "CPUs", "2"));
    add(z, "spawn", "raddle", 77);
    new Page(List.of(g1, z), Page.notes(notes)).write(folder);
    String page = Files.readString(folder.resolve("performance.md"));
    for (String part :
        List.of(
            "# Performance\n\nHello.\n",
            "\n### spawn\n",
            "![spawn and finish a million](performance/spawn.svg)",
            "| 55.0 (50.0 to 60.0) | 105 (100 to 110) | 0.52 | – |",
            "\nLost because.\n",
            "\n## With the collector Z\n",
            "| 77.0 |",
            "\nSlower.\n",
            "\nBye.\n",
            "- CPUs: 2\n")) {
      assertTrue(page.contains(part), () -> part + " in " + page);
    }
    assertFalse(page.contains("### skynet"));
    assertTrue(page.indexOf("77.0") > page.indexOf("collector Z"), page);
  }

  @Test
  void aNoteOnWhatThereIsNotIsAnError() throws Exception {
    Path notes = folder.resolve("notes.md");
    Files.writeString(notes, "# spwan\nx\n");
    UsageException e = assertThrows(UsageException.class, () -> Page.notes(notes));
    assertTrue(String.valueOf(e.getMessage()).contains("found spwan"), e::toString);
  }

  @Test
  void targetsSayByHowMuchTheyAreMissed() {
    Results r = Results.of(Map.of());
    add(r, "spawn", "raddle", 60);
    add(r, "spawn", "go", 100);
    add(r, "spawn", "vthreads", 200);
    Targets targets = new Targets(r);
    String text = targets.markdown();
    assertTrue(
        text.contains(
            "| 2 | 0.60 | 0.30 | **missed** by 100 % | 0.30, virtual threads | 0.50 | reached |"),
        text);
    assertEquals(List.of("spawn"), targets.missed());
    assertTrue(text.contains("| skynet, a leaf of a million, ns | | not measured |"), text);
    for (String row : Targets.rows()) {
      assertTrue(text.contains("| **" + Targets.title(row) + "** |"), text);
    }
  }

  @Test
  void aMissedTargetNeedsANote() throws Exception {
    Results r = Results.of(Map.of());
    add(r, "spawn", "raddle", 60);
    add(r, "spawn", "go", 100);
    UsageException e =
        assertThrows(UsageException.class, () -> new Page(List.of(r), Map.of()).write(folder));
    assertTrue(String.valueOf(e.getMessage()).contains("# target:spawn"), e::toString);
    new Page(List.of(r), Map.of("target:spawn", "Tried it.\n")).write(folder);
    String page = Files.readString(folder.resolve("performance.md"));
    assertTrue(page.contains("### Missed: spawn and finish, a million\n\nTried it.\n"), page);
  }

  @Test
  void theCollectorIsThatOfItsFlag() {
    for (String gc : List.of("Shenandoah", "G1", "Z")) {
      String flags = "-XX:+UseCompactObjectHeaders -XX:+Use" + gc + "GC -XX:ShenandoahGCMode=x";
      assertEquals(gc, Results.of(Map.of("flags", flags)).collector());
    }
  }

  @Test
  void everyWorkloadSaysWhatItMeans() {
    for (Workload w : Workloads.all()) {
      assertTrue(w.about().length() > 60, w::name);
    }
  }

  @Test
  void aFamilyIsDrawnAsLinesOverALogarithm() throws Exception {
    Results r = Results.of(Map.of());
    Workload w = Workloads.named(List.of("chan11")).getFirst();
    for (String rival : List.of("raddle", "go", "tokio")) {
      for (int fork = 1; fork <= 2; fork++) {
        RunKey key = new RunKey(fork, "chan11", 1, rival);
        Map<String, Double> metrics =
            new java.util.HashMap<>(Map.of("ns_1", 1000.0, "ns_16", 100.0, "ns_100", 10.0));
        if (!rival.equals("tokio")) {
          metrics.put("ns_0", 1000.0);
        }
        r.put(new Run(key, Status.OK, metrics, 1, 1, 1, null));
      }
    }
    assertEquals(5, Lines.family(w).size());
    assertTrue(Lines.family(Workloads.named(List.of("spawn")).getFirst()).isEmpty());
    var lines = new Lines(r, w, 1);
    assertTrue(lines.isWorthwhile());
    assertFalse(new Lines(r, w, 2).isWorthwhile());
    var source = new InputSource(new StringReader(lines.svg()));
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(source);
    var drawn = svg.getElementsByTagName("polyline");
    assertEquals(3, drawn.getLength());
    String[] points =
        drawn.item(0).getAttributes().getNamedItem("points").getNodeValue().split(" ", -1);
    assertEquals(4, points.length);
    double[] y = java.util.Arrays.stream(points).mapToDouble(PageTest::y).toArray();
    assertEquals(y[0], y[1], 0.1);
    assertEquals(y[2] - y[1], y[3] - y[2], 0.2); // a tenth each
    assertTrue(y[2] > y[1]);
    assertTrue(lines.svg().contains("prefers-color-scheme: dark"));
  }

  private static double y(String point) {
    return Double.parseDouble(point.substring(point.indexOf(',') + 1));
  }

  @Test
  void aPlotIsWellFormedAndItsBarsAreInProportion() throws Exception {
    Results r = Results.of(Map.of());
    add(r, "spawn", "raddle", 50, 60);
    add(r, "spawn", "go", 110);
    add(r, "spawn", "kotlin", 100_000);
    var plot = new Plot(r, Workloads.named(List.of("spawn")).getFirst());
    assertTrue(plot.isWorthwhile());
    var source = new InputSource(new StringReader(plot.svg()));
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(source);
    var bars = svg.getElementsByTagName("rect");
    double[] widths = new double[bars.getLength()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] =
          Double.parseDouble(bars.item(i).getAttributes().getNamedItem("width").getNodeValue());
    }
    assertEquals(3, widths.length);
    assertEquals(2, widths[1] / widths[0], 0.01);
    assertEquals(400, widths[2], 0.1);
    assertTrue(plot.svg().contains("100,000, cut"), plot.svg());
    assertTrue(plot.svg().contains("prefers-color-scheme: dark"));
  }

  @Test
  void aLongLabelFits() throws Exception {
    Results r = Results.of(Map.of());
    add(r, "spawn", "raddle-jdk", 50);
    add(r, "spawn", "go", 110);
    String plot = new Plot(r, Workloads.named(List.of("spawn")).getFirst()).svg();
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(plot)));
    var texts = svg.getElementsByTagName("text");
    int labels = 0;
    for (int i = 0; i < texts.getLength(); i++) {
      var at = texts.item(i).getAttributes();
      if (at.getNamedItem("text-anchor").getNodeValue().equals("end")) {
        labels++;
        String label = texts.item(i).getTextContent();
        double x = Double.parseDouble(at.getNamedItem("x").getNodeValue());
        assertTrue(x >= 6.5 * label.length(), label + " begins left of the drawing");
      }
    }
    assertEquals(2, labels);
  }

  private static void add(Results r, String workload, String rival, double... v) {
    for (int i = 0; i < v.length; i++) {
      RunKey key = new RunKey(i + 1, workload, 2, rival);
      r.put(new Run(key, Status.OK, Map.of("ns", v[i]), 1, 1, 1, null));
    }
  }
}
