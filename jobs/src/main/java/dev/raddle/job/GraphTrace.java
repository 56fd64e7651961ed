package dev.raddle.job;

import dev.raddle.internal.util.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What ran when in one run of a graph. */
final class GraphTrace {
  private final long origin = now();
  private final ConcurrentLinkedQueue<Span> spans = new ConcurrentLinkedQueue<>();

  private record Span(String name, long start, long end) {}

  static long now() {
    return Clock.nanoTime();
  }

  /** A job has run from {@code start} until now. */
  void add(String name, long start) {
    spans.add(new Span(name, start, now()));
  }

  /** Chrome's trace format. */
  String toJson() {
    List<Span> sorted = new ArrayList<>(spans);
    sorted.sort(Comparator.comparingLong(s -> s.start - origin));
    List<Long> laneEnds = new ArrayList<>();
    var json = new StringBuilder("[");
    for (Span s : sorted) {
      int lane = freeLane(laneEnds, s.start - origin);
      laneEnds.set(lane, s.end - origin);
      json.append(json.length() == 1 ? "\n" : ",\n")
          .append("{\"name\":\"")
          .append(escaped(s.name))
          .append(
              String.format(
                  Locale.ROOT,
                  "\",\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"ts\":%.3f,\"dur\":%.3f}",
                  lane + 1,
                  (s.start - origin) / 1e3,
                  (s.end - s.start) / 1e3));
    }
    return json.append("\n]\n").toString();
  }

  /** The first line of the picture that is free from then on. */
  private static int freeLane(List<Long> ends, long start) {
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i) <= start) {
        return i;
      }
    }
    ends.add(0L);
    return ends.size() - 1;
  }

  private static String escaped(String s) {
    var out = new StringBuilder();
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
