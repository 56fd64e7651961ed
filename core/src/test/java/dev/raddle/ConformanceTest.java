package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * docs/conformance.md says the truth about itself: each row has a state and, unless it is covered,
 * a reason; each test that it names is there; its numbers are those of its rows.
 *
 * <p>The table at its top lists the sections in which every test of Go's is covered, different or
 * not applicable; only elsewhere one may be open, or wait for what is built later.
 */
class ConformanceTest {
  private static final List<String> STATES =
      List.of("covered", "different", "not applicable", "open", "later");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern METHOD = Pattern.compile("(\\w+)\\.(\\w+)");
  private static final Pattern TEST_CLASS = Pattern.compile("[A-Z]\\w*(Test|IT)");
  private static final Pattern ALIAS =
      Pattern.compile("`([A-Z])`\\s+(?:is\\s+)?(?:the\\s+)?`(\\w+Test)`");
  private static final Pattern COUNTS =
      Pattern.compile(": (\\d+) covered, (\\d+) different, (\\d+) not applicable, (\\d+) open$");

  /** A row of a table of Go's tests. */
  private record Row(String section, String file, List<String> names, String state, String why) {
    String where() {
      return file + ": " + names;
    }
  }

  private static final List<Row> ROWS = new ArrayList<>();
  private static final Map<String, List<String>> SUMMARY = new LinkedHashMap<>();
  private static final Map<String, String> PROSE = new HashMap<>();
  private static final Map<String, List<Path>> SOURCES = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/conformance.md"))) {
      root = Objects.requireNonNull(root.getParent(), "docs/conformance.md is nowhere above");
    }
    parse(Files.readAllLines(root.resolve("docs/conformance.md")));
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = String.valueOf(dir.getFileName());
            return name.equals("target") || name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".java")) {
              String type = name.substring(0, name.length() - ".java".length());
              SOURCES.computeIfAbsent(type, t -> new ArrayList<>()).add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void parse(List<String> lines) {
    String section = "";
    String file = "";
    String last = "";
    for (String line : lines) {
      if (line.startsWith("## ")) {
        section = line.substring(3);
        file = section;
      } else if (line.startsWith("### ")) {
        file = line.substring(4);
      } else if (line.startsWith("|") && !line.startsWith("|---")) {
        String[] cells = line.substring(1).split("\\|", -1);
        if (section.isEmpty()) {
          SUMMARY.put(
              cells[0].strip(), List.of(cells[1].strip(), cells[2].strip(), cells[3].strip()));
        } else if (!cells[1].strip().equalsIgnoreCase("state")) {
          String why = cells[2].strip();
          last = why.startsWith("as above") ? last : why;
          ROWS.add(new Row(section, file, codes(cells[0]), cells[1].strip(), last));
          assertEquals(4, cells.length, line);
        }
      }
      PROSE.merge(section, line, (a, b) -> a + " " + b);
    }
    SUMMARY.remove("section");
  }

  private static List<String> codes(String cell) {
    List<String> all = new ArrayList<>();
    for (Matcher m = CODE.matcher(cell); m.find(); ) {
      all.add(m.group(1));
    }
    return all;
  }

  private static boolean isToDo(Row row) {
    return row.state.equals("open") || row.state.equals("later");
  }

  private static boolean inScope(Row row) {
    return SUMMARY.containsKey(row.section);
  }

  @Test
  void eachRowHasAStateAndItsReason() {
    assertTrue(ROWS.size() > 300, () -> "rows: " + ROWS.size());
    for (Row row : ROWS) {
      assertTrue(STATES.contains(row.state), () -> row.where() + " is " + row.state);
      assertTrue(!inScope(row) || !isToDo(row), () -> row.where() + " is " + row.state);
      assertTrue(
          row.state.equals("open") || row.why.length() > 3, () -> row.where() + " has no reason");
      assertTrue(!inScope(row) || !row.names.isEmpty(), () -> row.where() + " names no test");
    }
  }

  @Test
  void noTestOfGosIsListedTwice() {
    Set<String> seen = new HashSet<>();
    for (Row row : ROWS) {
      if (inScope(row)) {
        for (String name : row.names) {
          assertTrue(seen.add(row.file + " " + name), () -> row.file + " has twice: " + name);
        }
      }
    }
  }

  @Test
  void eachTestThatIsNamedIsThere() throws IOException {
    for (Row row : ROWS) {
      int named = 0;
      String type = "";
      for (String code : codes(row.why)) {
        Matcher m = METHOD.matcher(code);
        String method = "";
        if (TEST_CLASS.matcher(code).matches()) {
          type = code;
        } else if (m.matches() && isTest(row, m.group(1))) {
          type = resolved(row, m.group(1));
          method = m.group(2);
        } else if (!type.isEmpty() && code.matches("[a-z]\\w+")) {
          method = code;
        } else {
          continue;
        }
        assertThere(row, type, method);
        named += method.isEmpty() ? 0 : 1;
      }
      if (inScope(row) && row.state.equals("covered")) {
        assertTrue(named > 0, row.where() + " is covered, but by which method?");
      }
    }
  }

  private static boolean isTest(Row row, String name) {
    return TEST_CLASS.matcher(resolved(row, name)).matches();
  }

  /** A class, which its section may call by a letter. */
  private static String resolved(Row row, String name) {
    for (Matcher m = ALIAS.matcher(PROSE.getOrDefault(row.section, "")); m.find(); ) {
      if (m.group(1).equals(name)) {
        return m.group(2);
      }
    }
    return name;
  }

  private static void assertThere(Row row, String type, String method) throws IOException {
    List<Path> files = SOURCES.getOrDefault(type, List.of());
    assertTrue(!files.isEmpty(), () -> row.where() + ": no class " + type);
    boolean found = method.isEmpty();
    for (Path file : files) {
      found |= hasTest(Files.readString(file), method);
    }
    assertTrue(found, () -> row.where() + ": no test " + type + "." + method);
  }

  /**
   * Whether there is such a method, and what stands above it up to the end of another is a test.
   */
  private static boolean hasTest(String source, String method) {
    Matcher m = Pattern.compile("\\bvoid " + method + "\\(").matcher(source);
    while (m.find()) {
      String before = source.substring(0, m.start());
      String above = before.substring(before.lastIndexOf("  }\n") + 1);
      if (Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|OnEach)\\b")
          .matcher(above)
          .find()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theNumbersAreThoseOfTheRows() {
    Map<String, int[]> files = new HashMap<>();
    Map<String, int[]> sections = new HashMap<>();
    int[] all = new int[STATES.size()];
    for (Row row : ROWS) {
      int state = STATES.indexOf(row.state);
      int n = row.names.size();
      files.computeIfAbsent(row.file, f -> new int[STATES.size()])[state] += n;
      if (inScope(row)) {
        sections.computeIfAbsent(row.section, s -> new int[STATES.size()])[state] += n;
        all[state] += n;
        assertTrue(COUNTS.matcher(row.file).find(), () -> row.file + " has no numbers");
      }
    }
    sections.put("all", all);
    files.forEach(
        (file, counts) -> {
          Matcher m = COUNTS.matcher(file);
          if (m.find()) {
            for (int i = 0; i < m.groupCount(); i++) {
              assertEquals(counts[i], Integer.parseInt(m.group(i + 1)), file);
            }
          }
        });
    assertEquals(SUMMARY.keySet(), sections.keySet());
    SUMMARY.forEach(
        (section, numbers) -> {
          int[] counts = Objects.requireNonNull(sections.get(section), section);
          for (int i = 0; i < numbers.size(); i++) {
            assertEquals(String.valueOf(counts[i]), numbers.get(i), section);
          }
        });
    assertTrue(all[0] >= 250, () -> "Go's tests that are covered: " + all[0]);
  }
}
