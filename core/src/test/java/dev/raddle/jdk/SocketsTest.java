package dev.raddle.jdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The JDK's sockets, blocking in goroutines on both ends. */
class SocketsTest {
  private static final int CLIENTS = 20;
  private static final int ROUNDS = 20;

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static void pingPong(Socket s, int client) throws IOException {
    for (int r = 0; r < ROUNDS; r++) {
      s.getOutputStream().write(client + r);
      assertEquals(client + r, s.getInputStream().read());
    }
  }

  @OnEach
  void socketAndServerSocket(On on) throws Exception {
    on.run(
        () -> {
          try (var server = new ServerSocket()) {
            server.bind(loopback(), CLIENTS);
            var accepting =
                On.start(
                    Scheduler.current(),
                    () -> {
                      for (int i = 0; i < CLIENTS; i++) {
                        Socket s = server.accept();
                        Scheduler.current().go(() -> echo(s));
                      }
                    });
            On.all(
                CLIENTS,
                i -> {
                  try (var s = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    pingPong(s, i);
                  }
                });
            On.await(accepting);
          }
        });
  }

  private static void echo(Socket s) throws IOException {
    try (s) {
      for (int b; (b = s.getInputStream().read()) >= 0; ) {
        s.getOutputStream().write(b);
      }
    }
  }

  @OnEach
  void moreThanTheBuffersHoldInBothDirections(On on) throws Exception {
    var sent = new byte[4_000_000];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) (i * 31);
    }
    on.run(
        () -> {
          try (var server = new ServerSocket()) {
            server.bind(loopback());
            On.all(
                2,
                i -> {
                  try (Socket s =
                      i == 0
                          ? server.accept()
                          : new Socket(server.getInetAddress(), server.getLocalPort())) {
                    var writing =
                        On.start(Scheduler.current(), () -> s.getOutputStream().write(sent));
                    assertArrayEquals(sent, s.getInputStream().readNBytes(sent.length));
                    On.await(writing);
                  }
                });
          }
        });
  }

  @OnEach
  void timeoutsAndCloseEndAWait(On on) throws Exception {
    on.run(
        () -> {
          var end = new CompletableFuture<Throwable>();
          try (var server = new ServerSocket()) {
            server.bind(loopback());
            server.setSoTimeout((int) On.SHORT.toMillis());
            assertThrows(SocketTimeoutException.class, server::accept);
            server.setSoTimeout(0);
            var began = new CountDownLatch(1);
            Scheduler.current()
                .go(
                    () -> {
                      began.countDown();
                      end.complete(assertThrows(SocketException.class, server::accept));
                    });
            began.await();
            Thread.sleep(On.SHORT); // lets it park; the close ends the wait either way
          }
          On.await(end);
        });
  }

  @OnEach
  void blockingSocketChannels(On on) throws Exception {
    on.run(
        () -> {
          try (var server = ServerSocketChannel.open().bind(loopback())) {
            On.all(
                2,
                i -> {
                  try (SocketChannel c =
                      i == 0 ? server.accept() : SocketChannel.open(server.getLocalAddress())) {
                    var buffer = ByteBuffer.allocate(1);
                    for (int r = 0; r < 200; r++) {
                      if (r % 2 == i) {
                        c.write(buffer.clear().put((byte) r).flip());
                      } else {
                        assertEquals(1, c.read(buffer.clear()));
                        assertEquals((byte) r, buffer.get(0));
                      }
                    }
                  }
                });
          }
        });
  }

  @OnEach
  void anInterruptClosesABlockingChannel(On on) throws Exception {
    on.run(
        () -> {
          try (var server = ServerSocketChannel.open().bind(loopback());
              var c = SocketChannel.open(server.getLocalAddress())) {
            var reader = new CompletableFuture<Thread>();
            var end =
                On.start(
                    Scheduler.current(),
                    () -> {
                      reader.complete(Thread.currentThread());
                      assertThrows(
                          ClosedByInterruptException.class, () -> c.read(ByteBuffer.allocate(1)));
                      assertTrue(Thread.interrupted());
                    });
            reader.get().interrupt();
            On.await(end);
          }
        });
  }

  @OnEach
  void aSelectorServesManyClients(On on) throws Exception {
    on.run(
        () -> {
          try (var server = ServerSocketChannel.open().bind(loopback())) {
            var address = (InetSocketAddress) server.getLocalAddress();
            var serving = On.start(Scheduler.current(), () -> serve(server));
            On.all(
                CLIENTS,
                i -> {
                  try (var s = new Socket(address.getAddress(), address.getPort())) {
                    pingPong(s, i);
                  }
                });
            On.await(serving);
          }
        });
  }

  /** One goroutine echoes for all of them, until the last has left. */
  private static void serve(ServerSocketChannel server) throws IOException {
    var buffer = ByteBuffer.allocate(64);
    try (var selector = Selector.open()) {
      server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
      for (int left = 0; left < CLIENTS; ) {
        selector.select();
        for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
          SelectionKey key = keys.next();
          keys.remove();
          if (key.isAcceptable()) {
            server.accept().configureBlocking(false).register(selector, SelectionKey.OP_READ);
          } else if (((SocketChannel) key.channel()).read(buffer.clear()) < 0) {
            key.channel().close();
            left++;
          } else {
            ((SocketChannel) key.channel()).write(buffer.flip());
          }
        }
      }
    }
  }

  @OnEach
  void datagramsAndPipes(On on) throws Exception {
    on.run(
        () -> {
          try (var a = new DatagramSocket(loopback());
              var b = new DatagramSocket(loopback())) {
            var receiving =
                On.start(
                    Scheduler.current(),
                    () -> {
                      var packet = new DatagramPacket(new byte[8], 8);
                      b.receive(packet);
                      assertEquals(3, packet.getLength());
                    });
            a.send(new DatagramPacket(new byte[3], 3, b.getLocalSocketAddress()));
            On.await(receiving);
          }
          var pipe = Pipe.open();
          On.all(
              2,
              i -> {
                if (i == 0) {
                  try (var in = pipe.source()) {
                    assertEquals(5, in.read(ByteBuffer.allocate(8)));
                  }
                } else {
                  try (var out = pipe.sink()) {
                    out.write(ByteBuffer.allocate(5));
                  }
                }
              });
        });
  }
}
