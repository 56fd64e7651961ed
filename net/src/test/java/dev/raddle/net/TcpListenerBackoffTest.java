package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Follows Go's http.Server.Serve: a failing accept is retried after 5 ms, doubling up to 1 s. */
@Timeout(20)
class TcpListenerBackoffTest {
  @Test
  void failuresBackOffAndTheWaitingClientIsNotLost() throws Exception {
    List<Long> pauses = new ArrayList<>();
    AtomicInteger failures = new AtomicInteger(10);
    try (ServerSocketChannel channel = bound();
        Socket peer =
            new Socket(InetAddress.getLoopbackAddress(), channel.socket().getLocalPort())) {
      TcpListener listener =
          new TcpListener(
              "test",
              channel,
              () -> {
                if (failures.getAndDecrement() > 0) {
                  throw new IOException("Too many open files");
                }
                return channel.accept();
              },
              millis -> {
                pauses.add(millis);
                return false;
              });
      try (Conn conn = listener.accept()) {
        assertEquals(peer.getLocalPort(), conn.remoteAddress().getPort());
      }
      assertEquals(List.of(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L), pauses);

      pauses.clear();
      failures.set(1);
      try (Socket second =
              new Socket(InetAddress.getLoopbackAddress(), channel.socket().getLocalPort());
          Conn conn = listener.accept()) {
        assertEquals(second.getLocalPort(), conn.remoteAddress().getPort());
      }
      assertEquals(List.of(5L), pauses, "a success starts the pauses afresh");
    }
  }

  @Test
  void closeEndsTheBackoff() throws Exception {
    try (ServerSocketChannel channel = bound()) {
      TcpListener listener =
          new TcpListener(
              "test",
              channel,
              () -> {
                throw new IOException("Too many open files");
              },
              millis -> true);
      NetException e = assertThrows(NetException.class, listener::accept);
      assertTrue(e.isClosed());
    }
  }

  private static ServerSocketChannel bound() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }
}
