package dev.raddle.http;

import org.jspecify.annotations.Nullable;

/**
 * Sends events to a browser's EventSource: Server-Sent Events of the HTML standard. Each event is
 * flushed. When the client has left, a call throws {@link java.io.UncheckedIOException}.
 */
public final class EventStream {
  private final ResponseWriter writer;

  /**
   * Starts the response.
   *
   * @param writer what the handler was given, before anything is written
   */
  public EventStream(ResponseWriter writer) {
    this.writer = writer;
    Headers headers = writer.header();
    headers.set("Content-Type", "text/event-stream");
    headers.set("Cache-Control", "no-cache");
    headers.set("X-Accel-Buffering", "no"); // nginx would collect events
    writer.flush();
  }

  /**
   * Sends an event of the type {@code message}.
   *
   * @param data may have several lines
   */
  public void send(String data) {
    send(null, null, data);
  }

  /**
   * Sends an event.
   *
   * @param event its type; null for {@code message}
   * @param id what the browser sends as Last-Event-ID when it connects again; null for none
   * @param data may have several lines
   * @throws IllegalArgumentException if type or id have a line end, or the id a NUL
   */
  public void send(@Nullable String event, @Nullable String id, String data) {
    StringBuilder text = new StringBuilder(data.length() + 16);
    if (event != null) {
      text.append("event: ").append(oneLine("event", event)).append('\n');
    }
    if (id != null) {
      text.append("id: ").append(oneLine("id", id)).append('\n');
    }
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append("data: ").append(line).append('\n');
    }
    writer.write(text.append('\n').toString());
    writer.flush();
  }

  /** Sends something that is no event, so that no proxy thinks the connection dead. */
  public void keepAlive() {
    writer.write(":\n\n");
    writer.flush();
  }

  private static String oneLine(String what, String value) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " of an event: expected one line, found " + value);
    }
    return value;
  }
}
