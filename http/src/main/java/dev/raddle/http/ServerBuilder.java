package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.tls.TlsConfig;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Describes a {@link Server}: the fields of Go's {@code http.Server}. Not for use by several
 * threads at once.
 *
 * <p>Of every time, zero means that there is no limit.
 */
public final class ServerBuilder {
  private final ServerConfig config = new ServerConfig();

  ServerBuilder() {}

  /**
   * Sets where to listen, in the syntax of {@link dev.raddle.net.Net#listen}.
   *
   * @param addr for example {@code :8080}; empty, the default, means {@code :http}, port 80
   * @return this builder
   */
  public ServerBuilder addr(String addr) {
    config.addr = addr;
    return this;
  }

  /**
   * Sets what answers requests. The default is the mux that {@link Http#handle} fills.
   *
   * @param handler a mux or any other handler
   * @return this builder
   */
  public ServerBuilder handler(Handler handler) {
    config.handler = handler;
    return this;
  }

  /**
   * Sets how long the head of a request may be, request line included. A longer one is answered
   * with 431. As in Go, 4096 bytes more are let pass. The default is 1 MB.
   *
   * @param bytes a positive number
   * @return this builder
   * @throws IllegalArgumentException if it is not positive, or above 1 GB
   */
  public ServerBuilder maxHeaderBytes(int bytes) {
    if (bytes <= 0 || bytes > 1 << 30) {
      throw new IllegalArgumentException(
          "maxHeaderBytes: expected 1 to 1073741824, found " + bytes);
    }
    config.maxHeaderBytes = bytes;
    return this;
  }

  /**
   * Sets how many header lines a request may have; the names that a Trailer header announces count
   * too. More are answered with 431. The default is 500. Go: {@code MaxHeaderValueCount}.
   *
   * @param lines a positive number
   * @return this builder
   * @throws IllegalArgumentException if it is not positive
   */
  public ServerBuilder maxHeaderValues(int lines) {
    if (lines <= 0) {
      throw new IllegalArgumentException("maxHeaderValues: expected 1 or more, found " + lines);
    }
    config.maxHeaderValues = lines;
    return this;
  }

  /**
   * Sets how long a client may take to send a request, from its first byte to the end of the body.
   * The head being late, the connection closes; the body being late, reading it fails. There is no
   * limit by default.
   *
   * @param time how long
   * @return this builder
   */
  public ServerBuilder readTimeout(Duration time) {
    config.readNanos = nanos("readTimeout", time);
    return this;
  }

  /**
   * Sets how long a client may take to send the head of a request, from its first byte, or, for the
   * first one, from the accept. The default is {@link #readTimeout} if that is set, else, unlike in
   * Go, a minute.
   *
   * @param time how long
   * @return this builder
   */
  public ServerBuilder readHeaderTimeout(Duration time) {
    config.readHeaderNanos = nanos("readHeaderTimeout", time);
    return this;
  }

  /**
   * Sets how long reading the body and writing the response may take, from the end of the head.
   * After it writes fail. There is no limit by default.
   *
   * @param time how long
   * @return this builder
   */
  public ServerBuilder writeTimeout(Duration time) {
    config.writeNanos = nanos("writeTimeout", time);
    return this;
  }

  /**
   * Sets how long a body may stand still: a read of a request's body for which nothing comes, or a
   * write of 64 KB of a response that the client does not take. After it the connection is closed,
   * and the read or write fails. It begins anew with each of them, so a stream may be as long as it
   * likes, and may rest while the handler neither reads nor writes. Hijacked connections are not
   * concerned. Go has no such limit.
   *
   * @param time the default is 60 s
   * @return this builder
   */
  public ServerBuilder stallTimeout(Duration time) {
    config.stallNanos = nanos("stallTimeout", time);
    return this;
  }

  /**
   * Sets how long to wait for the next request of a connection. The default is {@link
   * #readTimeout}.
   *
   * @param time how long
   * @return this builder
   */
  public ServerBuilder idleTimeout(Duration time) {
    config.idleNanos = nanos("idleTimeout", time);
    return this;
  }

  private static long nanos(String what, Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(what + ": expected zero or more, found " + time);
    }
    return time.compareTo(Duration.ofDays(3650)) > 0 ? 0 : time.toNanos();
  }

  /**
   * Passes {@code OPTIONS *} on to the handler, which the server otherwise answers by itself with
   * 200. Go: {@code DisableGeneralOptionsHandler}.
   *
   * @return this builder
   */
  public ServerBuilder disableGeneralOptionsHandler() {
    config.generalOptions = false;
    return this;
  }

  /**
   * Sets where errors of connections and failures of handlers are logged. The default is the
   * System.Logger {@code dev.raddle.http}.
   *
   * @param logger a logger
   * @return this builder
   */
  public ServerBuilder errorLog(System.Logger logger) {
    config.log = new Log(logger);
    return this;
  }

  /**
   * Sets what the contexts of requests are derived from.
   *
   * @param source asked once for each listener
   * @return this builder
   */
  public ServerBuilder baseContext(Function<Listener, Context> source) {
    config.baseContext = source;
    return this;
  }

  /**
   * Sets what is made of the base context for a connection.
   *
   * @param source gets the base context; asked once for each connection, on the goroutine that
   *     accepts
   * @return this builder
   */
  public ServerBuilder connContext(BiFunction<Context, Conn, Context> source) {
    config.connContext = source;
    return this;
  }

  /**
   * Sets what is told of each change of a connection's state.
   *
   * @param hook called on the goroutine of the connection, NEW on the one that accepts
   * @return this builder
   */
  public ServerBuilder connState(BiConsumer<Conn, ConnState> hook) {
    config.connState = hook;
    return this;
  }

  /**
   * Sets how the server speaks TLS when it is told to: {@link Server#serveTLS}, {@link
   * Server#listenAndServeTLS} and {@link Server#startTLS}. If it names no protocols for ALPN,
   * {@code http/1.1} is offered, and before it {@code h2}, if the module {@code raddle-http2} is
   * there. Go: {@code TLSConfig}.
   *
   * @param tls has a certificate
   * @return this builder
   * @throws IllegalArgumentException if it has no certificate
   */
  public ServerBuilder tlsConfig(TlsConfig tls) {
    if (!tls.hasCertificate()) {
      throw new IllegalArgumentException("tlsConfig: expected a certificate, found none");
    }
    config.tls =
        tls.nextProtos().isEmpty() ? tls.toBuilder().nextProtos(Protocols.alpn()).build() : tls;
    return this;
  }

  /**
   * Says whether clients may speak HTTP/2 without TLS: those that begin with it, and those that ask
   * for it by {@code Upgrade: h2c}. They may not by default. Go: {@code
   * Protocols.SetUnencryptedHTTP2}, which knows the first kind alone.
   *
   * @param enabled whether they may
   * @return this builder
   * @throws IllegalStateException if the module {@code raddle-http2} is not there
   */
  public ServerBuilder h2c(boolean enabled) {
    if (enabled && Protocols.all().isEmpty()) {
      throw new IllegalStateException("h2c: expected raddle-http2 on the path, found it not");
    }
    config.h2c = enabled;
    return this;
  }

  /**
   * Sets limits of HTTP/2. Go: {@code HTTP2}.
   *
   * @param limits the limits
   * @return this builder
   */
  public ServerBuilder http2(Http2Config limits) {
    config.http2 = limits;
    return this;
  }

  /**
   * Makes the server. It does not listen yet.
   *
   * @return the server
   */
  public Server build() {
    return new Server(config.copy());
  }
}
