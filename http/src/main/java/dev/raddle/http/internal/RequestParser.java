package dev.raddle.http.internal;

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
 * Reads the requests of one connection, one after the other, with Jetty's parser in its strict
 * mode.
 *
 * <p>The parser calls back; this class turns that into plain blocking calls: {@link #readHead},
 * then {@link #readBody} until it is -1. Used by one thread at a time.
 */
public final class RequestParser extends MessageParser implements HttpParser.RequestHandler {
  private static final int HEAD_SLACK_BYTES = 4096; // Go allows this much above its limit

  private static final RequestHead NONE = new RequestHead();

  private RequestHead head = NONE;
  private @Nullable BadRequest failure;
  private boolean otherTransferEncoding;
  private int headerValues;
  private List<String> announced = List.of();

  /**
   * Makes a parser.
   *
   * @param source the connection
   * @param maxHeaderBytes the longest head that is read, request line included, give or take 4 KB
   * @param maxHeaderValues the most header lines
   */
  public RequestParser(Source source, int maxHeaderBytes, int maxHeaderValues) {
    super(source, maxHeaderValues);
    use(new HttpParser(this, maxHeaderBytes + HEAD_SLACK_BYTES, HttpCompliance.STRICT));
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
    headerValues = 0;
    announced = List.of();
    head = new RequestHead();
    otherTransferEncoding = false;
    startMessage();
    while (!headComplete) {
      parseMore();
      if (failure != null) {
        throw otherTransferEncoding ? BadRequest.unsupportedTransferEncoding() : failure;
      }
      if (!headComplete && eof) {
        return null;
      }
      if (!headComplete) {
        fill();
      }
    }
    if (otherTransferEncoding) {
      throw BadRequest.unsupportedTransferEncoding();
    }
    if (chunked && !head.http11) {
      throw new BadRequest(400, ""); // RFC 9112, 6.1: the framing is suspect
    }
    if (chunked) {
      head.announced = announced;
    } else {
      for (String name : announced) {
        head.add("Trailer", name); // without chunks it announces nothing
      }
    }
    head.contentLength = chunked ? -1 : Math.max(declaredLength(), 0);
    expectBody(head.contentLength);
    return head;
  }

  /** Lets go of the last request; the caller has it, if it needs it. */
  public void forget() {
    head = NONE;
    announced = List.of();
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

  /** Framing does not belong into a trailer: such a request is refused, as by Go. */
  private void announce(String names) {
    if (announced.isEmpty()) {
      announced = new ArrayList<>();
    }
    for (String name : names.split(",", -1)) {
      String canonical = HeaderText.canonicalName(name.strip());
      if (!canonical.isEmpty()) {
        countHeaderValue();
        announced.add(canonical);
        switch (canonical) {
          case "Transfer-Encoding", "Trailer", "Content-Length" -> fail(new BadRequest(400, ""));
          default -> {}
        }
      }
    }
  }

  private void countHeaderValue() {
    if (++headerValues > maxHeaderValues) {
      fail(new BadRequest(431, ""));
    }
  }

  private void fail(BadRequest why) {
    if (failure == null) {
      failure = why;
    }
  }

  @Override
  public void parsedHeader(HttpField field) {
    if (failure != null) {
      return; // it came in the same piece; in another one it would not be read
    }
    countHeaderValue();
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
      case TRAILER -> {
        announce(value);
        return;
      }
      case EXPECT -> head.expect = value;
      default -> {}
    }
    head.add(HeaderText.canonicalName(name), value);
  }

  @Override
  public void badMessage(HttpException e) {
    fail(JettyFailure.toBadRequest(e));
  }
}
