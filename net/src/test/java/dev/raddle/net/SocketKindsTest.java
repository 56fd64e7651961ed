package dev.raddle.net;

import static dev.raddle.net.ConnProtocolTest.endOf;
import static dev.raddle.net.ConnProtocolTest.fill;
import static dev.raddle.net.ConnProtocolTest.isClosed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.net.internal.Backend;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TCP, UDP and Unix sockets; follows Go's net/net_test.go, udpsock_test.go and unixsock_test.go.
 */
@Timeout(60)
class SocketKindsTest {
  /** Follows TestListenerClose and TestListenCloseListen: the address is free after the close. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aClosedListenerLeavesItsAddressFree(String network) throws Exception {
    String address;
    try (Listener first = Pair.listen(network)) {
      address = first.addr().toString();
    }
    for (int i = 0; i < 20; i++) {
      Listener l = Net.listen(network, address);
      Chan<IOException> end = Chan.make(1);
      Go.go(() -> end.send(endOf(l::accept)));
      l.close();
      assertTrue(isClosed(end.recv()));
      assertThrows(IOException.class, () -> Net.dial(network, address));
    }
  }

  /** Follows TestCloseWrite: the peer reads the end, and its answer still arrives. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aHalfClosedConnectionGoesOnTheOtherWay(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      p.here().write(new byte[] {1, 2}, 0, 2);
      p.here().closeWrite();
      ByteBuffer b = ByteBuffer.allocate(10);
      fill(p.there(), b.limit(2));
      assertEquals(-1, p.there().read(b.clear()));
      assertEquals(-1, p.there().read(b.clear()), "for good");
      p.there().write(new byte[] {3}, 0, 1);
      assertEquals(1, p.here().read(b.clear()));
      assertThrows(IOException.class, () -> p.here().write(new byte[1], 0, 1));
    }
  }

  /** Data and the end of the stream in one go, while nobody reads: the end is not missed. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void theEndThatCameWithTheDataIsSeen(String network) throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Pair p = Pair.of(network)) {
        p.there().write(new byte[5], 0, 5);
        p.there().close();
        ByteBuffer b = ByteBuffer.allocate(100);
        while (p.here().read(b) >= 0) {}
        assertEquals(5, b.position());
      }
    }
  }

  /** Follows TestCloseRead: a reader that waits gets the end. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void closeReadEndsAReadThatWaits(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      Chan<Integer> got = Chan.make(1);
      Go.go(() -> got.send(p.here().read(ByteBuffer.allocate(1))));
      Go.sleep(Duration.ofMillis(10));
      p.here().closeRead();
      assertEquals(-1, got.recv());
      p.here().write(new byte[1], 0, 1);
      assertEquals(1, p.there().read(ByteBuffer.allocate(1)));
    }
  }

  /** Follows TestConnClose: a closed connection says so, in Go's words. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aClosedConnectionSaysSo(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      p.here().close();
      for (ConnProtocolTest.Call call :
          new ConnProtocolTest.Call[] {
            () -> p.here().read(ByteBuffer.allocate(1)),
            () -> p.here().write(ByteBuffer.allocate(1)),
            () -> p.here().closeWrite(),
            () -> p.here().closeRead(),
            () -> p.here().awaitInput(),
          }) {
        IOException e = endOf(call);
        assertTrue(isClosed(e), e.toString());
        assertTrue(String.valueOf(e.getMessage()).endsWith("use of closed network connection"));
      }
      assertEquals(-1, p.there().read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void anInterruptClosesTheConnection() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      Chan<Boolean> ended = Chan.make(1);
      Chan<Thread> reader = Chan.make(1);
      Go.go(
          () -> {
            reader.send(Thread.currentThread());
            IOException e = endOf(() -> p.here().read(ByteBuffer.allocate(1)));
            ended.trySend(e instanceof ClosedByInterruptException && Thread.interrupted());
          });
      reader.recv().interrupt();
      assertTrue(ended.recv());
      assertEquals(-1, p.there().read(ByteBuffer.allocate(1)));
    }
  }

  @ParameterizedTest
  @CsvSource({"udp, 127.0.0.1:0", "udp4, 127.0.0.1:0", "udp6, [::1]:0", "udp, :0"})
  void datagramsKeepTheirBounds(String network, String address) throws Exception {
    try (PacketConn a = Net.listenPacket(network, address)) {
      int port = a.localAddress().getPort();
      String host = network.equals("udp6") ? "[::1]:" : "127.0.0.1:";
      try (Conn c = Net.dial(network, host + port)) {
        c.write(new byte[] {1, 2, 3}, 0, 3);
        if (Backend.chosen().name().equals("epoll")) { // the JDK's connected channels send none
          c.write(new byte[0], 0, 0); // follows TestUDPZeroBytePayload
        } else {
          a.writeTo(ByteBuffer.allocate(0), a.localAddress());
        }
        c.write(new byte[] {4}, 0, 1);
        ByteBuffer b = ByteBuffer.allocate(10);
        InetSocketAddress from = (InetSocketAddress) a.readFrom(b);
        assertEquals(3, b.position());
        assertEquals(c.localAddress().getPort(), from.getPort());
        a.readFrom(b.clear());
        assertEquals(0, b.position());
        a.readFrom(b.clear());
        assertEquals(4, b.get(0));
        a.writeTo(ByteBuffer.wrap(new byte[] {7, 8}), from);
        assertEquals(1, c.read(b.clear().limit(1)), "the rest is lost");
        assertEquals(7, b.get(0));
        assertThrows(IOException.class, c::closeWrite);
      }
    }
  }

  /** Follows TestPacketConnClose. */
  @Test
  void closeWakesReadFrom() throws Exception {
    PacketConn c = Net.listenPacket("udp", "127.0.0.1:0");
    Chan<IOException> end = Chan.make(1);
    Go.go(() -> end.send(endOf(() -> c.readFrom(ByteBuffer.allocate(1)))));
    Go.sleep(Duration.ofMillis(10));
    c.close();
    assertTrue(isClosed(end.recv()));
  }

