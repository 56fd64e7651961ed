package dev.raddle.http;

import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.RequestParser;
import dev.raddle.http.internal.Target;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.runtime.Body;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One connection and its goroutine: reads a request, runs the handler, sends the response, repeats.
 */
final class ServerConnection implements Body {
  /** Before a close with unread input, which resets the connection: time for the client to read. */
  private static final long RESET_DELAY_MILLIS = 500; // Go's rstAvoidanceDelay

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final Server server;
  private final Conn conn;
  private final RequestParser parser;
  private final Output out;
  private final byte[] bodyBuffer = new byte[Response.BODY_BUFFER_BYTES];

  ServerConnection(Server server, Conn conn) {
    this.server = server;
    this.conn = conn;
    parser = new RequestParser(conn::read, server.maxHeaderBytes());
    out = new Output(conn::write);
  }

  @Override
  public void run() {
    try {
      boolean more = true;
      while (more) {
        more = serveOne();
      }
    } catch (BadRequest e) {
      refuse(e);
    } catch (IOException e) {
      // The client is gone, or the server is being closed: nobody is left to tell.
    } finally {
      close();
      server.forget(this);
    }
  }

  /** Returns whether another request may follow. */
  private boolean serveOne() throws IOException {
    RequestHead head = parser.readHead();
    if (head == null) {
      return false;
    }
    Target target = Target.parse(head.method, head.target);
    boolean expectsContinue = head.expect.equalsIgnoreCase("100-continue");
    RequestBody body =
        new RequestBody(
            parser,
            expectsContinue && head.http11 && head.contentLength != 0 ? this::sendContinue : null);
    Request request = new Request(head, target, conn.remoteAddress(), body);
    ResponseHead responseHead = new ResponseHead(head);
    Response response = new Response(out, bodyBuffer, responseHead, request, body);
    if (!head.expect.isEmpty() && !expectsContinue) {
      response.header().set("Connection", "close");
      response.writeHeader(Http.STATUS_EXPECTATION_FAILED);
      response.finish();
      return false;
    }
    if (!handle(request, response)) {
      return false;
    }
    response.finish();
    boolean keeps = response.keepsConnection();
    body.end();
    if (!keeps && !body.isComplete()) {
      closeGently();
    }
    return keeps && !server.isClosed();
  }

  private boolean handle(Request request, Response response) {
    try {
      server.handlerFor(request).serveHttp(response, request);
      return true;
    } catch (Throwable e) {
      response.abandon();
      if (!response.isBroken()) {
        Log.log(
            Level.ERROR,
            "http: handler failed on " + request + " from " + request.remoteAddress(),
            e);
      }
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
  }

  private void sendContinue() throws IOException {
    out.write(CONTINUE);
    out.flush();
  }

  private void refuse(BadRequest e) {
    try {
      conn.write(ByteBuffer.wrap(e.response().getBytes(StandardCharsets.ISO_8859_1)));
      if (e.status() == Http.STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE) {
        closeGently();
      }
    } catch (IOException gone) {
      // It does not want to know.
    }
  }

  private void closeGently() throws IOException {
    conn.closeWrite();
    try {
      Thread.sleep(RESET_DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes the socket, from any thread; the goroutine, if it waits on it, comes to its end. */
  void close() {
    try {
      conn.close();
    } catch (IOException e) {
      Log.log(Level.DEBUG, "http: closing " + this, e);
    }
  }

  @Override
  public String toString() {
    return "http connection from " + HostPort.of(conn.remoteAddress());
  }
}
