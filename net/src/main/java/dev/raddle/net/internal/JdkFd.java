package dev.raddle.net.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** A channel of the JDK that never blocks, with its key in the {@link SelectorLoop}. */
final class JdkFd extends NetFd {
  private static final int READ_OPS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;

  private final SelectableChannel channel;
  private final SelectionKey key;

  private JdkFd(SelectableChannel channel, Side read, Side write) throws IOException {
    super(read, write);
    this.channel = channel;
    key = SelectorLoop.get().register(channel, this);
    read.owner = this;
    write.owner = this;
  }

  /** Takes the channel over; on failure it is closed. */
  static JdkFd of(SelectableChannel channel) throws SocketFault {
    try {
      return new JdkFd(channel, new Side(READ_OPS), new Side(~READ_OPS));
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw SocketFault.of(e);
    }
  }

  static void closeQuietly(SelectableChannel channel, IOException why) {
    try {
      channel.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** A direction that asks the selector for each event. */
  private static final class Side extends PollSide {
    private final int operations;
    private volatile @Nullable JdkFd owner;

    Side(int operations) {
      this.operations = operations;
    }

    @Override
    protected void arm() {
      JdkFd fd = owner;
      if (fd != null) {
        fd.arm(operations);
      }
    }
  }

  private void arm(int operations) {
    int what = operations & channel.validOps();
    if (channel instanceof SocketChannel s) {
      what &= s.isConnected() ? ~SelectionKey.OP_CONNECT : SelectionKey.OP_CONNECT;
    }
    SelectorLoop.get().arm(key, what);
  }

  void deliver(int ready) {
    if ((ready & READ_OPS) != 0) {
      read.ready();
    }
    if ((ready & ~READ_OPS) != 0) {
      write.ready();
    }
  }

  /** What a try may do. */
  private interface Try<T> {
    T run() throws IOException;
  }

  private static <T extends @Nullable Object> T attempt(Try<T> body) throws SocketFault {
    try {
      return body.run();
    } catch (IOException e) {
      throw SocketFault.of(e);
    }
  }

  @Override
  int tryRead(ByteBuffer target) throws SocketFault {
    if (channel instanceof DatagramChannel d) { // its read() takes an empty datagram for none
      int before = target.position();
      return attempt(() -> d.receive(target)) == null ? AGAIN : target.position() - before;
    }
    int n = attempt(() -> ((ByteChannel) channel).read(target));
    return n == 0 ? AGAIN : n;
  }

  @Override
  boolean eventAhead() {
    return true; // a selector tells what is there, not what came
  }

  @Override
  int tryWrite(ByteBuffer source) throws SocketFault {
    int n = attempt(() -> ((ByteChannel) channel).write(source));
    return n == 0 && source.hasRemaining()
        ? AGAIN
        : n; // an empty datagram is not sent: the JDK's way
  }

  @Override
  long trySendFile(FileChannel file, long position, long count) throws SocketFault {
    if (!file.isOpen()) {
      return UNSUPPORTED; // its own exception is for whoever copies
    }
    long n = attempt(() -> file.transferTo(position, count, (SocketChannel) channel));
    return n > 0 || attempt(() -> position >= file.size()) ? n : AGAIN;
  }

  @Override
  @Nullable NetFd tryAccept() throws SocketFault {
    SocketChannel accepted = attempt(() -> ((ServerSocketChannel) channel).accept());
    if (accepted == null) {
      return null;
    }
    JdkFd fd = of(accepted);
    return fd.local() instanceof UnixDomainSocketAddress ? fd : Backend.prepared(fd);
  }

  @Override
  boolean tryConnect(SocketAddress to) throws SocketFault {
    if (channel instanceof DatagramChannel d) {
      attempt(() -> d.connect(to));
      return true;
    }
    return attempt(() -> ((SocketChannel) channel).connect(to));
  }

  @Override
  boolean finishConnect() throws SocketFault {
    return attempt(() -> ((SocketChannel) channel).finishConnect());
  }

  @Override
  @Nullable SocketAddress tryReceive(ByteBuffer target) throws SocketFault {
    return attempt(() -> ((DatagramChannel) channel).receive(target));
  }

  @Override
  boolean trySend(ByteBuffer source, SocketAddress to) throws SocketFault {
    int size = source.remaining();
    return attempt(() -> ((DatagramChannel) channel).send(source, to)) == size;
  }

  @Override
  void doShutdown(boolean input) throws SocketFault {
    SocketChannel s = (SocketChannel) channel;
    attempt(() -> input ? s.shutdownInput() : s.shutdownOutput());
  }

  @Override
  void destroy() {
    SelectorLoop.get().close(this);
  }

  /** On the selector's thread. */
  void closeChannel() {
    try {
      channel.close();
    } catch (IOException e) {
      System.getLogger("dev.raddle.net").log(System.Logger.Level.DEBUG, "closing a socket", e);
    }
  }

  @Override
  public SocketAddress local() throws SocketFault {
    return attempt(() -> ((NetworkChannel) channel).getLocalAddress());
  }

  @Override
  public SocketAddress remote() throws SocketFault {
    SocketAddress a =
        attempt(
            () ->
                channel instanceof DatagramChannel d
                    ? d.getRemoteAddress()
                    : ((SocketChannel) channel).getRemoteAddress());
    return a == null ? new InetSocketAddress(0) : a;
  }

  @Override
  public void noDelay(boolean off) throws SocketFault {
    attempt(() -> ((NetworkChannel) channel).setOption(StandardSocketOptions.TCP_NODELAY, off));
  }

  @Override
  public void keepAlive(int seconds, int probes) throws SocketFault {
    NetworkChannel c = (NetworkChannel) channel;
    attempt(() -> c.setOption(StandardSocketOptions.SO_KEEPALIVE, seconds > 0));
    if (seconds <= 0) {
      return;
    }
    Map<SocketOption<Integer>, Integer> times =
        Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE,
            seconds,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            seconds,
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            probes);
    for (var time : times.entrySet()) {
      if (c.supportedOptions().contains(time.getKey())) { // else the system's own times
        attempt(() -> c.setOption(time.getKey(), time.getValue()));
      }
    }
  }
}