  /** Follows TestUnixUnlink and TestUnixListenerClose. */
  @Test
  void theFileOfAUnixListenerGoesWithIt() throws Exception {
    String path = Pair.freePath();
    Listener l = Net.listen("unix", path);
    assertTrue(Files.exists(Path.of(path)));
    assertEquals(path, l.addr().toString());
    assertEquals("unix", l.addr().network());
    assertEquals(path, l.address().getHostString());
    try (Conn c = Net.dial("unix", path);
        Conn accepted = l.accept()) {
      assertEquals("@", accepted.remoteAddr().toString(), "a client without a name");
      assertEquals(path, c.remoteAddr().toString());
    }
    l.close();
    assertFalse(Files.exists(Path.of(path)));
  }

  @Test
  void unixNamesWithoutAFile() throws Exception {
    String name = "@raddle-" + ProcessHandle.current().pid();
    if (!Backend.chosen().name().equals("epoll")) {
      assertTrue(endOf(() -> Net.listen("unix", name)).toString().contains("abstract names"));
      return;
    }
    try (Listener l = Net.listen("unix", name);
        Conn c = Net.dial("unix", name);
        Conn accepted = l.accept()) {
      assertEquals(name, l.addr().toString());
      c.write(new byte[1], 0, 1);
      assertEquals(1, accepted.read(new byte[1], 0, 1));
    }
  }

  /** Follows TestDialListenIPv6Addr and TestDialerDualStack, as far as one machine goes. */
  @Test
  void oneListenerTakesBothFamilies() throws Exception {
    try (Listener l = Net.listen("tcp", ":0")) {
      int port = l.address().getPort();
      for (String host : new String[] {"127.0.0.1:", "[::1]:", "localhost:", ":"}) {
        try (Conn c = Net.dial("tcp", host + port);
            Conn accepted = l.accept()) {
          assertEquals(c.localAddress(), accepted.remoteAddress());
          assertEquals(c.remoteAddress(), accepted.localAddress());
        }
      }
    }
    if (Backend.chosen().name().equals("epoll")) {
      try (Listener six = Net.listen("tcp6", ":0")) {
        int port = six.address().getPort();
        assertThrows(IOException.class, () -> Net.dial("tcp4", "127.0.0.1:" + port));
        Net.dial("tcp6", "[::1]:" + port).close();
      }
    }
  }

  @Test
  void aRefusedDialIsSaidInGosWords() throws Exception {
    String address;
    try (Listener l = Pair.listen("tcp")) {
      address = l.addr().toString();
    }
    NetException e = assertThrows(NetException.class, () -> Net.dial("tcp", address));
    assertEquals("dial tcp " + address + ": connect: connection refused", e.getMessage());
    e = assertThrows(NetException.class, () -> Net.dial("tcp", "nohost.invalid:80"));
    assertEquals("dial tcp: lookup nohost.invalid: no such host", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Net.dial("sctp", address));
    assertThrows(NetException.class, () -> Net.dial("unix", "/nowhere/at/all"));
  }

  @Test
  void viewsAndMemoryOfEveryKind() throws Exception {
    byte[] sent = {1, 2, 3, 4, 5};
    try (Pair p = Pair.of("tcp");
        Arena arena = Arena.ofConfined()) {
      p.here().write(arena.allocateFrom(ValueLayout.JAVA_BYTE, sent));
      p.here().write(ByteBuffer.wrap(sent).asReadOnlyBuffer());
      p.here().outputStream().write(6);
      p.here().channel().write(ByteBuffer.allocateDirect(3));
      p.here().closeWrite();
      MemorySegment five = arena.allocate(5);
      for (long at = 0; at < 5; ) {
        at += p.there().read(five.asSlice(at));
      }
      assertArrayEquals(sent, five.toArray(ValueLayout.JAVA_BYTE));
      assertThrows(
          ReadOnlyBufferException.class,
          () -> p.there().read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
      assertEquals(0, p.there().read(ByteBuffer.allocate(0)));
      assertArrayEquals(sent, p.there().inputStream().readNBytes(5));
      assertEquals(6, p.there().inputStream().read());
      ByteChannel channel = p.there().channel();
      ByteBuffer rest = ByteBuffer.allocateDirect(10);
      while (channel.read(rest) >= 0) {}
      assertEquals(3, rest.position());
      channel.close();
      assertFalse(channel.isOpen());
      assertThrows(ClosedChannelException.class, () -> channel.read(rest));
      assertTrue(isClosed(endOf(() -> p.there().read(rest))));
    }
  }

  @Test
  void awaitInputNeedsNoBuffer() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      p.there().write(new byte[1], 0, 1);
      assertEquals(1, p.here().read(new byte[10], 0, 10));
      Chan<Boolean> awake = Chan.make(1);
      Go.go(
          () -> {
            p.here().awaitInput();
            awake.send(p.here().read(new byte[10], 0, 10) == 2);
          });
      p.there().write(new byte[2], 0, 2);
      assertTrue(awake.recv());
    }
  }
}
