package dev.raddle.http;

import java.util.List;

/**
 * A pattern of {@link ServeMux}, taken apart: {@code [METHOD ][HOST]/[PATH]}.
 *
 * @param text as it was given
 * @param method empty for all
 * @param host empty for all
 * @param segments the path; the last one alone may stand for all the rest
 */
record Pattern(String text, String method, String host, List<Segment> segments) {
  Segment last() {
    return segments.getLast();
  }

  /** Whether it stands for one path only. */
  boolean isLiteral() {
    for (Segment segment : segments) {
      if (segment.wild() || segment.isEnd()) {
        return false;
      }
    }
    return true;
  }

  /** The names of its wildcards, in the order in which they match. */
  List<String> names() {
    return segments.stream()
        .filter(s -> s.wild() && !s.text().isEmpty())
        .map(Segment::text)
        .toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
