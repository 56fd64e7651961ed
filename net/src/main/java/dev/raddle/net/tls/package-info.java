/**
 * TLS in the shape of Go's package {@code crypto/tls}, on the JDK's {@link
 * javax.net.ssl.SSLEngine}.
 *
 * <p>{@link dev.raddle.net.tls.Tls} dials and listens, and puts TLS on connections that are there;
 * a {@link dev.raddle.net.tls.TlsConfig} says which certificates are shown and which are believed.
 * A {@link dev.raddle.net.tls.TlsConn} is a {@link dev.raddle.net.Conn}: deadlines, closing and
 * interrupts are those of the connection below. What the handshake refuses is an {@link
 * javax.net.ssl.SSLException}.
 */
@NullMarked
package dev.raddle.net.tls;

import org.jspecify.annotations.NullMarked;
