package dev.raddle.http;

import dev.raddle.http.internal.Intake;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A connection whose first bytes the server has read already. */
final class HijackedConn implements Conn {
  private final Conn conn;
  private final Intake intake;
  private final ByteBuffer first; // guarded by itself

  HijackedConn(Conn conn, Intake intake, byte[] first) {
    this.conn = conn;
    this.intake = intake;
    this.first = ByteBuffer.wrap(first);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    synchronized (first) {
      if (first.hasRemaining()) {
        int n = Math.min(first.remaining(), target.remaining());
        target.put(target.position(), first, first.position(), n);
        target.position(target.position() + n);
        first.position(first.position() + n);
        return n;
      }
    }
    return intake.read(target);
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    conn.write(source);
  }

  @Override
  public void closeWrite() throws IOException {
    conn.closeWrite();
  }

  @Override
  public void close() throws IOException {
    conn.close();
  }

  @Override
  public InetSocketAddress localAddress() {
    return conn.localAddress();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return conn.remoteAddress();
  }

  @Override
  public String toString() {
    return conn.toString();
  }
}
