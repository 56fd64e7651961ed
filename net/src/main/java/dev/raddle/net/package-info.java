/**
 * Listeners and connections in the shape of Go's package {@code net}.
 *
 * <p>{@link dev.raddle.net.Net} dials and listens; a {@link dev.raddle.net.Listener} accepts, a
 * {@link dev.raddle.net.Conn} reads and writes. Every call blocks its caller only: sockets never
 * block, and a goroutine that waits for one is parked. On Linux the scheduler's own threads poll
 * for it by epoll, elsewhere a thread with the JDK's selector does. Errors are {@link
 * java.io.IOException}s whose messages use Go's words and say what was expected and what was found.
 */
@NullMarked
package dev.raddle.net;

import org.jspecify.annotations.NullMarked;
