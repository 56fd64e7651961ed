package dev.raddle.net.tls;

import dev.raddle.context.Context;
import dev.raddle.net.Addr;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts TLS on what another listener accepts. */
final class TlsListener implements Listener {
  private final Listener raw;
  private final TlsConfig config;

  TlsListener(Listener raw, TlsConfig config) {
    this.raw = raw;
    this.config = config;
  }

  @Override
  public Conn accept() throws IOException {
    return Tls.server(raw.accept(), config);
  }

  @Override
  public Conn accept(Context context) throws IOException {
    return Tls.server(raw.accept(context), config);
  }

  @Override
  public void setDeadline(@Nullable Duration fromNow) throws IOException {
    raw.setDeadline(fromNow);
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }

  @Override
  public InetSocketAddress address() {
    return raw.address();
  }

  @Override
  public Addr addr() {
    return raw.addr();
  }

  @Override
  public String toString() {
    return "tls " + raw;
  }
}
