package dev.raddle.http.internal;

import dev.raddle.http.spi.BodyReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages one after the other with Jetty's parser: what requests and responses have in
 * common, above all the body. The parser calls back; this class turns that into plain blocking
 * calls. Used by one thread at a time.
 */
abstract class MessageParser implements HttpParser.HttpHandler, BodyReader {
  private static final int BUFFER_BYTES = 4096; // as Go's bufio.Reader

  /** What may be sent around a chunked body: sizes, extensions, trailer. */
  private static final long FREE_OVERHEAD_BYTES = 64 << 10;

  private static final int OVERHEAD_PER_BYTE = 16; // Go lets pass 16 for each chunk, and its data

  static {
    JettyLogging.quiet();
  }

  private Source source;
  final int maxHeaderValues;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private @Nullable HttpParser parser;
  private @Nullable ByteBuffer content; // read from the buffer, not yet asked for
  private boolean messageComplete = true; // there is none
  private boolean bodyBroken;
  private long bodyRead;
  private long bodyReceived; // with what is around it
  private long bodyLength; // -1 if it is not known beforehand
  private List<String> trailer = List.of(); // name, value, name, value
  boolean headComplete;
  boolean chunked;
  boolean eof;

  MessageParser(Source source, int maxHeaderValues) {
    this.source = source;
    this.maxHeaderValues = maxHeaderValues;
  }

  /** To be called by the constructor below. */
  final void use(HttpParser newParser) {
    parser = newParser;
    newParser.setHeaderCacheSize(0); // a table of some KB for each connection, for a few names
    newParser.setHeaderCacheCaseSensitive(true); // values as they were sent
  }

  private HttpParser parser() {
    if (parser == null) {
      throw new IllegalStateException("a parser was expected, none is there");
    }
    return parser;
  }

  /**
   * Reads from another connection from now on.
   *
   * @param newSource where nothing of a message has been read
   */
  public final void connect(Source newSource) {
    source = newSource;
  }

  /**
   * Says whether it is between two messages and has read nothing of the next one, so that it can
   * serve another connection.
   *
   * @return false also after an end or a failure within a message
   */
  public final boolean isBetweenMessages() {
    return isComplete() && !buffer.hasRemaining() && !eof && !bodyBroken;
  }

  final void startMessage() {
    trailer = List.of();
    headComplete = false;
    messageComplete = false;
    chunked = false;
    parser().reset();
  }

  final void parseMore() {
    if (buffer.hasRemaining() || eof) {
      parser().parseNext(buffer);
    }
  }

  final long declaredLength() {
    return parser().getContentLength();
  }

  /** The head is complete. */
  final void expectBody(long length) {
    bodyLength = length;
    bodyRead = 0;
    bodyReceived = 0;
    if (length == 0 && !messageComplete) {
      parser().parseNext(buffer); // finishes the message; takes no byte of the next one
    }
  }

  /**
   * Waits until there is something of the next message.
   *
   * @return false if the peer has closed the connection instead
   * @throws IOException if the connection is broken
   */
  public final boolean await() throws IOException {
    if (!buffer.hasRemaining() && !eof) {
      receive(); // the end is no end of a message: the parser is not told
    }
    return buffer.hasRemaining();
  }

  /**
   * Reads a part of the body, waiting for at least one byte.
   *
   * @param target where the bytes go
   * @param offset the first place
   * @param length at most this many; more than 0
   * @return how many were read, -1 at the end of the body
   * @throws EOFException if the peer stopped in the middle
   * @throws IOException if the body's framing is wrong or the connection is broken
   */
  @Override
  public final int readBody(byte[] target, int offset, int length) throws IOException {
    while (true) {
      if (content != null) {
        int n = Math.min(length, content.remaining());
        content.get(target, offset, n);
        bodyRead += n;
        if (!content.hasRemaining()) {
          content = null;
          if (bodyLength >= 0 && parser().getContentRead() >= bodyLength) {
            parser().parseNext(buffer); // finishes the message; takes no byte of the next one
          }
        }
        return n;
      }
      if (messageComplete) {
        return -1;
      }
      if (bodyBroken) {
        throw broken();
      }
      parser().parseNext(buffer);
      if (content == null && !messageComplete && !bodyBroken) {
        if (eof) {
          bodyBroken = true;
        } else if (!buffer.hasRemaining()) {
          fill();
          bodyReceived += buffer.remaining();
          if (chunked && bodyReceived > FREE_OVERHEAD_BYTES + OVERHEAD_PER_BYTE * bodyRead) {
            bodyBroken = true; // chunk extensions, which cost us work and carry nothing
          }
        }
      }
    }
  }

  private IOException broken() {
    return eof
        ? new EOFException("unexpected EOF")
        : new IOException("malformed body: expected a valid chunk");
  }

  /**
   * Says whether the message has been read to its end.
   *
   * @return true if {@link #readBody} has nothing more to give
   */
  @Override
  public final boolean isComplete() {
    return messageComplete && content == null;
  }

  /**
   * Says whether something has been read that belongs to no message yet.
   *
   * @return true if bytes are left over
   */
  public final boolean hasLeftovers() {
    return buffer.hasRemaining();
  }

  /**
   * Returns how much of a body of known length is still to be read.
   *
   * @return the number of bytes; 0 if the body is chunked
   */
  @Override
  public final long unread() {
    long pending = content == null ? 0 : content.remaining();
    return bodyLength < 0 ? 0 : bodyLength - parser().getContentRead() + pending;
  }

  /**
   * Returns the header lines behind the body, once that has been read.
   *
   * @return name, value, name, value and so on
   */
  @Override
  public final List<String> trailer() {
    return trailer;
  }

  /**
   * Takes what has been read from the connection and not been used. Nothing more can be read here.
   *
   * @return the bytes
   */
  public final byte[] takeBuffered() {
    int inContent = content == null ? 0 : content.remaining();
    byte[] bytes = new byte[inContent + buffer.remaining()];
    if (content != null) {
      content.get(bytes, 0, inContent);
    }
    buffer.get(bytes, inContent, buffer.remaining());
    return bytes;
  }

  final void fill() throws IOException {
    if (receive() < 0) {
      eof = true;
      parser().atEOF();
    }
  }

  private int receive() throws IOException {
    buffer.clear();
    try {
      return source.read(buffer);
    } finally {
      buffer.flip();
    }
  }

  @Override
  public void parsedTrailer(HttpField field) {
    if (trailer.isEmpty()) {
      trailer = new ArrayList<>();
    }
    if (trailer.size() / 2 >= maxHeaderValues) {
      bodyBroken = true;
      return;
    }
    trailer.add(HeaderText.canonicalName(field.getName()));
    trailer.add(HeaderText.decode(field.getValue()));
  }

  @Override
  public boolean headerComplete() {
    headComplete = true;
    return true;
  }

  @Override
  public boolean content(ByteBuffer item) {
    content = item.hasRemaining() ? item : null;
    return true;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public boolean messageComplete() {
    if (chunked && eof) {
      bodyBroken = true; // Jetty is content with a last chunk that is cut off; Go is not
    }
    messageComplete = !bodyBroken; // by too long a trailer, for example
    return true;
  }

  @Override
  public void earlyEOF() {
    bodyBroken = true;
  }
}
