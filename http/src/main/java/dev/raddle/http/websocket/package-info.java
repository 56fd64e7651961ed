/**
 * WebSocket, RFC 6455, on a hijacked connection: blocking reads and writes of whole messages. Pings
 * are answered and the closing handshake is done by the reader.
 */
@NullMarked
package dev.raddle.http.websocket;

import org.jspecify.annotations.NullMarked;
