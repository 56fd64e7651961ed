package dev.raddle.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.Go;
import dev.raddle.net.internal.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Accepting, reading, writing and closing, against a plain JDK socket as the peer. */
@Timeout(20)
class ConnTest {
  @Test
  void bytesGoBothWaysAndTheEndIsMinusOne() throws Exception {
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0");
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        Conn conn = listener.accept()) {
      peer.getOutputStream().write("ping".getBytes(UTF_8));
      ByteBuffer buffer = ByteBuffer.allocate(16);
      while (buffer.position() < 4) {
        conn.read(buffer);
      }
      assertEquals("ping", new String(buffer.array(), 0, 4, UTF_8));
      conn.write(ByteBuffer.wrap("pong".getBytes(UTF_8)));
      conn.closeWrite();
      assertEquals("pong", new String(peer.getInputStream().readAllBytes(), UTF_8));
      peer.shutdownOutput();
      assertEquals(-1, conn.read(buffer));
      assertEquals(peer.getLocalPort(), conn.remoteAddress().getPort());
      assertEquals(listener.address(), conn.localAddress());
    }
  }

  @Test
  void writeSendsEverything() throws Exception {
    byte[] sent = new byte[5_000_000];
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0");
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        Conn conn = listener.accept()) {
      Go.go(
          () -> {
            conn.write(ByteBuffer.wrap(sent));
            conn.closeWrite();
          });
      assertEquals(sent.length, peer.getInputStream().readAllBytes().length);
    }
  }

  @Test
  void closeWakesAccept() throws Exception {
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    CompletableFuture<Conn> accepted = new CompletableFuture<>();
    Go.go(
        () -> {
          try {
            accepted.complete(listener.accept());
          } catch (IOException e) {
            accepted.completeExceptionally(e);
          }
        });
    listener.close();
    listener.close();
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> accepted.get(10, TimeUnit.SECONDS));
    assertTrue(e.getCause() instanceof NetException closed && closed.isClosed(), e.toString());
    assertTrue(
        String.valueOf(e.getCause().getMessage()).endsWith("use of closed network connection"));
  }

  @Test
  void closeWakesARead() throws Exception {
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0");
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
      Conn conn = listener.accept();
      CompletableFuture<Integer> read = new CompletableFuture<>();
      Go.go(
          () -> {
            try {
              read.complete(conn.read(ByteBuffer.allocate(1)));
            } catch (IOException e) {
              read.completeExceptionally(e);
            }
          });
      conn.close();
      assertThrows(ExecutionException.class, () -> read.get(10, TimeUnit.SECONDS));
      assertEquals(-1, peer.getInputStream().read());
    }
  }

  /** What came and nobody has asked for is known without a call. */
  @Test
  void inputIsKnownToBeThere() throws Exception {
    assumeTrue(Backend.chosen().name().equals("epoll"), "a selector is asked for each event");
    try (Pair p = Pair.of("tcp")) {
      assertFalse(p.there().hasInput());
      for (int i = 0; i < 3; i++) {
        p.here().write(new byte[] {1, 2}, 0, 2);
        while (!p.there().hasInput()) {
          Thread.yield();
        }
        p.there().awaitInput();
        assertEquals(2, p.there().read(ByteBuffer.allocate(16)));
        assertFalse(p.there().hasInput());
      }
    }
  }
}
