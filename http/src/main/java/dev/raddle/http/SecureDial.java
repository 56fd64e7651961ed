package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.http.spi.ClientProtocol;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.RecordHeaderException;
import dev.raddle.net.tls.Tls;
import dev.raddle.net.tls.TlsConn;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Connects a pool, through a tunnel and with TLS if the destination says so; or by the user's own
 * TLS.
 */
final class SecureDial {
  private SecureDial() {}

  static Conn dial(TransportBuilder config, Destination to, Context context) throws IOException {
    Dialer own = to.secure() && to.proxy() == null ? config.tlsDialer : null;
    Dialer dialer = own == null ? config.dialer : own;
    Conn raw;
    try {
      raw = dialer.dial(context, to.dialed());
    } catch (IOException e) {
      Transport.checkContext(context);
      throw e;
    }
    boolean done = false;
    try {
      URI proxy = to.proxy();
      if (proxy != null && Destination.isSocks(proxy)) {
        SocksTunnel.open(raw, to.address(), proxy, context);
      } else if (proxy != null) {
        ProxyTunnel.open(raw, to.address(), proxy, config.maxHeaderBytes, context);
      }
      Conn conn = raw;
      if (own != null) {
        check(config, to, raw, context);
      } else if (to.secure()) {
        String host = HostPort.parse(to.address()).host();
        TlsConn tls = Tls.client(raw, config.tls(to.onlyHttp1()), host);
        shakeHands(config, tls, context);
        conn = tls;
      }
      done = true;
      return conn;
    } finally {
      if (!done) {
        close(raw);
      }
    }
  }

  /** What the user's own TLS came to: the protocol that is spoken depends on its handshake. */
  private static void check(TransportBuilder config, Destination to, Conn conn, Context context)
      throws IOException {
    if (conn instanceof TlsConn tls) {
      shakeHands(config, tls, context);
      ClientProtocol agreed = ClientProtocols.agreed(tls);
      if (agreed != null && to.onlyHttp1()) {
        throw new IOException(
            "net/http: expected a tlsDialer that agrees on http/1.1, for an upgrade, found "
                + agreed.alpn());
      }
    }
  }

  private static void shakeHands(TransportBuilder config, TlsConn conn, Context context)
      throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    Deadline patience =
        new Deadline(
            () -> {
              late.set(true);
              close(conn.netConn());
            });
    try {
      if (config.handshakeNanos > 0) {
        patience.set(Deadline.in(config.handshakeNanos));
      }
      conn.handshake(context);
    } catch (RecordHeaderException e) {
      throw e.looksLikeHttp()
          ? new IOException("http: server gave HTTP response to HTTPS client", e)
          : e;
    } catch (IOException e) {
      Transport.checkContext(context);
      if (late.get()) {
        SocketTimeoutException timeout =
            new SocketTimeoutException("net/http: TLS handshake timeout");
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      patience.stop();
    }
  }

  private static void close(Conn raw) {
    try {
      raw.close();
    } catch (IOException e) {
      // It is gone anyway.
    }
  }
}
