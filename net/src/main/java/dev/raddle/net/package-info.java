/**
 * Listeners and connections in the shape of Go's package {@code net}.
 *
 * <p>{@link dev.raddle.net.Net#listen} gives a {@link dev.raddle.net.Listener}, whose {@code
 * accept} gives a {@link dev.raddle.net.Conn}. Every call blocks its caller only; a goroutine that
 * waits frees its worker. Errors are {@link java.io.IOException}s whose messages use Go's words and
 * say what was expected and what was found.
 *
 * <p>The two interfaces are the seam to what waits for readiness below: at present the JDK's
 * blocking channels, whose pollers park virtual threads.
 */
@NullMarked
package dev.raddle.net;

import org.jspecify.annotations.NullMarked;
