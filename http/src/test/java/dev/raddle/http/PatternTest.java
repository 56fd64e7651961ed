package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Follows Go's pattern_test.go: what parses, what does not and why, and which patterns conflict.
 */
class PatternTest {
  /** Follows TestParsePatternError. */
  @ParameterizedTest
  @CsvSource({
    "A=B /, at offset 0: invalid method",
    "' ', at offset 1: host/path missing /",
    "/{w}x, at offset 0: bad wildcard segment (must end with '}')",
    "/x{w}, at offset 0: bad wildcard segment (must start with '{')",
    "/{wx, at offset 0: bad wildcard segment",
    "/a/{/}/c, at offset 2: bad wildcard segment",
    "/a/{%61}/c, at offset 2: bad wildcard name \"%61\"",
    "/{a$}, at offset 0: bad wildcard name",
    "/{}, at offset 0: empty wildcard",
    "POST a.com/x/{}/y, at offset 12: empty wildcard",
    "/{...}, at offset 0: empty wildcard",
    "/{$...}, at offset 0: bad wildcard",
    "/{$}/, at offset 0: {$} not at end",
    "/abc/{$}/x, at offset 4: {$} not at end",
    "/{a...}/, at offset 0: {...} wildcard not at end",
    "{a}/b, at offset 0: host contains '{' (missing initial '/'?)",
    "/a/{x}/b/{x...}, at offset 8: duplicate wildcard name \"x\"",
    "GET //, at offset 4: non-CONNECT pattern with unclean path",
    "/{1a}, at offset 0: bad wildcard name",
  })
  void saysWhereAndWhatIsWrong(String pattern, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> PatternParser.parse(pattern));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  /** Follows TestParsePattern. */
  @ParameterizedTest
  @CsvSource({
    "/, '', '', [/]",
    "GET /a/, GET, '', a[/]",
    "'GET \t b.org/{x}/c/{rest...}', GET, b.org, {x}c{rest...}",
    "a.com/foo/{$}, '', a.com, foo/",
    "/%61%62/%7b/%, '', '', ab{%",
    "CONNECT //, CONNECT, '', ~[/]",
  })
  void takesAPatternApart(String pattern, String method, String host, String segments) {
    Pattern parsed = PatternParser.parse(pattern);
    StringBuilder text = new StringBuilder();
    for (Segment s : parsed.segments()) {
      text.append(
          s.multi() && s.text().isEmpty()
              ? "[/]"
              : s.wild()
                  ? "{" + s.text() + (s.multi() ? "...}" : "}")
                  : s.text().isEmpty() ? "~" : s.text());
    }
    assertEquals(method, parsed.method());
    assertEquals(host, parsed.host());
    assertEquals(segments, text.toString());
  }

  private static final String NAMES = "=><#/"; // equivalent, general, specific, overlaps, disjoint

  /** Follows TestComparePaths; the other direction must say the mirror image. */
  @ParameterizedTest
  @CsvSource({
    "/a, /a, =",
    "/a, /b, /",
    "/a, /, <",
    "/a, /{$}, /",
    "/a, /{x}, <",
    "/a, /{x...}, <",
    "/b, /b/, /",
    "/b, /{x}/, /",
    "/, /, =",
    "/, /{$}, >",
    "/, /{x}, >",
    "/, /{x...}, =",
    "/{$}, /{$}, =",
    "/{$}, /{x}, /",
    "/{$}, /{x...}, <",
    "/a/, /a/{$}, >",
    "/a/, /{$}, /",
    "/{x}, /{y}, =",
    "/{x}, /{y...}, <",
    "/{x}, /{y}/, /",
    "/{x}/{y}, /{y}/{x}, =",
    "/a/{x}, /{x}/b, #",
    "/a/{z}/, /{z}/a/, #",
    "/a/{z}/{m...}, /{z}/a/, #",
    "/{z}/{$}, /a/, #",
    "/{z}/{$}, /a/{x...}, #",
    "/a/{z}/{$}, /{z}/a/, #",
    "/a/{x}/b/{y...}, /{x}/c/{y...}, #",
    "/a/{x}/b, /{x}/c/{y...}, #",
    "/a/{z}/b, /{z}/b/, #",
    "/a/b/{x...}, /a/b/c/d, >",
    "/a/b/c, /a/b/c/d, /",
    "/a/{x}/c, /a/b/{y}, #",
  })
  void pathsCompareAsSetsOfRequests(String a, String b, String relation) {
    Pattern p = PatternParser.parse(a);
    Pattern q = PatternParser.parse(b);
    assertEquals(relation, name(PatternOrder.comparePaths(p, q)));
    String mirror = relation.equals(">") ? "<" : relation.equals("<") ? ">" : relation;
    assertEquals(mirror, name(PatternOrder.comparePaths(q, p)));
  }

