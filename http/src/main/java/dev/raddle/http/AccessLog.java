package dev.raddle.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a line for each request: the Combined Log Format, and the time taken. */
public final class AccessLog {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private AccessLog() {}

  /**
   * Wraps a handler.
   *
   * @param handler what answers
   * @param line gets {@code client - user [time] "request" status bytes "referer" "agent" micros}
   *     when it has returned or failed; what a client can choose is escaped. Called by any number
   *     of goroutines
   * @return the handler to register
   */
  public static Handler to(Consumer<String> line, Handler handler) {
    return (w, r) -> {
      long start = System.nanoTime();
      Counting counting = new Counting(w);
      try {
        handler.serveHttp(counting, r);
      } catch (StatusException e) {
        if (counting.status == 0) {
          counting.status = e.status(); // the server will answer so
        }
        throw e;
      } finally {
        line.accept(format(r, counting, System.nanoTime() - start));
      }
    };
  }

  private static String format(Request r, Counting counted, long nanos) {
    String address = r.remoteAddress();
    int colon = address.lastIndexOf(':');
    Request.BasicAuth user = r.basicAuth();
    return (colon < 0 ? address : address.substring(0, colon))
        + " - "
        + (user == null ? "-" : escape(user.username()))
        + " ["
        + TIME.format(Instant.now())
        + "] \""
        + escape(r.toString())
        + "\" "
        + (counted.status == 0 ? Http.STATUS_OK : counted.status)
        + " "
        + counted.bytes
        + " \""
        + escape(r.referer().isEmpty() ? "-" : r.referer())
        + "\" \""
        + escape(r.userAgent().isEmpty() ? "-" : r.userAgent())
        + "\" "
        + nanos / 1000;
  }

  /** A line stays a line, and a quotation mark within it does not end anything. */
  private static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
        out.append(String.format("\\x%02x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static final class Counting implements ResponseWriter {
    private final ResponseWriter writer;
    private int status;
    private long bytes;

    Counting(ResponseWriter writer) {
      this.writer = writer;
    }

    @Override
    public Headers header() {
      return writer.header();
    }

    @Override
    public void writeHeader(int newStatus) {
      if (status == 0 && newStatus >= 200) {
        status = newStatus;
      }
      writer.writeHeader(newStatus);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      bytes += length;
      writer.write(source, offset, length);
    }

    @Override
    public void flush() {
      writer.flush();
    }

    @Override
    public @Nullable ResponseWriter unwrap() {
      return writer;
    }
  }
}
