package dev.raddle.net;

import static dev.raddle.net.ConnProtocolTest.endOf;
import static dev.raddle.net.ConnProtocolTest.isClosed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.net.internal.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unix sockets that keep the bounds of messages: unixgram and unixpacket. Follows Go's
 * net/unixsock_test.go, server_test.go and packetconn_test.go. The JDK has none of them, and its
 * backend says so.
 */
@Timeout(60)
class UnixMessagesTest {
  /** More than one call moves from a Java array. */
  private static final int LARGE = 100_000;

  private static boolean known() throws IOException {
    if (Backend.chosen().name().equals("epoll")) {
      return true;
    }
    String path = Pair.freePath();
    for (ConnProtocolTest.Call call :
        new ConnProtocolTest.Call[] {
          () -> Net.listen("unixpacket", path),
          () -> Net.dial("unixpacket", path),
          () -> Net.listenPacket("unixgram", path),
          () -> Net.dial("unixgram", path),
        }) {
      String message = endOf(call).toString();
      assertTrue(message.endsWith(" needs epoll, found the jdk's channels"), message);
    }
    return false;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] content(ByteBuffer written) {
    written.flip();
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return bytes;
  }

  /** Follows TestUnixConnLocalAndRemoteNames, TestUnixgramConnLocalAndRemoteNames and others. */
  @Test
  void datagramsGoToAndFro() throws Exception {
    if (!known()) {
      return;
    }
    String here = Pair.freePath();
    String there = Pair.freePath();
    try (PacketConn a = Net.listenPacket("unixgram", here);
        PacketConn b = Net.listenPacket("unixgram", there)) {
      assertEquals(here, a.localAddr().toString());
      assertEquals("unixgram", a.localAddr().network());
      ByteBuffer buffer = ByteBuffer.allocate(LARGE + 1);
      SocketAddress to = UnixDomainSocketAddress.of(there);
      for (int size : new int[] {3, 0, LARGE, 1}) {
        byte[] sent = random(size);
        a.writeTo(ByteBuffer.wrap(sent), to);
        SocketAddress from = b.readFrom(buffer.clear());
        assertEquals(UnixDomainSocketAddress.of(here), from);
        assertArrayEquals(sent, content(buffer));
        b.writeTo(ByteBuffer.wrap(sent), from);
        assertEquals(to, a.readFrom(buffer.clear()));
        assertArrayEquals(sent, content(buffer));
      }
      a.writeTo(ByteBuffer.wrap(random(5)), to);
      b.readFrom(buffer.clear().limit(2));
      assertArrayEquals(new byte[] {random(5)[0], random(5)[1]}, content(buffer), "cut off");
      InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
      assertThrows(IllegalArgumentException.class, () -> a.writeTo(buffer, other));
      PacketConn gone = Net.listenPacket("unixgram", Pair.freePath());
      gone.close();
      SocketAddress nobody = gone.localAddr().address();
      IOException e = endOf(() -> a.writeTo(ByteBuffer.wrap(random(1)), nobody));
      assertTrue(String.valueOf(e.getMessage()).endsWith("connection refused"), e.toString());
      assertTrue(Files.exists(Path.of(nobody.toString())), "the file stays, as in Go");
    }
  }

  /** Follows TestUnixgramWrite: a dialed socket has no name, and sends whole datagrams. */
  @Test
  void aDialedSocketSendsDatagrams() throws Exception {
    if (!known()) {
      return;
    }
    try (PacketConn a = Net.listenPacket("unixgram", Pair.freePath());
        Conn c = Net.dial("unixgram", a.localAddr().toString())) {
      assertEquals("@", c.localAddr().toString());
      assertEquals(a.localAddr(), c.remoteAddr());
      ByteBuffer buffer = ByteBuffer.allocate(LARGE + 1);
      for (int size : new int[] {3, 0, LARGE}) {
        byte[] sent = random(size);
        c.write(ByteBuffer.wrap(sent));
        SocketAddress from = a.readFrom(buffer.clear());
        assertEquals("", assertInstanceOf(UnixDomainSocketAddress.class, from).toString());
        assertArrayEquals(sent, content(buffer));
      }
      assertThrows(IOException.class, c::closeWrite);
      c.setReadDeadline(Duration.ofMillis(1));
      NetException e = assertInstanceOf(NetException.class, endOf(() -> c.read(buffer.clear())));
      assertTrue(e.isTimeout());
    }
  }

