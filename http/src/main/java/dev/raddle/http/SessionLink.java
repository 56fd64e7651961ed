package dev.raddle.http;

import dev.raddle.http.internal.Intake;
import dev.raddle.http.spi.ServerLink;
import dev.raddle.http.spi.ServerStream;
import dev.raddle.http.spi.StreamExchange;
import dev.raddle.http.spi.StreamRequest;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A connection of the server, for a protocol other than HTTP/1. */
final class SessionLink implements ServerLink {
  private static final long GOODBYE_NANOS = 1_000_000_000L; // Go's goAwayTimeout

  private final ServerConnection connection;
  private final Server server;
  private final ServerConfig config;
  private final Conn conn;
  private final Intake intake;
  private final Stall stall;

  SessionLink(ServerConnection connection, Server server, Conn conn, Intake intake, Stall stall) {
    this.connection = connection;
    this.server = server;
    this.conn = conn;
    this.intake = intake;
    this.stall = stall;
    config = server.config();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return intake.read(target);
  }

  @Override
  public void awaitInput() throws IOException {
    intake.awaitInput();
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    stall.write(conn::write, source);
  }

  @Override
  public void closeWrite() throws IOException {
    conn.closeWrite();
  }

  @Override
  public void close() {
    connection.close();
  }

  @Override
  public void closeSoon() {
    connection.waitAtMost(GOODBYE_NANOS);
  }

  @Override
  public void greeted() {
    connection.waitAtMost(0);
    connection.become(ConnState.ACTIVE);
  }

  @Override
  public void active() {
    connection.waitAtMost(0);
    connection.become(ConnState.ACTIVE);
  }

  @Override
  public void idle() {
    connection.waitAtMost(config.idleNanos());
    connection.become(ConnState.IDLE);
  }

  @Override
  public StreamExchange exchange(StreamRequest request, ServerStream stream) {
    return new StreamAnswer(server, connection, conn, request, stream);
  }

  @Override
  public Http2Config http2() {
    return config.http2;
  }

  @Override
  public int maxHeaderBytes() {
    return config.maxHeaderBytes;
  }

  @Override
  public long stallNanos() {
    return config.stallNanos;
  }

  @Override
  public void warn(String message) {
    config.log.warn("http: " + message + ", from " + HostPort.of(conn.remoteAddress()));
  }
}
