/** A reverse proxy, in the shape of Go's package {@code net/http/httputil}. */
@NullMarked
package dev.raddle.http.httputil;

import org.jspecify.annotations.NullMarked;
