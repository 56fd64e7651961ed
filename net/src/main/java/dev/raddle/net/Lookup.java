package dev.raddle.net;

import static dev.raddle.Go.select;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of hosts and ports. A lookup is the system's and blocks its thread; the JDK says so to the
 * scheduler, which gives the right to run to another thread.
 */
final class Lookup {
  private static final Map<String, Integer> PORT_NAMES = Map.of("http", 80, "https", 443);

  private Lookup() {}

  /** A port by number or name. */
  static int port(String operation, String port) throws NetException {
    if (port.isEmpty()) {
      return 0;
    }
    int named = PORT_NAMES.getOrDefault(port.toLowerCase(Locale.ROOT), -1);
    if (named >= 0) {
      return named;
    }
    int value = 0;
    for (int i = 0; i < port.length(); i++) {
      int digit = port.charAt(i) - '0';
      boolean sign = i == 0 && port.length() > 1 && (digit == '-' - '0' || digit == '+' - '0');
      if (!sign && (digit < 0 || digit > 9)) {
        throw NetException.failed(
            operation, "unknown port, expected 0 to 65535, http or https, found " + port, null);
      }
      value = sign ? value : Math.min(value * 10 + digit, 1 << 20);
    }
    if (value > 65535 || (value > 0 && port.charAt(0) == '-')) {
      throw NetException.failed(
          operation, "invalid port, expected 0 to 65535, found " + port, null);
    }
    return value;
  }

  /** The addresses of a host that a network can use, in the system's order; at least one. */
  static List<InetAddress> host(Context context, String network, String operation, String host)
      throws IOException {
    List<InetAddress> usable = new ArrayList<>();
    for (InetAddress ip : all(context, operation, host)) {
      if (network.endsWith("4") ? ip instanceof Inet4Address : !network.endsWith("6")) {
        usable.add(ip);
      } else if (network.endsWith("6") && ip instanceof Inet6Address) {
        usable.add(ip);
      }
    }
    if (usable.isEmpty()) {
      throw NetException.failed(operation, "address " + host + ": no suitable address found", null);
    }
    return usable;
  }

  private static InetAddress[] all(Context context, String operation, String host)
      throws IOException {
    InetAddress literal = literal(host);
    if (literal != null) {
      return new InetAddress[] {literal};
    }
    if (context == Context.background()) {
      return bySystem(operation, host);
    }
    Chan<Result> found = Chan.make(1);
    Go.go(
        () -> {
          try {
            found.send(new Result(bySystem(operation, host), null));
          } catch (IOException e) {
            found.send(new Result(new InetAddress[0], e));
          }
        });
    Result result;
    try {
      result =
          select(
              found.<@Nullable Result>onRecv(r -> r), //
              context.done().<@Nullable Result>onRecv(end -> null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var interrupted = new ClosedByInterruptException();
      interrupted.initCause(e);
      throw interrupted;
    }
    if (result == null) {
      throw Watch.ended(operation + ": lookup " + host, context.err());
    }
    IOException failure = result.failure();
    if (failure != null) {
      throw failure;
    }
    return result.addresses();
  }

  private record Result(InetAddress[] addresses, @Nullable IOException failure) {}

  private static InetAddress[] bySystem(String operation, String host) throws NetException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw NetException.failed(operation, "lookup " + host + ": no such host", e);
    }
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
