/**
 * What a protocol other than HTTP/1 is to a server and to a client, and they to it. For modules
 * that bring one, such as {@code raddle-http2}; programs need none of it.
 *
 * <p>The server accepts, makes the TLS handshake, and asks each {@link
 * dev.raddle.http.spi.ServerProtocol} that it finds by {@link java.util.ServiceLoader}. One that
 * has been agreed on gets the connection as a {@link dev.raddle.http.spi.ServerLink}, and makes of
 * its bytes {@link dev.raddle.http.spi.ServerStream}s. All that handlers see, requests, responses,
 * contexts, is the server's.
 *
 * <p>A client's {@link dev.raddle.http.Transport} offers each {@link
 * dev.raddle.http.spi.ClientProtocol} by ALPN. One that has been agreed on makes of the connection
 * a {@link dev.raddle.http.spi.ClientSession}, from which each request gets a {@link
 * dev.raddle.http.spi.ClientStream}.
 */
@NullMarked
package dev.raddle.http.spi;

import org.jspecify.annotations.NullMarked;