  /** Whoever finds the receiver full waits until there is room. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSenderWaitsForRoom(boolean dialed) throws Exception {
    if (!known()) {
      return;
    }
    int datagrams = 3_000; // far more than may be queued
    try (PacketConn a = Net.listenPacket("unixgram", Pair.freePath());
        PacketConn b = Net.listenPacket("unixgram", Pair.freePath());
        Conn c = Net.dial("unixgram", a.localAddr().toString())) {
      Chan<Boolean> sent = Chan.make(1);
      Go.go(
          () -> {
            SocketAddress to = a.localAddr().address();
            for (int i = 0; i < datagrams; i++) {
              ByteBuffer number = ByteBuffer.allocate(4).putInt(0, i);
              if (dialed) {
                c.write(number);
              } else {
                b.writeTo(number, to);
              }
            }
            sent.send(true);
          });
      ByteBuffer number = ByteBuffer.allocate(4);
      for (int i = 0; i < datagrams; i++) {
        a.readFrom(number.clear());
        assertEquals(i, number.getInt(0));
      }
      assertTrue(sent.recv());
    }
  }

  /** Follows TestPacketConnClose. */
  @Test
  void closeWakesReadFrom() throws Exception {
    if (!known()) {
      return;
    }
    PacketConn c = Net.listenPacket("unixgram", Pair.freePath());
    Chan<IOException> end = Chan.make(1);
    Go.go(() -> end.send(endOf(() -> c.readFrom(ByteBuffer.allocate(1)))));
    Go.sleep(Duration.ofMillis(10));
    c.close();
    assertTrue(isClosed(end.recv()));
  }

  /** Follows TestUnixpacket of server_test.go: a connection, and each read is one message. */
  @Test
  void aPacketConnectionKeepsTheBoundsOfMessages() throws Exception {
    if (!known()) {
      return;
    }
    try (Pair p = Pair.of("unixpacket")) {
      assertEquals("unixpacket", p.there().localAddr().network());
      assertEquals("unixpacket", p.there().remoteAddr().network());
      assertEquals(p.here().remoteAddr(), p.there().localAddr());
      ByteBuffer buffer = ByteBuffer.allocate(LARGE + 1);
      for (Conn[] way : new Conn[][] {{p.here(), p.there()}, {p.there(), p.here()}}) {
        way[0].write(ByteBuffer.wrap(random(3)));
        way[0].write(ByteBuffer.wrap(random(LARGE)));
        way[0].write(ByteBuffer.wrap(random(1)));
        for (int size : new int[] {3, LARGE, 1}) {
          assertEquals(size, way[1].read(buffer.clear()));
          assertArrayEquals(random(size), content(buffer));
        }
      }
      p.here().write(ByteBuffer.wrap(random(5)));
      assertEquals(2, p.there().read(buffer.clear().limit(2)), "cut off");
      p.here().closeWrite();
      assertEquals(-1, p.there().read(buffer.clear()));
      p.there().write(ByteBuffer.wrap(random(1)));
      assertEquals(1, p.here().read(buffer.clear().limit(10)), "by the other way of reading");
      p.there().close();
      assertEquals(-1, p.here().read(buffer.clear().limit(10)));
    }
  }

  /** Follows TestUnixUnlink. */
  @Test
  void theFileOfAPacketListenerGoesWithIt() throws Exception {
    if (!known()) {
      return;
    }
    Path path = Path.of(Pair.freePath());
    Listener l = Net.listen("unixpacket", path.toString());
    assertTrue(Files.exists(path));
    IOException wrong = endOf(() -> Net.dial("unix", path.toString()));
    assertTrue(String.valueOf(wrong.getMessage()).contains("wrong type"), wrong.toString());
    l.close();
    assertFalse(Files.exists(path));
  }

  /**
   * Follows TestUnixgramAutobind, TestUnixAutobindClose and TestUnixgramLinuxAbstractLongName: the
   * system chooses a name without a file, and a name may take all the room there is.
   */
  @Test
  void namesWithoutAFileMayBeTheSystemsOrLong() throws Exception {
    if (!known()) {
      return;
    }
    try (PacketConn a = Net.listenPacket("unixgram", "");
        PacketConn b = Net.listenPacket("unixgram", "");
        Listener l = Net.listen("unix", "")) {
      String name = a.localAddr().toString();
      assertTrue(name.matches("@[0-9a-f]{5}"), name);
      assertTrue(l.addr().toString().matches("@[0-9a-f]{5}"), l.addr().toString());
      b.writeTo(ByteBuffer.wrap(random(3)), a.localAddr().address());
      ByteBuffer buffer = ByteBuffer.allocate(10);
      assertEquals(b.localAddr().address(), a.readFrom(buffer));
      Net.dial("unix", l.addr().toString()).close();
    }
    String longest = ("@" + ProcessHandle.current().pid() + "x".repeat(108)).substring(0, 108);
    try (PacketConn a = Net.listenPacket("unixgram", longest);
        Conn c = Net.dial("unixgram", longest)) {
      c.write(ByteBuffer.wrap(random(3)));
      ByteBuffer buffer = ByteBuffer.allocate(10);
      a.readFrom(buffer);
      assertArrayEquals(random(3), content(buffer));
    }
    assertThrows(NetException.class, () -> Net.listenPacket("unixgram", longest + "x"));
    String path = "/" + longest.substring(1);
    assertThrows(NetException.class, () -> Net.listenPacket("unixgram", path));
  }

  /** Follows TestListenPacketUnixgram and others that refuse: streams are not for packets. */
  @Test
  void aNetworkOfTheOtherKindIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Net.listen("unixgram", "x"));
    assertThrows(IllegalArgumentException.class, () -> Net.listenPacket("unixpacket", "x"));
    assertThrows(IllegalArgumentException.class, () -> Net.listenPacket("unix", "x"));
  }
}
