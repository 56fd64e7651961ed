package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.http.internal.Intake;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.ResponseParser;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A connection of a client, used by one exchange at a time. */
final class ClientConnection {
  final Conn conn;
  final Intake intake;
  final Output out;
  final ResponseParser parser;
  final String address;
  final Deadline idle;
  private final ConnectionPool pool;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean inUse = new AtomicBoolean(true);
  private boolean reused;

  ClientConnection(ConnectionPool pool, String address, Conn conn, int maxHeaderBytes) {
    this.pool = pool;
    this.address = address;
    this.conn = conn;
    intake = new Intake(conn::read, body -> Go.go(body::run));
    out = new Output(conn::write);
    parser = new ResponseParser(intake, maxHeaderBytes);
    idle = new Deadline(() -> pool.drop(this));
  }

  /** Taken from those that wait. */
  void use() {
    inUse.set(true);
  }

  boolean isReused() {
    return reused;
  }

  /** The exchange is over and all has been read and written. */
  void release() {
    reused = true;
    inUse.set(false);
    pool.put(this);
    pool.releaseSlot(address);
  }

  boolean isClosed() {
    return closed.get();
  }

  void close() {
    if (closed.compareAndSet(false, true)) {
      idle.stop();
      if (inUse.getAndSet(false)) {
        pool.releaseSlot(address);
      }
      try {
        conn.close();
      } catch (IOException e) {
        // It is gone anyway.
      }
    }
  }
}
