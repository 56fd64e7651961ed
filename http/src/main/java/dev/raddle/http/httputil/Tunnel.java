package dev.raddle.http.httputil;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes both ways between two connections, until both have finished sending or one breaks. */
final class Tunnel {
  private Tunnel() {}

  /** Does not close; who does ends the goroutines that are left. */
  static void run(Conn one, Conn other) throws InterruptedException {
    Chan<Boolean> ended = Chan.make(2);
    Go.go(() -> ended.send(pump(one, other)));
    Go.go(() -> ended.send(pump(other, one)));
    if (ended.recv()) {
      ended.recv();
    }
  }

  /** Returns whether it came to an end in order, which has been passed on. */
  private static boolean pump(Conn from, Conn to) {
    ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    try {
      while (from.read(buffer.clear()) >= 0) {
        to.write(buffer.flip());
      }
      to.closeWrite();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
