package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.Intake;
import dev.raddle.http.internal.Outlet;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.RequestParser;
import dev.raddle.http.internal.Target;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.RecordHeaderException;
import dev.raddle.net.tls.TlsConn;
import dev.raddle.runtime.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its goroutine: reads a request, runs the handler, sends the response, repeats.
 */
final class ServerConnection implements Body {
  /** Before a close with unread input, which resets the connection: time for the client to read. */
  private static final long RESET_DELAY_MILLIS = 500; // Go's rstAvoidanceDelay

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] NO_TLS = // Go's
      "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
          .getBytes(StandardCharsets.ISO_8859_1);

  private final Server server;
  private final ServerConfig config;
  private final Conn conn;
  private final Context base;
  private final Intake intake;
  private final Outlet outlet;
  private final RequestParser parser;
  private final Output out;
  private final byte[] bodyBuffer = new byte[ServerResponse.BODY_BUFFER_BYTES];
  private final AtomicReference<ConnState> state = new AtomicReference<>(ConnState.NEW);
  private final Deadline wait; // for a request and its head; closes the connection
  private @Nullable Deadline write;

  ServerConnection(Server server, Conn conn, Context base) {
    this.server = server;
    this.conn = conn;
    this.base = base;
    config = server.config();
    intake = new Intake(conn::read, body -> Go.go(body::run));
    outlet = new Outlet(conn::write, this::close);
    parser = new RequestParser(intake, config.maxHeaderBytes, config.maxHeaderValues);
    out = new Output(outlet);
    wait = new Deadline(this::close);
    config.report(conn, ConnState.NEW);
  }

  @Override
  public void run() {
    try {
      waitAtMost(config.headNanos());
      boolean more = !(conn instanceof TlsConn tls) || shakeHands(tls);
      while (more) {
        more = serveOne();
      }
    } catch (BadRequest e) {
      refuse(e);
    } catch (IOException e) {
      // The client is gone, or the server is being closed: nobody is left to tell.
    } finally {
      wait.stop();
      if (write != null) {
        write.stop();
      }
      if (state.get() != ConnState.HIJACKED) {
        close();
        server.forget(this);
        state.set(ConnState.CLOSED);
        config.report(conn, ConnState.CLOSED);
      }
    }
  }

  /** Returns whether requests may follow. */
  private boolean shakeHands(TlsConn tls) throws IOException {
    try {
      tls.handshake();
      return true;
    } catch (RecordHeaderException e) {
      config.log.debug("http: TLS handshake error from " + HostPort.of(conn.remoteAddress()), e);
      if (e.looksLikeHttp()) {
        e.conn().write(ByteBuffer.wrap(NO_TLS));
      }
      return false;
    } catch (SSLException e) {
      config.log.debug("http: TLS handshake error from " + HostPort.of(conn.remoteAddress()), e);
      return false;
    }
  }

  /** Returns whether another request may follow. */
  private boolean serveOne() throws IOException {
    if (!parser.await()) {
      return false;
    }
    if (!becomeActive()) {
      return false;
    }
    long readStart = config.readNanos == 0 ? 0 : Deadline.in(config.readNanos);
    RequestHead head = parser.readHead();
    wait.clear();
    if (head == null) {
      return false;
    }
    if (readStart != 0) {
      intake.setDeadline(readStart);
    }
    if (config.writeNanos != 0) {
      setWriteDeadline(Deadline.in(config.writeNanos));
    }
    boolean more = answer(head, Target.parse(head.method, head.target));
    if (state.get() == ConnState.HIJACKED) {
      return false;
    }
    if (readStart != 0) {
      intake.setDeadline(0);
    }
    if (write != null) {
      setWriteDeadline(0);
    }
    if (!more || server.isShuttingDown()) {
      return false;
    }
    waitAtMost(config.idleNanos());
    state.set(ConnState.IDLE);
    config.report(conn, ConnState.IDLE);
    return server.keepsAlive();
  }

  private boolean becomeActive() {
    ConnState now = state.get();
    if ((now != ConnState.NEW && now != ConnState.IDLE)
        || !state.compareAndSet(now, ConnState.ACTIVE)) {
      return false; // closed while it was idle
    }
    if (now == ConnState.IDLE) {
      waitAtMost(config.headNanos());
    }
    config.report(conn, ConnState.ACTIVE);
    return !server.isClosed();
  }

  private void waitAtMost(long nanos) {
    if (nanos > 0) {
      wait.set(Deadline.in(nanos));
    } else {
      wait.clear();
    }
  }

  private boolean answer(RequestHead head, Target target) throws IOException {
    boolean expectsContinue = HeaderText.hasToken(head.expect, "100-continue");
    RequestBody body =
        new RequestBody(
            parser,
            head,
            expectsContinue && head.http11 && head.contentLength != 0 ? this::sendContinue : null);
    RequestScope scope =
        new RequestScope(base, ended -> body.whenRead(() -> intake.watch(ended::end)));
    RequestParts parts = new RequestParts(head, target, conn.remoteAddress(), body);
    if (conn instanceof TlsConn tls) {
      parts.tls = tls.connectionState();
    }
    Request request = new Request(parts, scope);
    ResponseHead responseHead = new ResponseHead(head, server::keepsAlive, config.log);
    ServerResponse response =
        new ServerResponse(
            this, out, bodyBuffer, responseHead, head.method.equals(Http.METHOD_HEAD), body);
    if (!head.expect.isEmpty() && !expectsContinue) {
      response.header().set("Connection", "close");
      response.writeHeader(Http.STATUS_EXPECTATION_FAILED);
      response.finish();
      return false;
    }
    boolean done;
    try {
      done = handle(request, response);
    } finally {
      scope.end();
      intake.unwatch();
      request.cleanUp();
    }
    if (!done || response.isHijacked()) {
      return false;
    }
    response.finish();
    boolean keeps = response.keepsConnection();
    body.end();
    if (!keeps && !body.isComplete()) {
      closeGently();
    }
    return keeps;
  }

  private boolean handle(Request request, ServerResponse response) {
    try {
      server.handlerFor(request).serveHttp(response, request);
      return true;
    } catch (Throwable e) {
      boolean broken = response.isBroken();
      response.abandon();
      if (!broken && !(e instanceof AbortHandlerException)) {
        config.log.error(
            "http: handler failed on " + request + " from " + request.remoteAddress(), e);
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
      outlet.write(ByteBuffer.wrap(e.response().getBytes(StandardCharsets.ISO_8859_1)));
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

  Conn hijack() {
    wait.stop();
    setWriteDeadline(0);
    intake.setDeadline(0);
    intake.unwatch();
    state.set(ConnState.HIJACKED);
    server.forget(this);
    config.report(conn, ConnState.HIJACKED);
    return new HijackedConn(conn, intake, parser.takeBuffered());
  }

  /** By System.nanoTime; 0 for none. */
  void setReadDeadline(long nanoTime) {
    intake.setDeadline(nanoTime);
  }

  /** By System.nanoTime; 0 for none. */
  void setWriteDeadline(long nanoTime) {
    if (nanoTime == 0) {
      if (write != null) {
        write.clear();
        outlet.revive();
      }
      return;
    }
    if (write == null) {
      write = new Deadline(outlet::expire);
    }
    outlet.revive();
    write.set(nanoTime);
  }

  Log log() {
    return config.log;
  }

  /** Closes the socket if no request is being served; says whether it is closed or will not be. */
  boolean closeIfIdle(boolean newToo) {
    if (state.compareAndSet(ConnState.IDLE, ConnState.CLOSED)
        || (newToo && state.compareAndSet(ConnState.NEW, ConnState.CLOSED))) {
      close();
      return true;
    }
    return state.get() == ConnState.CLOSED;
  }

  /** Closes the socket, from any thread; the goroutine, if it waits on it, comes to its end. */
  void close() {
    try {
      conn.close();
    } catch (IOException e) {
      config.log.debug("http: closing " + this, e);
    }
  }

  @Override
  public String toString() {
    return "http connection from " + HostPort.of(conn.remoteAddress());
  }
}
