package dev.raddle.http;

import dev.raddle.http.internal.HttpDate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Conditional requests: RFC 9110, section 13, in its order. */
final class Conditions {
  private enum Outcome {
    ABSENT,
    TRUE,
    FALSE
  }

  private Conditions() {}

  /**
   * Answers 304 or 412 if the conditions want it. The ETag is the one set in the response.
   *
   * @return whether it was answered
   */
  static boolean answered(ResponseWriter w, Request r, @Nullable Instant modified) {
    String etag = w.header().get("Etag");
    Outcome match = match(r.headers().contains("If-Match"), r.header("If-Match"), etag, true);
    if (match == Outcome.ABSENT) {
      match = unmodifiedSince(r, modified);
    }
    if (match == Outcome.FALSE) {
      w.writeHeader(Http.STATUS_PRECONDITION_FAILED);
      return true;
    }
    boolean reads = r.method().equals(Http.METHOD_GET) || r.method().equals(Http.METHOD_HEAD);
    switch (match(r.headers().contains("If-None-Match"), r.header("If-None-Match"), etag, false)) {
      case TRUE -> {
        if (reads) {
          writeNotModified(w);
        } else {
          w.writeHeader(Http.STATUS_PRECONDITION_FAILED);
        }
        return true;
      }
      case ABSENT -> {
        if (unchanged(r, modified)) {
          writeNotModified(w);
          return true;
        }
      }
      case FALSE -> {}
    }
    return false;
  }

  /** Answers 304 if only the time was asked for and fits, and else says the time. */
  static boolean notModified(ResponseWriter w, Request r, @Nullable Instant modified) {
    if (unchanged(r, modified)) {
      writeNotModified(w);
      return true;
    }
    setLastModified(w, modified);
    return false;
  }

  static void setLastModified(ResponseWriter w, @Nullable Instant modified) {
    if (modified != null && modified.getEpochSecond() > 0) {
      w.header().set("Last-Modified", HttpDate.format(modified.getEpochSecond()));
    }
  }

  /** Whether a Range header counts, in view of If-Range. */
  static boolean rangeCounts(ResponseWriter w, Request r, @Nullable Instant modified) {
    String condition = r.header("If-Range");
    if (condition.isEmpty()) {
      return true;
    }
    String tag = ETags.scan(condition);
    if (!tag.isEmpty()) {
      return ETags.strongMatch(tag, w.header().get("Etag"));
    }
    Instant time = HttpDate.parse(condition);
    return time != null && modified != null && time.getEpochSecond() == modified.getEpochSecond();
  }

  /** If-Match compares strongly, If-None-Match weakly. */
  private static Outcome match(boolean there, String list, String etag, boolean strong) {
    if (!there || list.isEmpty()) {
      return Outcome.ABSENT;
    }
    String rest = list;
    while (true) {
      rest = rest.stripLeading();
      if (rest.startsWith(",")) {
        rest = rest.substring(1);
        continue;
      }
      if (rest.startsWith("*")) {
        return Outcome.TRUE;
      }
      String tag = ETags.scan(rest);
      if (tag.isEmpty()) {
        return Outcome.FALSE;
      }
      if (strong ? ETags.strongMatch(tag, etag) : ETags.weakMatch(tag, etag)) {
        return Outcome.TRUE;
      }
      rest = rest.substring(tag.length());
    }
  }

  private static Outcome unmodifiedSince(Request r, @Nullable Instant modified) {
    Instant time = HttpDate.parse(r.header("If-Unmodified-Since"));
    if (time == null || modified == null) {
      return Outcome.ABSENT;
    }
    return modified.truncatedTo(ChronoUnit.SECONDS).isAfter(time) ? Outcome.FALSE : Outcome.TRUE;
  }

  private static boolean unchanged(Request r, @Nullable Instant modified) {
    if (!r.method().equals(Http.METHOD_GET) && !r.method().equals(Http.METHOD_HEAD)) {
      return false;
    }
    String header = r.header("If-Modified-Since");
    Instant time = header.isEmpty() ? null : HttpDate.parse(header);
    return time != null
        && modified != null
        && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(time);
  }

  private static void writeNotModified(ResponseWriter w) {
    Headers headers = w.header();
    headers.del("Content-Type");
    headers.del("Content-Length");
    headers.del("Content-Encoding");
    if (!headers.get("Etag").isEmpty()) {
      headers.del("Last-Modified");
    }
    w.writeHeader(Http.STATUS_NOT_MODIFIED);
  }
}
