package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.RecordHeaderException;
import dev.raddle.net.tls.Tls;
import dev.raddle.net.tls.TlsConn;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connects a pool, with TLS if the address says so. */
final class SecureDial {
  /** What stands in front of the addresses of servers that speak TLS. */
  static final String PREFIX = "https://";

  private SecureDial() {}

  static Conn dial(TransportBuilder config, String address, Context context) throws IOException {
    if (!address.startsWith(PREFIX)) {
      return config.dialer.dial(address);
    }
    String plain = address.substring(PREFIX.length());
    Conn raw = config.dialer.dial(plain);
    TlsConn conn = Tls.client(raw, config.tls, HostPort.parse(plain).host());
    AtomicBoolean late = new AtomicBoolean();
    Deadline patience =
        new Deadline(
            () -> {
              late.set(true);
              close(raw);
            });
    boolean done = false;
    try {
      if (config.handshakeNanos > 0) {
        patience.set(Deadline.in(config.handshakeNanos));
      }
      conn.handshake(context);
      done = true;
      return conn;
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
      if (!done) {
        close(raw);
      }
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
