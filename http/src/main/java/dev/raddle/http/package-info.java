/**
 * A server in the shape of Go's package {@code net/http}.
 *
 * <p>{@link dev.raddle.http.Http#handleFunc} registers a {@link dev.raddle.http.Handler}, {@link
 * dev.raddle.http.Http#listenAndServe} serves. Each connection is one goroutine, and a handler is
 * plain blocking code on it. What goes over the wire is what Go sends, byte for byte, where Go
 * follows the RFCs; the request parser is stricter than Go's.
 */
@NullMarked
package dev.raddle.http;

import org.jspecify.annotations.NullMarked;
