package dev.raddle.net.internal;

import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets, in one of two ways that is chosen once, see {@link #chosen}. {@code
 * -Draddle.netpoll=epoll} or {@code jdk} asks for one; {@code -Draddle.netpoll.debug=true} says in
 * a line which it is, and why.
 */
public abstract class Backend {
  /** {@code auto}, {@code epoll} or {@code jdk}. */
  static final String PROPERTY = "raddle.netpoll";

  /** Go's keep-alive defaults, net.KeepAliveConfig. */
  private static final int KEEP_ALIVE_SECONDS = 15;

  private static final int KEEP_ALIVE_PROBES = 9;

  private static final class Holder {
    static final Backend CHOSEN = choose();
  }

  private final String name;

  Backend(String name) {
    this.name = name;
  }

  /**
   * The backend of this process.
   *
   * @return always the same
   */
  public static Backend chosen() {
    return Holder.CHOSEN;
  }

  private static Backend choose() {
    String asked = System.getProperty(PROPERTY, "auto");
    String whyNot = asked.equals("jdk") ? "-D" + PROPERTY + "=jdk" : EpollBackend.whyNot();
    Backend backend;
    switch (asked) {
      case "auto", "jdk" -> backend = whyNot == null ? new EpollBackend() : new JdkBackend();
      case "epoll" -> {
        if (whyNot != null) {
          throw new IllegalStateException("-D" + PROPERTY + "=epoll: " + whyNot);
        }
        backend = new EpollBackend();
      }
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + ": expected auto, epoll or jdk, found " + asked);
    }
    if (Boolean.getBoolean(PROPERTY + ".debug")) {
      System.getLogger("dev.raddle.net")
          .log(
              Level.INFO,
              "netpoll: "
                  + backend.name()
                  + (whyNot == null ? Epoll.about() : ", because: " + whyNot));
    }
    return backend;
  }

  /**
   * Its name.
   *
   * @return {@code epoll} or {@code jdk}
   */
  public final String name() {
    return name;
  }

  /**
   * Binds and listens.
   *
   * @param address where; Internet or Unix
   * @param family null for IPv6 that also takes IPv4, where there is IPv6
   * @param messages whether connections keep the bounds of what is written; Unix alone
   * @param backlog how many connections may wait
   * @return the socket; what it accepts has {@link #prepare}d options
   * @throws SocketFault if it cannot
   */
  public abstract NetFd listen(
      SocketAddress address, @Nullable StandardProtocolFamily family, boolean messages, int backlog)
      throws SocketFault;

  /**
   * Makes a stream socket to be connected.
   *
   * @param peer where to
   * @param messages as for {@link #listen}
   * @return the socket
   * @throws SocketFault if it cannot
   */
  public abstract NetFd stream(SocketAddress peer, boolean messages) throws SocketFault;

  /**
   * Makes a datagram socket.
   *
   * @param bind where, Internet or Unix; null for anywhere
   * @param family UNIX; or null for IPv6 that also takes IPv4, where there is IPv6
   * @return the socket
   * @throws SocketFault if it cannot
   */
  public abstract NetFd datagram(
      @Nullable SocketAddress bind, @Nullable StandardProtocolFamily family) throws SocketFault;

  /** The fault of a process without descriptors. */
  abstract SocketFault exhausted();

  /**
   * Sets Go's defaults on a TCP connection: no delay, keep-alive.
   *
   * @param fd the socket
   * @throws SocketFault if it cannot
   */
  static void prepare(NetFd fd) throws SocketFault {
    fd.noDelay(true);
    fd.keepAlive(KEEP_ALIVE_SECONDS, KEEP_ALIVE_PROBES);
  }

  /** Sets Go's defaults on a connection that was dialed. */
  static NetFd prepared(NetFd fd) throws SocketFault {
    try {
      prepare(fd);
      return fd;
    } catch (SocketFault e) {
      fd.close();
      throw e;
    }
  }
}
