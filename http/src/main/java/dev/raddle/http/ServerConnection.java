package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.ConnSource;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.Intake;
import dev.raddle.http.internal.Outlet;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.RequestParser;
import dev.raddle.http.internal.Source;
import dev.raddle.http.internal.Target;
import dev.raddle.http.spi.ServerProtocol;
import dev.raddle.http.spi.ServerSession;
import dev.raddle.http.spi.UpgradeRequest;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.ConnectionState;
import dev.raddle.net.tls.RecordHeaderException;
import dev.raddle.net.tls.TlsConn;
import dev.raddle.runtime.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its goroutine: reads a request, runs the handler, sends the response, repeats.
 * If the client speaks another protocol, a {@link ServerSession} does that, and what is here is the
 * life of the connection.
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
  private final Source source;

  /**
   * None while it waits for a request. Set by the connection's goroutine; read by that of whoever
   * reads the body, in sendContinue(), under the lock of RequestBody and before it is settled.
   */
  private @Nullable Workspace work;

  private final AtomicReference<ConnState> state = new AtomicReference<>(ConnState.NEW);
  private final Deadline wait; // for a request and its head; closes the connection
  private final Stall stall;
  private @Nullable Deadline write;
  private volatile @Nullable ServerSession session; // of another protocol

  ServerConnection(Server server, Conn conn, Context base) {
    this.server = server;
    this.conn = conn;
    this.base = base;
    config = server.config();
    intake = new Intake(new ConnSource(conn), body -> Go.go(body::run));
    stall = new Stall(config.stallNanos, this::close);
    outlet = new Outlet(bytes -> stall.write(conn::write, bytes), this::close);
    source = target -> stall.read(intake, target);
    wait = new Deadline(this::expire);
    config.report(conn, ConnState.NEW);
  }

  @Override
  public void run() {
    try {
      waitAtMost(config.headNanos());
      boolean more = !(conn instanceof TlsConn tls) || shakeHands(tls);
      ServerProtocol other = more ? otherProtocol() : null;
      if (other != null) {
        serve(other, null);
        return;
      }
      while (more) {
        more = serveOne();
      }
    } catch (BadRequest e) {
      refuse(e);
    } catch (IOException e) {
      // The client is gone, or the server is being closed: nobody is left to tell.
    } finally {
      wait.stop();
      stall.stop();
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
    } catch (IOException e) {
      String why = e.getMessage();
      if (e instanceof RecordHeaderException plain && plain.looksLikeHttp()) {
        plain.conn().write(ByteBuffer.wrap(NO_TLS));
        why = "client sent an HTTP request to an HTTPS server";
      }
      config.log.warn(
          "http: TLS handshake error from " + HostPort.of(conn.remoteAddress()) + ": " + why);
      return false;
    }
  }

  /** Returns what the client speaks, if it is not HTTP/1. */
  private @Nullable ServerProtocol otherProtocol() throws IOException {
    if (conn instanceof TlsConn tls) {
      ConnectionState agreed = tls.connectionState();
      return agreed == null ? null : Protocols.agreed(agreed.negotiatedProtocol());
    }
    if (config.h2c) {
      for (ServerProtocol protocol : Protocols.all()) {
        if (beginsWith(protocol.preface())) {
          return protocol;
        }
      }
    }
    return null;
  }

  /** Looks at the first bytes, as many as are needed to tell. */
  private boolean beginsWith(byte[] preface) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(preface.length);
    int same = 0;
    int n = 0;
    while (same == first.position() && first.hasRemaining() && n >= 0) {
      n = intake.read(first);
      while (same < first.position() && first.get(same) == preface[same]) {
        same++;
      }
    }
    intake.unread(first.flip());
    return same == preface.length;
  }

  private void serve(ServerProtocol protocol, @Nullable UpgradeRequest first) throws IOException {
    ServerSession other = protocol.open(new SessionLink(this, server, conn, intake, stall));
    session = other;
    if (server.isShuttingDown()) {
      other.shutDown(); // it may have looked before there was a session
    }
    other.serve(first);
  }

  /** Returns whether another request may follow. */
  private boolean serveOne() throws IOException {
    if (!awaitRequest()) {
      return false;
    }
    RequestParser parser = work().parser;
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
    if (config.h2c) {
      for (ServerProtocol protocol : Protocols.all()) {
        UpgradeRequest first = Upgrading.request(protocol, head);
        if (first != null) {
          switchTo(protocol, first);
          return false;
        }
      }
    }
    stall.inBody(true);
    boolean more = answer(head, Target.parse(head.method, head.target));
    if (state.get() == ConnState.HIJACKED) {
      return false;
    }
    stall.inBody(false);
    intake.setDeadline(0); // the server's, or the handler's
    setWriteDeadline(0);
    if (!more || server.isShuttingDown()) {
      return false;
    }
    waitAtMost(config.idleNanos());
    state.set(ConnState.IDLE);
    config.report(conn, ConnState.IDLE);
    return server.keepsAlive();
  }

  private void switchTo(ServerProtocol protocol, UpgradeRequest first) throws IOException {
    intake.setDeadline(0);
    setWriteDeadline(0);
    Workspace w = work();
    w.out.write(Upgrading.answer(protocol));
    w.out.flush();
    intake.unread(ByteBuffer.wrap(w.parser.takeBuffered()));
    waitAtMost(config.headNanos());
    serve(protocol, first);
  }

  /**
   * Waits for the first byte of a request; false if the client has closed the connection instead.
   * While there is none, nothing is held that another connection could use.
   */
  private boolean awaitRequest() throws IOException {
    if (work != null && !intake.hasInput()) {
      giveBack();
    }
    if (work == null) {
      intake.awaitInput();
      Workspace w = server.workspaces().get();
      w.connect(source, outlet);
      work = w;
    }
    if (work().parser.await()) {
      return true;
    }
    giveBack();
    return false;
  }

  /** Unless something of a request is in it. */
  private void giveBack() {
    Workspace w = work();
    if (w.parser.isBetweenMessages()) {
      work = null;
      w.disconnect();
      server.workspaces().put(w);
    }
  }

  private Workspace work() {
    Workspace w = work;
    if (w == null) {
      throw new IllegalStateException("http: expected a connection at a request, found one idle");
    }
    return w;
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

  /** After it the connection, or the session on it, expires; zero for no limit. */
  void waitAtMost(long nanos) {
    if (nanos > 0) {
      wait.set(Deadline.in(nanos));
    } else {
      wait.clear();
    }
  }

  private boolean answer(RequestHead head, Target target) throws IOException {
    boolean expectsContinue = HeaderText.hasToken(head.expect, "100-continue");
    Workspace w = work();
    RequestBody body =
        new RequestBody(
            w.parser,
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
        new Http1Response(
            this, w.out, w.bodyBuffer, responseHead, head.method.equals(Http.METHOD_HEAD), body);
    if (!head.expect.isEmpty() && !expectsContinue) {
      response.header().set("Connection", "close");
      response.writeHeader(Http.STATUS_EXPECTATION_FAILED);
      response.finish();
      return false;
    }
    boolean done;
    try {
      done = Handling.run(server, request, response);
    } finally {
      scope.end();
      intake.unwatch();
      request.cleanUp();
    }
    if (!done || response.isHijacked()) {
      return false;
    }
    response.finish();
    boolean whole = body.settle();
    if (!whole) {
      closeGently();
    }
    return whole && response.keepsConnection();
  }

  private void sendContinue() throws IOException {
    Output out = work().out;
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

  Conn hijack() throws IOException {
    wait.stop();
    stall.stop();
    setWriteDeadline(0);
    Conn own = HijackedConn.of(conn, intake, work().parser.takeBuffered());
    state.set(ConnState.HIJACKED);
    server.forget(this);
    config.report(conn, ConnState.HIJACKED);
    return own;
  }

  /** Whether files can go out without passing through the JVM. */
  boolean sendsFiles() {
    return !(conn instanceof TlsConn);
  }

  /** Sends a part of a file, when all before it has gone out; returns less if it is shorter. */
  long sendFile(FileChannel file, long position, long count) throws IOException {
    long sent = 0;
    while (sent < count) {
      long from = position + sent;
      long piece = Math.min(count - sent, Stall.PIECE_BYTES);
      long n = outlet.run(() -> stall.write(() -> conn.sendFile(file, from, piece)));
      sent += n;
      if (n < piece) {
        break;
      }
    }
    return sent;
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
        outlet.setDeadline(0);
      }
      return;
    }
    if (write == null) {
      write = new Deadline(outlet::expire);
    }
    outlet.setDeadline(nanoTime);
    write.set(nanoTime);
  }

  Log log() {
    return config.log;
  }

  Context base() {
    return base;
  }

  /** Of another protocol: a request is there, or none is any more. */
  void become(ConnState next) {
    ConnState now = state.get();
    if (now != next && now != ConnState.CLOSED && state.compareAndSet(now, next)) {
      config.report(conn, next);
    }
  }

  void shutDownSession() {
    ServerSession other = session;
    if (other != null) {
      other.shutDown();
    }
  }

  private void expire() {
    ServerSession other = session;
    if (other != null) {
      other.expire();
    } else {
      close();
    }
  }

  /** Closes the socket if no request is being served; says whether it is closed or will not be. */
  boolean closeIfIdle(boolean newToo) {
    if (session != null) {
      shutDownSession();
      return state.get() == ConnState.CLOSED;
    }
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
