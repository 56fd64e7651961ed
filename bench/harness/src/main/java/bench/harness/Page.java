package bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code docs/performance.md}: the targets, then for each workload what it means, its table, its
 * plot, and what people wrote about it in {@code bench/notes.md}.
 *
 * <p>The notes have a section for each heading of the first level: {@code # head}, the name of a
 * workload or of the collector of a file's runs, {@code # target:} and the name of a row of {@link
 * Targets}, {@code # tail}.
 */
final class Page {
  private static final String TARGET = "target:";

  private final Results all;
  private final List<Results> files;
  private final Map<String, String> notes;

  /** Of the files of results, in the order given. */
  Page(List<Results> files, Map<String, String> notes) {
    this.files = files;
    this.notes = notes;
    this.all = files.getFirst().emptied();
    files.stream().filter(f -> isUsual(f)).forEach(all::merge);
  }

  /** Those with the collector of the first one are one table; the others follow by themselves. */
  private boolean isUsual(Results file) {
    return file.collector().equals(files.getFirst().collector());
  }

  /** Reads the notes; {@link UsageException} for a section of what there is no such thing. */
  static Map<String, String> notes(Path file) throws IOException {
    Map<String, String> notes = new LinkedHashMap<>();
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UsageException("expected notes, found no such file: " + file, e);
    }
    String name = "";
    StringBuilder section = new StringBuilder();
    for (String line : (text + "\n# ").lines().toList()) {
      if (line.startsWith("# ")) {
        if (!name.isEmpty()) {
          notes.put(name, section.toString().strip() + "\n");
        }
        name = line.substring(2).strip();
        section.setLength(0);
        check(file, name);
      } else {
        section.append(line).append('\n');
      }
    }
    return notes;
  }

  private static void check(Path file, String name) {
    boolean known =
        List.of("", "head", "tail", "Parallel", "Z", "Serial", "Shenandoah").contains(name)
            || (name.startsWith(TARGET) && Targets.rows().contains(name.substring(TARGET.length())))
            || Workloads.all().stream().anyMatch(w -> w.name().equals(name));
    if (!known) {
      throw new UsageException(
          "expected the name of a workload, "
              + TARGET
              + "NAME, head or tail in "
              + file
              + ", found "
              + name,
          null);
    }
  }

  /**
   * Writes the page and its plots.
   *
   * @throws UsageException if a target is missed and no note says what was tried
   */
  void write(Path docs) throws IOException {
    Targets targets = new Targets(all);
    List<String> unsaid =
        targets.missed().stream().filter(row -> !notes.containsKey(TARGET + row)).toList();
    if (!unsaid.isEmpty()) {
      throw new UsageException(
          "expected a note on what was tried for each target that is missed, found none for "
              + unsaid.stream().map(row -> "# " + TARGET + row).collect(Collectors.joining(", ")),
          null);
    }
    Path plots = docs.resolve("performance");
    Files.createDirectories(plots);
    StringBuilder out = new StringBuilder();
    out.append("<!-- Written by `bench/run docs` from bench/results and bench/notes.md. -->\n");
    out.append("# Performance\n\n").append(notes.getOrDefault("head", ""));
    out.append("\n## What we wanted to reach\n\n");
    out.append("Ratios of medians; below 1 is better for Raddle.\n\n");
    out.append(targets.markdown());
    for (String row : targets.missed()) {
      out.append("\n### Missed: ").append(Targets.title(row)).append("\n\n");
      out.append(notes.get(TARGET + row));
    }
    machines(out);
    Table table = new Table(all, false);
    String group = "";
    for (Workload w : Workloads.all()) {
      String rows = table.markdown(w);
      if (rows.isEmpty()) {
        continue;
      }
      if (!w.group().equals(group)) {
        group = w.group();
        out.append("\n## ").append(group).append('\n');
      }
      out.append("\n### ").append(w.name()).append("\n\n");
      if (!w.about().isEmpty()) {
        out.append(w.about()).append("\n\n");
      }
      draw(out, plots, w);
      out.append(rows);
      String note = notes.get(w.name());
      if (note != null) {
        out.append('\n').append(note);
      }
    }
    for (Results file : files) {
      if (!isUsual(file)) {
        other(out, file);
      }
    }
    String tail = notes.get("tail");
    if (tail != null) {
      out.append('\n').append(tail);
    }
    Files.writeString(docs.resolve("performance.md"), out.toString());
  }

  /** Lines for a family of metrics, a drawing for each number of Ps; bars for anything else. */
  private void draw(StringBuilder out, Path plots, Workload w) throws IOException {
    boolean drawn = false;
    for (int procs : all.procs(w)) {
      Lines lines = new Lines(all, w, procs);
      if (lines.isWorthwhile()) {
        String name = w.name() + "-" + procs + ".svg";
        picture(out, plots, name, w.title() + ", " + procs + " P", lines.svg());
        drawn = true;
      }
    }
    Plot bars = new Plot(all, w);
    if (!drawn && bars.isWorthwhile()) {
      picture(out, plots, w.name() + ".svg", w.title(), bars.svg());
    }
  }

  private static void picture(StringBuilder out, Path plots, String name, String title, String svg)
      throws IOException {
    Files.writeString(plots.resolve(name), svg);
    out.append("![").append(title).append("](performance/").append(name).append(")\n\n");
  }

  private void machines(StringBuilder out) {
    out.append("\n## Machine and versions\n\n");
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Results f : files) {
      f.machine()
          .forEach(
              (k, v) -> {
                List<String> seen = values.computeIfAbsent(k, x -> new ArrayList<>());
                if (!seen.contains(v)) {
                  seen.add(v);
                }
              });
    }
    values.forEach(
        (k, v) ->
            out.append("- ").append(k).append(": ").append(String.join("; ", v)).append('\n'));
  }

  private void other(StringBuilder out, Results file) {
    String collector = file.collector();
    out.append("\n## With the collector ").append(collector).append("\n\n");
    Table table = new Table(file, false);
    boolean first = true;
    for (Workload w : Workloads.all()) {
      String rows = table.markdown(w);
      if (!rows.isEmpty()) {
        out.append(first ? rows : rows.lines().skip(2).collect(Collectors.joining("\n", "", "\n")));
        first = false;
      }
    }
    String note = notes.get(collector);
    if (note != null) {
      out.append('\n').append(note);
    }
  }
}
