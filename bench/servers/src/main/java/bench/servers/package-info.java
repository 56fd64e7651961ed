/**
 * HTTP servers with the same two routes, started as {@code PROCS PORT} on the loopback address:
 * {@code /hello?name=} greets at once, {@code /slow} answers after 10 ms. As {@code PROCS h2c PORT}
 * those that can also take HTTP/2 without TLS.
 */
@org.jspecify.annotations.NullMarked
package bench.servers;
