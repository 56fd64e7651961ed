package dev.raddle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

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
   * @throws NetException if the listener is or gets closed; {@link NetException#isClosed} is true
   */
  Conn accept() throws IOException;

  /**
   * Stops listening and wakes goroutines that wait in {@link #accept}. Accepted connections stay
   * open. A second call does nothing.
   *
   * @throws IOException if the operating system reports an error; the listener is closed anyway
   */
  @Override
  void close() throws IOException;

  /**
   * Returns the address this listener is bound to, with the real port if 0 was asked for. Never
   * blocks; still known after {@link #close}.
   *
   * @return address and port
   */
  InetSocketAddress address();
}
