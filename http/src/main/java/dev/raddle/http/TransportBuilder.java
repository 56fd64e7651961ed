package dev.raddle.http;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.Net;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link Transport}: the fields of Go's {@code http.Transport}, with the defaults of
 * its DefaultTransport. Of every limit, zero means that there is none.
 */
public final class TransportBuilder {
  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(30); // Go's DefaultTransport

  int maxIdle = 100;
  int maxIdlePerHost = 2;
  int maxPerHost;
  int maxHeaderBytes = 10 << 20;
  long idleNanos = Duration.ofSeconds(90).toNanos();
  long headerNanos;
  long continueNanos = Duration.ofSeconds(1).toNanos();
  boolean keepAlives = true;
  boolean compression = true;
  boolean http2 = true;
  boolean h2c;
  long sendPingNanos;
  long pingNanos = Duration.ofSeconds(15).toNanos();
  private TlsConfig tls = TlsConfig.builder().build();
  private @Nullable TlsConfig tlsOffered; // guarded by this
  private @Nullable TlsConfig tlsOnlyHttp1; // guarded by this
  long handshakeNanos = Duration.ofSeconds(10).toNanos();
  Dialer dialer = TransportBuilder::dial;
  @Nullable Dialer tlsDialer;
  ProxyChoice proxy =
      request ->
          Transport.proxyFromEnvironment(request, name -> System.getenv().getOrDefault(name, ""));

  private static Conn dial(Context context, String address) throws IOException {
    try (CancelContext limited = context.withTimeout(DIAL_TIMEOUT)) {
      return Net.dial(limited, "tcp", address);
    }
  }

  /** Chooses a proxy for a request. */
  @FunctionalInterface
  public interface ProxyChoice extends Function<Request, @Nullable URI> {}

  TransportBuilder() {}

  private TransportBuilder(TransportBuilder other) {
    maxIdle = other.maxIdle;
    maxIdlePerHost = other.maxIdlePerHost;
    maxPerHost = other.maxPerHost;
    maxHeaderBytes = other.maxHeaderBytes;
    idleNanos = other.idleNanos;
    headerNanos = other.headerNanos;
    continueNanos = other.continueNanos;
    keepAlives = other.keepAlives;
    compression = other.compression;
    http2 = other.http2;
    h2c = other.h2c;
    sendPingNanos = other.sendPingNanos;
    pingNanos = other.pingNanos;
    tls = other.tls;
    handshakeNanos = other.handshakeNanos;
    dialer = other.dialer;
    tlsDialer = other.tlsDialer;
    proxy = other.proxy;
  }

  /**
   * Sets how many connections are kept in all.
   *
   * @param connections the default is 100
   * @return this builder
   */
  public TransportBuilder maxIdleConns(int connections) {
    maxIdle = connections;
    return this;
  }

  /**
   * Sets how many connections are kept for each host.
   *
   * @param connections the default is 2
   * @return this builder
   */
  public TransportBuilder maxIdleConnsPerHost(int connections) {
    maxIdlePerHost = connections == 0 ? 2 : connections;
    return this;
  }

  /**
   * Sets how many connections there are to each host; further requests wait.
   *
   * @param connections the default is no limit
   * @return this builder
   */
  public TransportBuilder maxConnsPerHost(int connections) {
    maxPerHost = connections;
    return this;
  }

  /**
   * Sets how long the head of a response may be.
   *
   * @param bytes the default is 10 MB
   * @return this builder
   */
  public TransportBuilder maxResponseHeaderBytes(int bytes) {
    maxHeaderBytes = bytes;
    return this;
  }

  /**
   * Sets how long a connection is kept without use.
   *
   * @param time the default is 90 s
   * @return this builder
   */
  public TransportBuilder idleConnTimeout(Duration time) {
    idleNanos = time.toNanos();
    return this;
  }

  /**
   * Sets how long to wait for the head of a response once the request has been sent.
   *
   * @param time the default is no limit
   * @return this builder
   */
  public TransportBuilder responseHeaderTimeout(Duration time) {
    headerNanos = time.toNanos();
    return this;
  }

  /**
   * Sets how long a request with {@code Expect: 100-continue} waits for an answer before it sends
   * its body anyway.
   *
   * @param time the default is 1 s; zero: it does not wait
   * @return this builder
   */
  public TransportBuilder expectContinueTimeout(Duration time) {
    continueNanos = time.toNanos();
    return this;
  }

  /**
   * Uses each connection once.
   *
   * @return this builder
   */
  public TransportBuilder disableKeepAlives() {
    keepAlives = false;
    return this;
  }

  /**
   * Does not ask for packed bodies, which it otherwise does and unpacks, unless the request itself
   * asks.
   *
   * @return this builder
   */
  public TransportBuilder disableCompression() {
    compression = false;
    return this;
  }

