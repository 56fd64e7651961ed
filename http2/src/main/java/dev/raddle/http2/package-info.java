/**
 * HTTP/2. There is nothing to call here: a {@link dev.raddle.http.Server} finds this package when
 * it is on the path, and speaks HTTP/2 over TLS with clients that offer it, and without TLS if told
 * so; a {@link dev.raddle.http.Transport} does the same with servers.
 *
 * <p>Frames and HPACK are Jetty's; connection, streams and flow control are here. A connection has
 * one goroutine that reads, and on a server each stream one that runs the handler.
 */
@NullMarked
package dev.raddle.http2;

import org.jspecify.annotations.NullMarked;
