package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.net.internal.Backend;
import dev.raddle.net.internal.Faults;
import dev.raddle.net.internal.NetFd;
import dev.raddle.net.internal.SocketFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Follows Go's http.Server.Serve: a failing accept is retried after 5 ms, doubling up to 1 s. */
@Timeout(20)
class BackoffTest {
  @Test
  void failuresBackOffAndTheWaitingClientIsNotLost() throws Exception {
    List<Long> pauses = new ArrayList<>();
    AtomicInteger failures = new AtomicInteger(10);
    NetFd fd = bound();
    try (SocketListener listener =
            new SocketListener(
                "test",
                fd,
                new Addr("tcp", fd.local()),
                given -> {
                  if (failures.getAndDecrement() > 0) {
                    throw Faults.exhausted();
                  }
                  return fd.accept(given);
                },
                millis -> {
                  pauses.add(millis);
                  return false;
                });
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
      try (Conn conn = listener.accept()) {
        assertEquals(peer.getLocalPort(), conn.remoteAddress().getPort());
      }
      assertEquals(List.of(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L), pauses);

      pauses.clear();
      failures.set(1);
      try (Socket second =
              new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
          Conn conn = listener.accept()) {
        assertEquals(second.getLocalPort(), conn.remoteAddress().getPort());
      }
      assertEquals(List.of(5L), pauses, "a success starts the pauses afresh");
    }
  }

  @Test
  void closeEndsTheBackoff() throws Exception {
    NetFd fd = bound();
    try (SocketListener listener =
        new SocketListener(
            "test",
            fd,
            new Addr("tcp", fd.local()),
            given -> {
              throw Faults.exhausted();
            },
            millis -> true)) {
      NetException e = assertThrows(NetException.class, listener::accept);
      assertTrue(e.isClosed());
    }
  }

  private static NetFd bound() throws SocketFault {
    return Backend.chosen()
        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, false, 10);
  }
}
