package dev.raddle.http;

import java.util.ArrayList;
import java.util.List;

/** The Range header: RFC 9110, section 14. */
final class Ranges {
  private static final int MAX_RANGES = 200; // more are ignored, as by Go

  /** From which byte, and how many. */
  record Range(long start, long length) {
    String contentRange(long size) {
      return "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
  }

  /** It cannot be understood, or nothing of it is within the content. */
  static final class UnsatisfiableException extends Exception {
    private static final long serialVersionUID = 1L;
    final boolean noOverlap;

    UnsatisfiableException(boolean noOverlap) {
      super(noOverlap ? "invalid range: failed to overlap" : "invalid range");
      this.noOverlap = noOverlap;
    }
  }

  private Ranges() {}

  /** Empty if there is no such header, or it is to be ignored. */
  static List<Range> parse(String header, long size) throws UnsatisfiableException {
    List<Range> ranges = new ArrayList<>();
    if (header.isEmpty()) {
      return ranges;
    }
    if (!header.startsWith("bytes=")) {
      throw new UnsatisfiableException(false);
    }
    String[] specs = header.substring(6).split(",", -1);
    if (specs.length > MAX_RANGES) {
      return ranges;
    }
    boolean beyond = false;
    for (String each : specs) {
      String spec = each.strip();
      if (spec.isEmpty()) {
        continue;
      }
      int dash = spec.indexOf('-');
      if (dash < 0) {
        throw new UnsatisfiableException(false);
      }
      String from = spec.substring(0, dash).strip();
      String to = spec.substring(dash + 1).strip();
      if (from.isEmpty()) { // the last so many bytes
        long length = Math.min(number(to), size);
        ranges.add(new Range(size - length, length));
        continue;
      }
      long start = number(from);
      if (start >= size) {
        beyond = true;
        continue;
      }
      long end = to.isEmpty() ? size - 1 : number(to);
      if (end < start) {
        throw new UnsatisfiableException(false);
      }
      ranges.add(new Range(start, Math.min(end, size - 1) - start + 1));
    }
    if (beyond && ranges.isEmpty()) {
      throw new UnsatisfiableException(true);
    }
    return ranges;
  }

  private static long number(String text) throws UnsatisfiableException {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new UnsatisfiableException(false);
    }
    return Long.parseLong(text);
  }
}
