package dev.raddle.http.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection, one after the other, with Jetty's parser in its strict
 * mode.
 *
 * <p>The parser calls back; this class turns that into plain blocking calls: {@link #readHead},
 * then {@link #readBody} until it is -1. Used by one thread at a time.
 */
public final class RequestParser implements HttpParser.RequestHandler {
  private static final int BUFFER_BYTES = 4096; // as Go's bufio.Reader
  private static final int HEAD_SLACK_BYTES = 4096; // Go allows this much above its limit

  static {
    JettyLogging.quiet();
  }

  /** Where the bytes come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads at least one byte, waiting for it.
     *
     * @param target where they go
     * @return how many were read, -1 at the end
     * @throws IOException if the connection is broken
     */
    int read(ByteBuffer target) throws IOException;
  }

  private final Source source;
  private final HttpParser parser;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private RequestHead head = new RequestHead();
  private @Nullable ByteBuffer content; // read from the buffer, not yet asked for
  private @Nullable BadRequest failure;
  private boolean headComplete;
  private boolean messageComplete;
  private boolean bodyBroken;
  private boolean otherTransferEncoding;
  private boolean chunked;
  private boolean eof;

  /**
   * Makes a parser.
   *
   * @param source the connection
   * @param maxHeaderBytes the longest head that is read, request line included, give or take 4 KB
   */
  public RequestParser(Source source, int maxHeaderBytes) {
    this.source = source;
    parser = new HttpParser(this, maxHeaderBytes + HEAD_SLACK_BYTES, HttpCompliance.STRICT);
    parser.setHeaderCacheSize(0); // a table of some KB for each connection, for a few names
    parser.setHeaderCacheCaseSensitive(true); // values as they were sent
  }

  /**
   * Waits for the next request and reads its head. What is left of the body before it must have
   * been read.
   *
   * @return the head, or null if the client has closed the connection
   * @throws BadRequest if it is not acceptable; nothing more can be read
   * @throws IOException if the connection is broken
   */
  public @Nullable RequestHead readHead() throws IOException {
    parser.reset();
    head = new RequestHead();
    headComplete = false;
    messageComplete = false;
    otherTransferEncoding = false;
    chunked = false;
    while (true) {
      if (buffer.hasRemaining() || eof) {
        parser.parseNext(buffer);
      }
      if (failure != null) {
        throw otherTransferEncoding ? BadRequest.unsupportedTransferEncoding() : failure;
      }
      if (headComplete) {
        break;
      }
      if (eof) {
        return null;
      }
      fill();
    }
    if (otherTransferEncoding) {
      throw BadRequest.unsupportedTransferEncoding();
    }
    if (chunked && !head.http11) {
      throw new BadRequest(400, ""); // RFC 9112, 6.1: the framing is suspect
    }
    head.contentLength = chunked ? -1 : Math.max(parser.getContentLength(), 0);
    if (head.contentLength == 0) {
      parser.parseNext(buffer); // finishes the message; takes no byte of the next one
    }
    return head;
  }

  /**
   * Reads a part of the body, waiting for at least one byte.
   *
   * @param target where the bytes go
   * @param offset the first place
   * @param length at most this many; more than 0
   * @return how many were read, -1 at the end of the body
   * @throws EOFException if the client stopped in the middle
   * @throws IOException if the body's framing is wrong or the connection is broken
   */
  public int readBody(byte[] target, int offset, int length) throws IOException {
    while (true) {
      if (content != null) {
        int n = Math.min(length, content.remaining());
        content.get(target, offset, n);
        if (!content.hasRemaining()) {
          content = null;
        }
        return n;
      }
      if (messageComplete) {
        return -1;
      }
      if (bodyBroken) {
        throw broken();
      }
      parser.parseNext(buffer);
      if (content == null && !messageComplete && !bodyBroken) {
        if (eof) {
          bodyBroken = true;
        } else if (!buffer.hasRemaining()) {
          fill();
        }
      }
    }
  }

  private IOException broken() {
    return eof
        ? new EOFException("unexpected EOF")
        : new IOException("malformed request body: expected a valid chunk");
  }

  /**
   * Says whether the request has been read to its end.
   *
   * @return true if {@link #readBody} has nothing more to give
   */
  public boolean isComplete() {
    return messageComplete && content == null;
  }

  /**
   * Returns how much of a body of known length is still to be read.
   *
   * @return the number of bytes; 0 if the body is chunked
   */
  public long unread() {
    long pending = content == null ? 0 : content.remaining();
    return chunked ? 0 : head.contentLength - parser.getContentRead() + pending;
  }

  private void fill() throws IOException {
    buffer.clear();
    int n;
    try {
      n = source.read(buffer);
    } finally {
      buffer.flip();
    }
    if (n < 0) {
      eof = true;
      parser.atEOF();
    }
  }

  @Override
  public void startRequest(String method, String target, HttpVersion version) {
    head.method = method;
    head.target = target;
    head.http11 = version == HttpVersion.HTTP_1_1;
    if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
      failure = new BadRequest(505, "unsupported protocol version");
    }
  }

  @Override
  public void parsedHeader(HttpField field) {
    String name = field.getName();
    String value = HeaderText.decode(field.getValue());
    if (field.getHeader() == null) {
      head.add(HeaderText.canonicalName(name), value);
      return;
    }
    switch (field.getHeader()) {
      case HOST -> {
        head.host = value;
        return;
      }
      case TRANSFER_ENCODING -> {
        chunked = value.equalsIgnoreCase("chunked");
        otherTransferEncoding |= !chunked;
        return;
      }
      case CONNECTION -> {
        head.wantsClose |= HeaderText.hasToken(value, "close");
        head.wantsKeepAlive |= HeaderText.hasToken(value, "keep-alive");
      }
      case EXPECT -> head.expect = value;
      default -> {}
    }
    head.add(HeaderText.canonicalName(name), value);
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
    messageComplete = true;
    return true;
  }

  @Override
  public void earlyEOF() {
    bodyBroken = true;
  }

  @Override
  public void badMessage(HttpException e) {
    if (failure == null) {
      failure = JettyFailure.toBadRequest(e);
    }
  }
}