  /**
   * Sets what chooses a proxy. The default is the one that the variables HTTP_PROXY, HTTPS_PROXY
   * and NO_PROXY of the environment name.
   *
   * @param choice returns {@code http://[user:password@]host:port}, or the same with {@code socks5}
   *     or {@code socks5h}, or null for none
   * @return this builder
   */
  public TransportBuilder proxy(ProxyChoice choice) {
    proxy = choice;
    return this;
  }

  /**
   * What is offered to servers of https. Made when there is need: a context of TLS is not cheap.
   */
  synchronized TlsConfig tls(boolean onlyHttp1) {
    TlsConfig made = onlyHttp1 ? tlsOnlyHttp1 : tlsOffered;
    if (made != null) {
      return made;
    }
    if (onlyHttp1) {
      made = offering(false);
      tlsOnlyHttp1 = made;
    } else {
      made = tls.nextProtos().isEmpty() ? offering(keepAlives && http2) : tls;
      tlsOffered = made;
    }
    return made;
  }

  private TlsConfig offering(boolean alsoOthers) {
    return tls.toBuilder().nextProtos(ClientProtocols.alpn(alsoOthers)).build();
  }

  /** Whether a connection may turn out to be, or is, one for many requests at once. */
  boolean multiplexes(boolean secure) {
    if (!secure) {
      return h2c;
    }
    for (String name : tls(false).nextProtos()) {
      if (ClientProtocols.named(name) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Sets how TLS is spoken with servers of {@code https}. Go: {@code TLSClientConfig}.
   *
   * @param config the default believes the JDK's roots. If it names no protocols for ALPN, {@code
   *     http/1.1} is offered, and before it {@code h2}, if the module {@code raddle-http2} is there
   * @return this builder
   */
  public synchronized TransportBuilder tlsClientConfig(TlsConfig config) {
    tls = config;
    tlsOffered = null;
    tlsOnlyHttp1 = null;
    return this;
  }

  /**
   * Does not offer HTTP/2 to servers of {@code https}. By default it is, if the module {@code
   * raddle-http2} is there and connections are kept. Go: {@code Protocols.SetHTTP2(false)}.
   *
   * @return this builder
   */
  public TransportBuilder disableHttp2() {
    http2 = false;
    return this;
  }

  /**
   * Says whether servers of {@code http} are spoken to in HTTP/2, which they have to know: nobody
   * asks them. They are not by default. Servers behind a proxy are still spoken to in HTTP/1. Go:
   * {@code Protocols.SetUnencryptedHTTP2}, without HTTP/1.
   *
   * @param enabled whether they are
   * @return this builder
   * @throws IllegalStateException if the module {@code raddle-http2} is not there
   */
  public TransportBuilder h2c(boolean enabled) {
    if (enabled && ClientProtocols.http2() == null) {
      throw new IllegalStateException("h2c: expected raddle-http2 on the path, found it not");
    }
    h2c = enabled;
    return this;
  }

  /**
   * Sets after which silence on a connection of HTTP/2 the server is asked whether it is there. Go:
   * {@code HTTP2Config.SendPingTimeout}.
   *
   * @param time the default is zero: it is not asked
   * @return this builder
   */
  public TransportBuilder sendPingTimeout(Duration time) {
    sendPingNanos = time.toNanos();
    return this;
  }

  /**
   * Sets how long the answer to that may take before the connection is given up. Go: {@code
   * HTTP2Config.PingTimeout}.
   *
   * @param time the default is 15 s
   * @return this builder
   */
  public TransportBuilder pingTimeout(Duration time) {
    pingNanos = time.toNanos();
    return this;
  }

  /**
   * Sets how long the handshake of TLS may take.
   *
   * @param time the default is 10 s; zero: no limit
   * @return this builder
   */
  public TransportBuilder tlsHandshakeTimeout(Duration time) {
    handshakeNanos = time.toNanos();
    return this;
  }

  /**
   * Sets how to connect. The default is {@link Net#dial(Context, String, String)} for at most 30 s.
   *
   * @param newDialer gets the address of the server or of the proxy
   * @return this builder
   */
  public TransportBuilder dialer(Dialer newDialer) {
    dialer = newDialer;
    return this;
  }

  /**
   * Sets how to connect to servers of {@code https}, if no proxy is between, by an own way of TLS:
   * a pinned certificate, or another implementation. {@link #dialer} and {@link #tlsClientConfig}
   * do not count for them then. Go: {@code DialTLSContext}.
   *
   * @param newDialer returns a connection that may be written to in clear. If it is a {@link
   *     dev.raddle.net.tls.TlsConn}, its handshake is made, if it is not, and the protocol spoken
   *     that it agrees on; others speak HTTP/1
   * @return this builder
   */
  public TransportBuilder tlsDialer(Dialer newDialer) {
    tlsDialer = newDialer;
    return this;
  }

  /**
   * Makes the transport.
   *
   * @return the transport
   */
  public Transport build() {
    return new Transport(new TransportBuilder(this));
  }
}
