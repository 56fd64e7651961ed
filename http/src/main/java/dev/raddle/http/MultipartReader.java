package dev.raddle.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartCompliance;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a body one by one: Go's {@code multipart.Reader}, on Jetty's parser. For one thread
 * at a time. At most 1000 parts, and 10 KB of headers each.
 */
public final class MultipartReader {
  private static final int PIECE_BYTES = 4096;
  private static final int MAX_PARTS = 1000; // Go's
  private static final int MAX_PART_HEADERS_BYTES = 10 << 10;

  /** What the parser has found: the headers of a part, bytes of it, its end, the end of all. */
  private sealed interface Event {
    record Start(Headers headers) implements Event {}

    record Bytes(byte[] bytes) implements Event {}

    record PartEnd() implements Event {}

    record End() implements Event {}

    record Failure(Throwable cause) implements Event {}
  }

  private final InputStream body;
  private final MultiPart.Parser parser;
  private final Deque<Event> events = new ArrayDeque<>();
  private boolean exhausted;
  private @Nullable Part current;

  MultipartReader(InputStream body, String boundary) {
    this.body = body;
    parser = new MultiPart.Parser(boundary, MultiPartCompliance.RFC7578, new Listener());
    parser.setMaxParts(MAX_PARTS);
    parser.setPartHeadersMaxLength(MAX_PART_HEADERS_BYTES);
  }

  /**
   * Waits for the next part. What is unread of the one before is skipped.
   *
   * @return the part; null at the end
   * @throws FormException if the body is malformed, or has too many parts
   * @throws IOException if it cannot be read
   */
  public @Nullable Part nextPart() throws IOException {
    if (current != null) {
      current.body().transferTo(java.io.OutputStream.nullOutputStream());
      current = null;
    }
    return switch (next()) {
      case Event.Start start -> {
        current = new Part(start.headers(), new PartBody());
        yield current;
      }
      case Event.End end -> {
        events.add(end);
        yield null;
      }
      default -> throw new FormException("multipart: malformed body", null);
    };
  }

  /**
   * Reads all parts.
   *
   * @param maxMemoryBytes how much of files is kept in memory; values may have 10 MB more
   * @return the form
   * @throws IOException as {@link #nextPart}, or if a file cannot be kept
   */
  public MultipartForm readForm(long maxMemoryBytes) throws IOException {
    return MultipartForm.read(this, maxMemoryBytes);
  }

  private Event next() throws IOException {
    while (events.isEmpty()) {
      byte[] piece = new byte[PIECE_BYTES];
      int n = exhausted ? -1 : body.read(piece);
      if (n < 0) {
        if (exhausted) {
          throw new EOFException("multipart: NextPart: EOF");
        }
        exhausted = true;
        parser.parse(Content.Chunk.EOF);
      } else {
        parser.parse(Content.Chunk.from(ByteBuffer.wrap(piece, 0, n), false));
      }
    }
    Event event = events.remove();
    if (event instanceof Event.Failure failure) {
      events.add(event);
      if (failure.cause instanceof EOFException) {
        throw new EOFException("unexpected EOF");
      }
      throw new FormException("multipart: " + failure.cause.getMessage(), failure.cause);
    }
    return event;
  }

  private final class Listener implements MultiPart.Parser.Listener {
    private Headers headers = new Headers();

    @Override
    public void onPartBegin() {
      headers = new Headers();
    }

    @Override
    public void onPartHeader(String name, String value) {
      headers.add(name, value);
    }

    @Override
    public void onPartHeaders() {
      events.add(new Event.Start(headers));
    }

    @Override
    public void onPartContent(Content.Chunk chunk) {
      byte[] bytes = new byte[chunk.getByteBuffer().remaining()];
      chunk.getByteBuffer().get(bytes);
      if (bytes.length > 0) {
        events.add(new Event.Bytes(bytes));
      }
    }

    @Override
    public void onPartEnd() {
      events.add(new Event.PartEnd());
    }

    @Override
    public void onComplete() {
      events.add(new Event.End());
    }

    @Override
    public void onFailure(Throwable failure) {
      events.add(new Event.Failure(failure));
    }
  }

  private final class PartBody extends InputStream {
    private byte[] bytes = {};
    private int at;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (at == bytes.length) {
        if (ended) {
          return -1;
        }
        switch (next()) {
          case Event.Bytes more -> {
            bytes = more.bytes();
            at = 0;
          }
          case Event.PartEnd end -> ended = true;
          default -> throw new FormException("multipart: malformed body", null);
        }
      }
      int n = Math.min(length, bytes.length - at);
      System.arraycopy(bytes, at, target, offset, n);
      at += n;
      return n;
    }
  }
}
