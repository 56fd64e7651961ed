package dev.raddle.net;

import static dev.raddle.Go.select;

import dev.raddle.Chan;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.internal.util.Clock;
import dev.raddle.net.internal.NetFd;
import dev.raddle.net.internal.SocketFault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A listener on a socket. */
final class SocketListener implements Listener {
  private static final long FIRST_BACKOFF_MILLIS = 5; // Go's values, http.Server.Serve
  static final long LONGEST_BACKOFF_MILLIS = 1_000;

  /** Takes one connection from the operating system; a seam for tests. */
  interface Source {
    NetFd accept(@Nullable BooleanSupplier given) throws SocketFault;
  }

  /** Waits, and says whether the listener was closed meanwhile; a seam for tests. */
  interface Pause {
    boolean closedWithin(long millis) throws InterruptedException;
  }

  static {
    SocketFault.load(); // without a descriptor it may be too late
    BackoffLog.prepare();
  }

  private final String operation;
  private final String accepting; // made beforehand, with the classes that it takes
  private final NetFd fd;
  private final Addr address;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Source source;
  private final Pause pause;

  /** Full while somebody accepts: a turn that can be given up when a context ends. */
  private final Chan<Boolean> turn = Chan.make(1);

  SocketListener(String operation, NetFd fd, Addr address) {
    this.operation = operation;
    this.fd = fd;
    this.address = address;
    accepting = "accept " + address.network() + " " + address;
    source = fd::accept;
    pause = millis -> closed.await(millis, TimeUnit.MILLISECONDS);
  }

  SocketListener(String operation, NetFd fd, Addr address, Source source, Pause pause) {
    this.operation = operation;
    this.fd = fd;
    this.address = address;
    accepting = "accept " + address.network() + " " + address;
    this.source = source;
    this.pause = pause;
  }

  @Override
  public Conn accept() throws IOException {
    try {
      turn.send(true);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return next(null);
    } finally {
      turn.tryRecv();
    }
  }

  @Override
  public Conn accept(Context context) throws IOException {
    boolean has;
    try {
      has = select(turn.onSend(true, () -> true), context.done().onRecv(end -> false));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (!has) {
      throw ended(context);
    }
    try (Watch _ = Watch.of(context, fd)) {
      return next(context);
    } finally {
      turn.tryRecv();
    }
  }

  private Conn next(@Nullable Context context) throws IOException {
    BooleanSupplier given = context == null ? null : () -> context.err() != null;
    for (long backoffMillis = 0; ; ) {
      if (context != null && context.err() != null) {
        throw ended(context);
      }
      NetFd accepted;
      try {
        accepted = source.accept(given);
      } catch (SocketFault e) {
        if (e.kind() == SocketFault.Kind.EXHAUSTED) {
          backoffMillis =
              backoffMillis == 0
                  ? FIRST_BACKOFF_MILLIS
                  : Math.min(backoffMillis * 2, LONGEST_BACKOFF_MILLIS);
          backOff(e, backoffMillis);
        } else if (e.kind() != SocketFault.Kind.GIVEN) {
          throw NetException.of(accepting, "", e);
        }
        continue;
      }
      try {
        return Net.conn(accepted, address);
      } catch (SocketFault e) {
        accepted.close(); // gone before it was ours: the next one, please
      }
    }
  }

  private IOException ended(Context context) {
    CanceledException why = context.err();
    return Watch.ended(accepting, why);
  }

  private void backOff(SocketFault cause, long millis) throws IOException {
    BackoffLog.warn(accepting + ": " + cause.getMessage() + "; retrying in " + millis + "ms");
    try {
      if (pause.closedWithin(millis)) {
        throw NetException.closed(accepting, cause);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private NetException interrupted(InterruptedException e) throws IOException {
    Thread.currentThread().interrupt();
    close(); // as an interrupt inside the system's accept does
    return NetException.closed(accepting, e);
  }

  @Override
  public void setDeadline(@Nullable Duration fromNow) throws IOException {
    try {
      fd.deadline(true, false, fromNow == null ? null : Clock.nanos(fromNow));
    } catch (SocketFault e) {
      throw NetException.of("set " + address.network() + " " + address, "", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    try {
      if (address.address() instanceof UnixDomainSocketAddress unix
          && !unix.toString().startsWith("@")) {
        Files.deleteIfExists(unix.getPath());
      }
    } finally {
      fd.close();
    }
  }

  @Override
  public InetSocketAddress address() {
    return address.inet();
  }

  @Override
  public Addr addr() {
    return address;
  }

  @Override
  public String toString() {
    return operation;
  }
}
