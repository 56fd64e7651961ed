package dev.raddle.http;

import dev.raddle.net.tls.TlsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link Transport}: the fields of Go's {@code http.Transport}, with the defaults of
 * its DefaultTransport. Of every limit, zero means that there is none.
 */
public final class TransportBuilder {
  int maxIdle = 100;
  int maxIdlePerHost = 2;
  int maxPerHost;
  int maxHeaderBytes = 10 << 20;
  long idleNanos = Duration.ofSeconds(90).toNanos();
  long headerNanos;
  long continueNanos = Duration.ofSeconds(1).toNanos();
  boolean keepAlives = true;
  boolean compression = true;
  TlsConfig tls = TlsConfig.builder().nextProtos("http/1.1").build();
  long handshakeNanos = Duration.ofSeconds(10).toNanos();
  Dialer dialer = SocketConn::dial;
  ProxyChoice proxy =
      request ->
          Transport.proxyFromEnvironment(request, name -> System.getenv().getOrDefault(name, ""));

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
    tls = other.tls;
    handshakeNanos = other.handshakeNanos;
    dialer = other.dialer;
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
   * Sets what chooses a proxy. The default is the one that the variables HTTP_PROXY and NO_PROXY of
   * the environment name.
   *
   * @param choice returns {@code http://[user:password@]host:port}, or null for none
   * @return this builder
   */
  public TransportBuilder proxy(ProxyChoice choice) {
    proxy = choice;
    return this;
  }

  /**
   * Sets how TLS is spoken with servers of {@code https}. Go: {@code TLSClientConfig}.
   *
   * @param config the default believes the JDK's roots
   * @return this builder
   */
  public TransportBuilder tlsClientConfig(TlsConfig config) {
    tls =
        config.nextProtos().isEmpty() ? config.toBuilder().nextProtos("http/1.1").build() : config;
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
   * Sets how to connect.
   *
   * @param newDialer gets the address of the server or of the proxy
   * @return this builder
   */
  public TransportBuilder dialer(Dialer newDialer) {
    dialer = newDialer;
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
