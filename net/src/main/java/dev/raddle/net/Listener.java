package dev.raddle.net;

import dev.raddle.context.Context;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Accepts connections: Go's {@code net.Listener}. Any number of goroutines may accept. */
public interface Listener extends Closeable {
  /**
   * Waits for the next connection.
   *
   * <p>When the operating system cannot give one at the moment, above all because the process is
   * out of file descriptors, the caller waits and tries again: 5 ms, then doubling up to 1 s, which
   * is what Go's {@code http.Server} does. A client that has connected meanwhile stays in the
   * system's queue; it is served late, not lost.
   *
   * <p><b>Interrupts.</b> Interrupting a goroutine that waits here closes the listener, as it does
   * for every JDK channel.
   *
   * @return the connection; the caller closes it
   * @throws NetException if the listener is or gets closed; {@link NetException#isClosed} is true.
   *     At the deadline; {@link NetException#isTimeout} is true. Or for what the system reports
   */
  Conn accept() throws IOException;

  /**
   * As {@link #accept()}, as long as the context lasts. The listener stays open when it ends.
   *
   * @param context its end ends the wait
   * @return the connection; the caller closes it
   * @throws NetException as {@link #accept()}; with the context's error as its cause when that has
   *     ended, and {@link NetException#isTimeout} if that was its deadline
   * @throws UnsupportedOperationException if this kind of listener cannot do it
   */
  default Conn accept(Context context) throws IOException {
    throw new UnsupportedOperationException("accept(context): " + getClass().getName());
  }

  /**
   * Sets the deadline of {@link #accept}, as {@link Conn#setDeadline} does for reads. Go: {@code
   * TCPListener.SetDeadline}.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the listener is closed
   * @throws UnsupportedOperationException if this kind of listener has none
   */
  default void setDeadline(@Nullable Duration fromNow) throws IOException {
    throw new UnsupportedOperationException("setDeadline: " + getClass().getName());
  }

  /**
   * Stops listening and wakes goroutines that wait in {@link #accept}. Accepted connections stay
   * open. The file of a Unix socket is removed, as in Go. A second call does nothing.
   *
   * @throws IOException if the operating system reports an error; the listener is closed anyway
   */
  @Override
  void close() throws IOException;

  /**
   * Returns the address this listener is bound to, with the real port if 0 was asked for. Never
   * blocks; still known after {@link #close}.
   *
   * @return address and port; of a Unix socket as {@link Conn#localAddress}
   */
  InetSocketAddress address();

  /**
   * Returns the address, of whatever kind. Go: {@code Addr}.
   *
   * @return the address; its string is what Go prints
   */
  default Addr addr() {
    return new Addr("tcp", address());
  }
}
