package dev.raddle.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener on a JDK channel in blocking mode. */
final class TcpListener implements Listener {
  private static final long FIRST_BACKOFF_MILLIS = 5; // Go's values, http.Server.Serve
  private static final long LONGEST_BACKOFF_MILLIS = 1_000;

  /** Takes one connection from the operating system; a seam for tests. */
  interface Source {
    SocketChannel accept() throws IOException;
  }

  /** Waits, and says whether the listener was closed meanwhile; a seam for tests. */
  interface Pause {
    boolean closedWithin(long millis) throws InterruptedException;
  }

  private final String operation;
  private final ServerSocketChannel channel;
  private final InetSocketAddress address;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Source source;
  private final Pause pause;

  TcpListener(String operation, ServerSocketChannel channel) throws IOException {
    this.operation = operation;
    this.channel = channel;
    address = (InetSocketAddress) channel.getLocalAddress();
    source = channel::accept;
    pause = millis -> closed.await(millis, TimeUnit.MILLISECONDS);
  }

  TcpListener(String operation, ServerSocketChannel channel, Source source, Pause pause)
      throws IOException {
    this.operation = operation;
    this.channel = channel;
    address = (InetSocketAddress) channel.getLocalAddress();
    this.source = source;
    this.pause = pause;
  }

  @Override
  public Conn accept() throws IOException {
    long backoffMillis = 0;
    while (true) {
      SocketChannel accepted;
      try {
        accepted = source.accept();
      } catch (ClosedChannelException e) {
        throw NetException.closed(acceptOperation(), e);
      } catch (IOException e) {
        backoffMillis = next(backoffMillis);
        backOff(e, backoffMillis);
        continue;
      }
      try {
        return new TcpConn(accepted);
      } catch (IOException e) {
        accepted.close(); // gone before it was ours: the next one, please
      }
    }
  }

  private static long next(long backoffMillis) {
    return backoffMillis == 0
        ? FIRST_BACKOFF_MILLIS
        : Math.min(backoffMillis * 2, LONGEST_BACKOFF_MILLIS);
  }

  private void backOff(IOException cause, long millis) throws IOException {
    System.getLogger("dev.raddle.net")
        .log(
            Level.WARNING,
            () -> acceptOperation() + ": " + cause.getMessage() + "; retrying in " + millis + "ms");
    try {
      if (pause.closedWithin(millis)) {
        throw NetException.closed(acceptOperation(), cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close(); // as an interrupt inside the system's accept does
      throw NetException.closed(acceptOperation(), e);
    }
  }

  private String acceptOperation() {
    return "accept tcp " + HostPort.of(address);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    channel.close();
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public String toString() {
    return operation;
  }
}
