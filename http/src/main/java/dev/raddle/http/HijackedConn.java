package dev.raddle.http;

import dev.raddle.http.internal.Intake;
import dev.raddle.net.Addr;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection whose first bytes the server has read already. */
final class HijackedConn implements Conn {
  private final Conn conn;
  private final Intake intake;
  private final ByteBuffer first; // guarded by itself

  private HijackedConn(Conn conn, Intake intake, byte[] first) {
    this.conn = conn;
    this.intake = intake;
    this.first = ByteBuffer.wrap(first);
  }

  /** Takes the connection over; nobody else reads from it any more. */
  static HijackedConn of(Conn conn, Intake intake, byte[] first) throws IOException {
    if (intake.takeBack(() -> conn.setReadDeadline(Duration.ZERO))) {
      conn.setReadDeadline(null);
    }
    return new HijackedConn(conn, intake, first);
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
  public long sendFile(FileChannel file, long position, long count) throws IOException {
    return conn.sendFile(file, position, count);
  }

  @Override
  public void awaitInput() throws IOException {
    synchronized (first) {
      if (first.hasRemaining()) {
        return;
      }
    }
    intake.awaitInput();
  }

  @Override
  public void closeRead() throws IOException {
    conn.closeRead();
  }

  @Override
  public void setReadDeadline(@Nullable Duration fromNow) throws IOException {
    conn.setReadDeadline(fromNow);
  }

  @Override
  public void setWriteDeadline(@Nullable Duration fromNow) throws IOException {
    conn.setWriteDeadline(fromNow);
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
  public Addr localAddr() {
    return conn.localAddr();
  }

  @Override
  public Addr remoteAddr() {
    return conn.remoteAddr();
  }

  @Override
  public String toString() {
    return conn.toString();
  }
}
