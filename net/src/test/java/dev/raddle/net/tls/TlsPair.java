package dev.raddle.net.tls;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of a connection over this machine, with no handshake made.
 *
 * @param client the dialed end
 * @param server the accepted end
 */
record TlsPair(TlsConn client, TlsConn server) implements AutoCloseable {
  static TlsPair of(TlsConfigBuilder client, TlsConfigBuilder server) throws Exception {
    try (Listener listener = Tls.listen("tcp", "127.0.0.1:0", server.build())) {
      Chan<Conn> accepted = Chan.make(1);
      Go.go(() -> accepted.send(listener.accept()));
      Conn raw = Net.dial("tcp", listener.addr().toString());
      return new TlsPair(Tls.client(raw, client.build(), "localhost"), (TlsConn) accepted.recv());
    }
  }

  /** Both sides of the handshake; the failure of each, or null. */
  record Failures(@Nullable IOException ofClient, @Nullable IOException ofServer) {}

  /** In TLS 1.3 a client that is refused learns of it by its first read only. */
  Failures shake() throws IOException, InterruptedException {
    Chan<Object> done = Chan.make(1);
    Go.go(() -> done.send(failure(server)));
    IOException ofClient = failure(client) instanceof IOException e ? e : null;
    if (ofClient != null) {
      client.close();
    }
    return new Failures(ofClient, done.recv() instanceof IOException e ? e : null);
  }

  private static Object failure(TlsConn conn) {
    try {
      conn.handshake();
      return "";
    } catch (IOException e) {
      return e;
    }
  }

  @Override
  public void close() throws IOException {
    client.netConn().close();
    server.netConn().close();
  }
}
