/**
 * What tests of handlers and clients need, in the shape of Go's package {@code net/http/httptest}:
 * a recorder in place of a connection, and a server on a free port.
 */
@NullMarked
package dev.raddle.http.httptest;

import org.jspecify.annotations.NullMarked;
