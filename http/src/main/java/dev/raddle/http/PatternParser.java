package dev.raddle.http;

import dev.raddle.http.internal.Escapes;
import dev.raddle.http.internal.HeaderText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads patterns, and says in Go's words, with the place, what is wrong with one. */
final class PatternParser {
  private final String text;
  private final List<Segment> segments = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private PatternParser(String text) {
    this.text = text;
  }

  static Pattern parse(String text) {
    return new PatternParser(text).parse();
  }

  private Pattern parse() {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "http: invalid pattern, expected [METHOD ][HOST]/[PATH], found nothing");
    }
    int blank = 0;
    while (blank < text.length() && text.charAt(blank) != ' ' && text.charAt(blank) != '\t') {
      blank++;
    }
    String method = "";
    int start = 0;
    if (blank < text.length()) {
      method = text.substring(0, blank);
      if (!method.isEmpty() && !HeaderText.isValidName(method)) {
        throw wrong(0, "invalid method \"" + method + "\"");
      }
      start = blank;
      while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
        start++;
      }
    }
    int slash = text.indexOf('/', start);
    if (slash < 0) {
      throw wrong(start, "host/path missing /");
    }
    String host = text.substring(start, slash);
    if (host.indexOf('{') >= 0) {
      throw wrong(start + host.indexOf('{'), "host contains '{' (missing initial '/'?)");
    }
    String path = text.substring(slash);
    if (!method.equals(Http.METHOD_CONNECT) && !Paths.clean(path).equals(path)) {
      throw wrong(slash, "non-CONNECT pattern with unclean path can never match");
    }
    segments(slash);
    return new Pattern(text, method, host, List.copyOf(segments));
  }

  private void segments(int slash) {
    int at = slash;
    while (at < text.length()) {
      int from = at + 1;
      if (from == text.length()) {
        segments.add(new Segment("", true, true)); // a slash at the end: all below it
        return;
      }
      int next = text.indexOf('/', from);
      int end = next < 0 ? text.length() : next;
      segment(at, text.substring(from, end), end == text.length());
      at = end;
    }
  }

  private void segment(int at, String segment, boolean last) {
    int brace = segment.indexOf('{');
    if (brace < 0) {
      String decoded = Escapes.path(segment);
      segments.add(Segment.literal(decoded == null ? segment : decoded));
      return;
    }
    if (brace != 0) {
      throw wrong(at, "bad wildcard segment (must start with '{')");
    }
    if (!segment.endsWith("}")) {
      throw wrong(at, "bad wildcard segment (must end with '}')");
    }
    String name = segment.substring(1, segment.length() - 1);
    if (name.equals("$")) {
      if (!last) {
        throw wrong(at, "{$} not at end");
      }
      segments.add(Segment.END);
      return;
    }
    boolean multi = name.endsWith("...");
    if (multi) {
      name = name.substring(0, name.length() - 3);
      if (!last) {
        throw wrong(at, "{...} wildcard not at end");
      }
    }
    if (name.isEmpty()) {
      throw wrong(at, "empty wildcard");
    }
    if (!isIdentifier(name)) {
      throw wrong(at, "bad wildcard name \"" + name + "\"");
    }
    if (!names.add(name)) {
      throw wrong(at, "duplicate wildcard name \"" + name + "\"");
    }
    segments.add(new Segment(name, true, multi));
  }

  /** Go's identifiers: letters, digits and underscores. */
  private static boolean isIdentifier(String name) {
    return !Character.isDigit(name.codePointAt(0))
        && name.codePoints().allMatch(c -> c == '_' || Character.isLetterOrDigit(c));
  }

  private IllegalArgumentException wrong(int offset, String what) {
    return new IllegalArgumentException(
        "parsing \"" + text + "\": at offset " + offset + ": " + what);
  }
}
