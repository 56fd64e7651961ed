package dev.raddle.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares patterns by the sets of requests they match. A comparison is a set of two facts: the
 * first matches something that the second does not, and the other way round; or the two have
 * nothing in common.
 */
final class PatternOrder {
  static final int EQUIVALENT = 0;
  static final int MORE_GENERAL = 1; // the first matches something that the second does not
  static final int MORE_SPECIFIC = 2;
  static final int OVERLAPS = MORE_GENERAL | MORE_SPECIFIC;
  static final int DISJOINT = 4;

  private PatternOrder() {}

  /**
   * Says why two patterns cannot be registered together: neither is the more specific one.
   *
   * @return null if they can
   */
  static @Nullable String conflict(Pattern a, Pattern b) {
    if (!a.host().equals(b.host())) {
      return null; // other hosts, or the one with a host wins
    }
    int methods = compareMethods(a.method(), b.method());
    int paths = comparePaths(a, b);
    int both = both(methods, paths);
    if (both == EQUIVALENT) {
      return a + " matches the same requests as " + b;
    }
    if (both != OVERLAPS) {
      return null;
    }
    if (paths != OVERLAPS) {
      return a
          + (methods == MORE_GENERAL
              ? " matches more methods than " + b + ", but has a more specific path pattern"
              : " matches fewer methods than " + b + ", but has a more general path pattern");
    }
    return a
        + " and "
        + b
        + " both match some paths, like \""
        + commonPath(a, b)
        + "\".\n"
        + "But neither is more specific than the other.\n"
        + a
        + " matches \""
        + differencePath(a, b)
        + "\", but "
        + b
        + " doesn't.\n"
        + b
        + " matches \""
        + differencePath(b, a)
        + "\", but "
        + a
        + " doesn't.";
  }

  static int compareMethods(String a, String b) {
    if (a.equals(b)) {
      return EQUIVALENT;
    }
    if (a.isEmpty() || (a.equals(Http.METHOD_GET) && b.equals(Http.METHOD_HEAD))) {
      return MORE_GENERAL;
    }
    if (b.isEmpty() || (b.equals(Http.METHOD_GET) && a.equals(Http.METHOD_HEAD))) {
      return MORE_SPECIFIC;
    }
    return DISJOINT;
  }

  static int comparePaths(Pattern p, Pattern q) {
    List<Segment> a = p.segments();
    List<Segment> b = q.segments();
    int result = EQUIVALENT;
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      result = both(result, compare(a.get(i), b.get(i)));
    }
    if (a.size() < b.size()) {
      return both(result, p.last().multi() ? MORE_GENERAL : DISJOINT);
    }
    if (b.size() < a.size()) {
      return both(result, q.last().multi() ? MORE_SPECIFIC : DISJOINT);
    }
    return result;
  }

  private static int compare(Segment a, Segment b) {
    if (a.multi() || b.multi()) {
      return (a.multi() ? MORE_GENERAL : 0) ^ (b.multi() ? MORE_SPECIFIC : 0) ^ neither(a, b);
    }
    if (a.wild() && b.wild()) {
      return EQUIVALENT;
    }
    if (a.wild()) {
      return b.isEnd() ? DISJOINT : MORE_GENERAL;
    }
    if (b.wild()) {
      return a.isEnd() ? DISJOINT : MORE_SPECIFIC;
    }
    return a.text().equals(b.text()) ? EQUIVALENT : DISJOINT;
  }

  /** Takes both facts back if both segments stand for all the rest. */
  private static int neither(Segment a, Segment b) {
    return a.multi() && b.multi() ? OVERLAPS : 0;
  }

  private static int both(int a, int b) {
    return ((a | b) & DISJOINT) != 0 ? DISJOINT : a | b;
  }

  /** A path that both match, for two that overlap. */
  static String commonPath(Pattern p, Pattern q) {
    StringBuilder path = new StringBuilder();
    List<Segment> longer = p.segments().size() >= q.segments().size() ? p.segments() : q.segments();
    int common = Math.min(p.segments().size(), q.segments().size());
    for (int i = 0; i < common; i++) {
      Segment a = p.segments().get(i);
      path.append(a.wild() ? q.segments().get(i).example() : a.example());
    }
    append(path, longer, common);
    return path.toString();
  }

  /** A path that the first matches and the second does not, if there is one. */
  static String differencePath(Pattern p, Pattern q) {
    StringBuilder path = new StringBuilder();
    List<Segment> a = p.segments();
    List<Segment> b = q.segments();
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      Segment s = a.get(i);
      Segment t = b.get(i);
      if (s.multi()) {
        path.append('/');
        if (t.isEnd()) {
          path.append(s.text().isEmpty() ? "x" : s.text());
        }
        return path.toString();
      }
      if (t.multi()) {
        append(path, a, i);
        return path.toString();
      }
      path.append(s.example());
      if (s.wild() && !t.wild() && s.text().equals(t.text())) {
        path.append('x');
      }
    }
    append(path, a, common);
    return path.toString();
  }

  private static void append(StringBuilder path, List<Segment> segments, int from) {
    for (Segment segment : segments.subList(from, segments.size())) {
      path.append(segment.example());
    }
  }
}