  private static String name(int relation) {
    return NAMES.substring(relation, relation + 1);
  }

  /** Follows TestCompareMethods. */
  @ParameterizedTest
  @CsvSource({"GET, GET, =", "GET, '', <", "GET, HEAD, >", "POST, GET, /", "HEAD, '', <"})
  void methodsCompareAsSets(String a, String b, String relation) {
    assertEquals(relation, name(PatternOrder.compareMethods(a, b)));
  }

  /** Follows TestConflictsWith and TestDescribeConflict. */
  @ParameterizedTest
  @CsvSource({
    "/a/{x}, /a/{y}, the same requests",
    "/, /{m...}, the same requests",
    "/a/{x}, /{y}/b, both match some paths",
    "/a, GET /{x}, 'matches more methods than GET /{x}, but has a more specific path pattern'",
    "GET /a, HEAD /, 'matches more methods than HEAD /, but has a more specific path pattern'",
    "POST /, /a, 'matches fewer methods than /a, but has a more general path pattern'",
  })
  void conflictsAreExplained(String a, String b, String words) {
    String why = PatternOrder.conflict(PatternParser.parse(a), PatternParser.parse(b));
    assertNotNull(why);
    assertTrue(why.contains(words), why);
  }

  @ParameterizedTest
  @CsvSource({"/a, /b", "/a, a.com/a", "/a, GET /a", "GET /a, HEAD /a", "/b/, /b/{x}", "/, GET /a"})
  void othersLiveTogether(String a, String b) {
    assertNull(PatternOrder.conflict(PatternParser.parse(a), PatternParser.parse(b)));
    assertNull(PatternOrder.conflict(PatternParser.parse(b), PatternParser.parse(a)));
  }

  /** Follows TestCommonPath and TestDifferencePath: common, only the first, only the second. */
  @ParameterizedTest
  @CsvSource({
    "/a/{x}, /{x}/a, /a/a, /a/x, /x/a",
    "/a/{z}/, /{z}/a/, /a/a/, /a/z/, /z/a/",
    "/{a}/a/, /a/{z}/, /a/a/, /ax/a/, /a/z/",
    "/a/{z}/{m...}, /{z}/a/, /a/a/, /a/z/, /z/a/",
    "/{z}/{$}, /a/, /a/, /z/, /a/x",
    "/{z}/{$}, /a/{foo...}, /a/, /z/, /a/foo",
    "/a/{z}/{$}, /{z}/a/, /a/a/, /a/z/, /z/a/x",
    "/a/{x}/b/{y...}, /{x}/c/{y...}, /a/c/b/, /a/x/b/, /x/c/",
    "/a/{c}/b/, /{x}/c/{y...}, /a/c/b/, /a/cx/b/, /x/c/",
  })
  void examplesAreGiven(String a, String b, String common, String first, String second) {
    Pattern p = PatternParser.parse(a);
    Pattern q = PatternParser.parse(b);
    assertEquals(common, PatternOrder.commonPath(p, q));
    assertEquals(first, PatternOrder.differencePath(p, q));
    assertEquals(second, PatternOrder.differencePath(q, p));
  }
}
