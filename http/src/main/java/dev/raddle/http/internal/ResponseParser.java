package dev.raddle.http.internal;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses on one connection, one after the other, with Jetty's parser in its strict
 * mode: {@link #readHead}, then {@link #readBody} until it is -1. Used by one thread at a time.
 */
public final class ResponseParser extends MessageParser implements HttpParser.ResponseHandler {
  private static final int MAX_HEADER_LINES = 10_000;

  /** A status line and the header lines after it. */
  public static final class Head {
    /** Three digits. */
    public int status;

    /** What follows them; may be empty. */
    public String reason = "";

    /** True for HTTP/1.1, false for HTTP/1.0. */
    public boolean http11;

    /** Name, value, name, value; names in canonical case. */
    public final List<String> lines = new ArrayList<>();

    /** Whether the connection can be used again once the body has been read. */
    public boolean keepsConnection;

    /** -1 if it is not known beforehand. */
    public long contentLength;
  }

  private static final Head NONE = new Head();

  private final HttpParser own;
  private Head head = NONE;
  private @Nullable IOException failure;
  private boolean otherTransferEncoding;
  private boolean closes;
  private boolean keepAlive;

  /**
   * Makes a parser.
   *
   * @param source the connection
   * @param maxHeaderBytes the longest head that is read
   */
  public ResponseParser(Source source, int maxHeaderBytes) {
    super(source, MAX_HEADER_LINES);
    own = new HttpParser(this, maxHeaderBytes, HttpCompliance.STRICT);
    use(own);
  }

  /**
   * Waits for the next response and reads its head. What is left of the body before it must have
   * been read.
   *
   * @param toHead whether the request was HEAD, so that there is no body
   * @return the head
   * @throws EOFException if the server closes the connection instead
   * @throws IOException if it is malformed, or the connection is broken
   */
  public Head readHead(boolean toHead) throws IOException {
    head = new Head();
    otherTransferEncoding = false;
    closes = false;
    keepAlive = false;
    startMessage();
    own.setHeadResponse(toHead);
    while (!headComplete) {
      try {
        parseMore();
      } catch (AssertionError e) {
        // Jetty asserts that the status of its own exception, which it takes from the response, is
        // an error: a JVM that runs with -ea throws this in place of the exception.
        throw new IOException("net/http: malformed HTTP response", e);
      }
      if (failure != null) {
        throw failure;
      }
      if (!headComplete && eof) {
        throw new EOFException("unexpected EOF");
      }
      if (!headComplete) {
        fill();
      }
    }
    if (otherTransferEncoding) {
      throw new IOException("net/http: unsupported transfer encoding");
    }
    boolean none = toHead || head.status < 200 || head.status == 204 || head.status == 304;
    long declared = declaredLength();
    long length = chunked || declared < 0 ? -1 : declared;
    head.contentLength = none && !toHead ? 0 : length;
    head.keepsConnection =
        !closes && (head.http11 || keepAlive) && (none || chunked || length >= 0);
    expectBody(none ? 0 : length);
    return head;
  }

  /** Lets go of the last response; the caller has it, if it needs it. */
  public void forget() {
    head = NONE;
  }

  @Override
  public void startResponse(HttpVersion version, int status, @Nullable String reason) {
    head.status = status;
    head.reason = reason == null ? "" : reason;
    head.http11 = version == HttpVersion.HTTP_1_1;
  }

  @Override
  public void parsedHeader(HttpField field) {
    String name = field.getName();
    String value = HeaderText.decode(field.getValue());
    if (field.getHeader() != null) {
      switch (field.getHeader()) {
        case TRANSFER_ENCODING -> {
          chunked = value.equalsIgnoreCase("chunked");
          otherTransferEncoding |= !chunked;
          return;
        }
        case CONNECTION -> {
          closes |= HeaderText.hasToken(value, "close");
          keepAlive |= HeaderText.hasToken(value, "keep-alive");
        }
        default -> {}
      }
    }
    head.lines.add(HeaderText.canonicalName(name));
    head.lines.add(value);
  }

  @Override
  public void badMessage(HttpException e) {
    if (failure == null) {
      failure =
          new IOException(
              e.getCode() == 431
                  ? "net/http: server response headers exceeded their limit; aborted"
                  : "net/http: malformed HTTP response: " + e.getReason());
    }
  }
}
