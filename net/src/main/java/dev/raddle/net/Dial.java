package dev.raddle.net;

import static dev.raddle.Go.select;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.net.internal.Backend;
import dev.raddle.net.internal.NetFd;
import dev.raddle.net.internal.SocketFault;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One dial: its addresses one after another, and those of the other kind a little later. */
final class Dial {
  private static final Duration FALLBACK_DELAY = Duration.ofMillis(300); // Go's, and RFC 6555's
  private static final Duration SHORTEST_TRY = Duration.ofSeconds(2); // Go's
  private static final int SELF_CONNECTS = 2; // Go's

  private final Context context;
  private final String network;

  Dial(Context context, String network) {
    this.context = context;
    this.network = network;
  }

  Conn run(String address) throws IOException {
    String operation = "dial " + network;
    if (context.err() != null) {
      throw Watch.ended(operation + " " + address, context.err());
    }
    if (network.startsWith("unix")) {
      return one(context, Net.unix(operation, address));
    }
    HostPort hostPort = Net.split(operation, address);
    int port = Lookup.port(operation, hostPort.port());
    List<InetSocketAddress> first = new ArrayList<>();
    List<InetSocketAddress> others = new ArrayList<>();
    boolean four = false;
    for (InetAddress ip : hosts(operation, hostPort.host())) {
      boolean isFour = ip instanceof Inet4Address;
      four = first.isEmpty() ? isFour : four;
      (isFour == four ? first : others).add(new InetSocketAddress(ip, port));
    }
    if (others.isEmpty() || !network.equals("tcp")) {
      first.addAll(others);
      return serial(context, first);
    }
    return parallel(first, others);
  }

  private List<InetAddress> hosts(String operation, String host) throws IOException {
    if (!host.isEmpty()) {
      return Lookup.host(context, network, operation, host);
    }
    String self = network.endsWith("6") ? "::1" : "127.0.0.1";
    return List.of(InetAddress.ofLiteral(self));
  }

  /** The first failure counts if all fail. */
  private Conn serial(Context within, List<InetSocketAddress> addresses) throws IOException {
    IOException failure = null;
    for (int i = 0; i < addresses.size(); i++) {
      try (CancelContext share = share(within, addresses.size() - i)) {
        return one(share, addresses.get(i));
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        if (within.err() != null) {
          break;
        }
      }
    }
    throw failure == null
        ? NetException.failed("dial " + network, "missing address", null)
        : failure;
  }

  /** A part of the time that is left, so that an address that is silent leaves some to others. */
  private static CancelContext share(Context within, int addresses) {
    Duration left = within.remaining();
    if (left == null || addresses == 1) {
      return within.withCancel();
    }
    Duration part = left.dividedBy(addresses);
    return within.withTimeout(part.compareTo(SHORTEST_TRY) < 0 ? SHORTEST_TRY : part);
  }

  /** What one of the two racers came to. */
  private record Outcome(boolean primary, @Nullable Conn conn, @Nullable IOException failure) {}

  /** The two families race; those of the first one start first. */
  Conn parallel(List<InetSocketAddress> first, List<InetSocketAddress> others) throws IOException {
    Chan<Outcome> outcomes = Chan.make(2);
    try (CancelContext race = context.withCancel()) {
      start(race, true, first, outcomes);
      Outcome early =
          select(
              outcomes.<@Nullable Outcome>onRecv(o -> o),
              Go.<@Nullable Outcome>after(FALLBACK_DELAY, () -> null));
      if (early != null && early.conn() != null) {
        return early.conn();
      }
      start(race, false, others, outcomes);
      IOException failure = early == null ? null : early.failure();
      for (int left = early == null ? 2 : 1; left > 0; left--) {
        Outcome o = outcomes.recv();
        Conn conn = o.conn();
        if (conn != null) {
          dispose(outcomes, left - 1);
          return conn;
        }
        failure = failure == null || o.primary() ? o.failure() : failure;
      }
      throw failure == null ? NetException.failed("dial " + network, "no outcome", null) : failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var interrupted = new ClosedByInterruptException();
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private void start(
      Context race, boolean primary, List<InetSocketAddress> addresses, Chan<Outcome> outcomes) {
    Go.go(
        () -> {
          try {
            outcomes.send(new Outcome(primary, serial(race, addresses), null));
          } catch (IOException e) {
            outcomes.send(new Outcome(primary, null, e));
          }
        });
  }

  /** The race is decided: a connection that comes late is not wanted. */
  private static void dispose(Chan<Outcome> outcomes, int expected) {
    if (expected > 0) {
      Go.go(
          () -> {
            Conn late = outcomes.recv().conn();
            if (late != null) {
              late.close();
            }
          });
    }
  }

  private Conn one(Context within, SocketAddress peer) throws IOException {
    String kind = peer instanceof UnixDomainSocketAddress ? network : network.substring(0, 3);
    String operation = "dial " + network + " " + new Addr(kind, peer);
    for (int tries = 0; ; tries++) {
      NetFd fd;
      try {
        fd = socket(kind, peer);
      } catch (SocketFault e) {
        throw NetException.of(operation, "socket", e);
      }
      try (Watch _ = Watch.of(within, fd)) {
        fd.connect(peer, () -> within.err() != null);
        SocketAddress local = fd.local();
        if (local.equals(peer) && kind.equals("tcp") && tries < SELF_CONNECTS) {
          fd.close(); // both ends are this socket: its free port was the one dialed
          continue;
        }
        return new SocketConn(fd, new Addr(kind, local), new Addr(kind, peer));
      } catch (SocketFault e) {
        fd.close();
        if (e.kind() == SocketFault.Kind.GIVEN) {
          throw Watch.ended(operation, within.err());
        }
        throw NetException.of(operation, "connect", e);
      }
    }
  }

  private static NetFd socket(String kind, SocketAddress peer) throws SocketFault {
    if (kind.equals("unixgram")) {
      return Backend.chosen().datagram(null, StandardProtocolFamily.UNIX);
    }
    if (!kind.equals("udp")) {
      return Backend.chosen().stream(peer, kind.equals("unixpacket"));
    }
    boolean four = ((InetSocketAddress) peer).getAddress() instanceof Inet4Address;
    return Backend.chosen()
        .datagram(null, four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
  }
}
