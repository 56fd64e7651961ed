package dev.raddle.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.net.NetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who ends a connection that others use. Follows Go's crypto/tls. */
@Timeout(60)
class TlsEndsTest {
  /** Follows Go's TestConnCloseBreakingWrite (tls_test.go). */
  @Test
  void closeEndsAWriteThatWaits() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      assertEquals(new TlsPair.Failures(null, null), pair.shake());
      Chan<IOException> ended = Chan.make(1);
      Go.go(
          () -> {
            ByteBuffer much = ByteBuffer.allocate(64 << 20);
            ended.send(assertThrows(IOException.class, () -> pair.client().write(much)));
          });
      assertEquals(1, pair.server().read(ByteBuffer.allocate(1))); // it has begun, and will wait
      pair.client().close();
      assertTrue(ended.recv() instanceof NetException e && e.isClosed());
      pair.client().close();
    }
  }

  /** Follows Go's TestServerHandshakeContextCancellation (handshake_server_test.go). */
  @Test
  void aContextEndsTheHandshakeOfAServer() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server());
        CancelContext context = Context.background().withCancel()) {
      Go.go(() -> context.cancel());
      IOException e =
          assertThrows(IOException.class, () -> pair.server().handshake(context)); // no ClientHello
      assertEquals(context.err(), e.getCause());
      NetException closed =
          assertThrows(
              NetException.class, () -> pair.server().netConn().write(ByteBuffer.allocate(1)));
      assertTrue(closed.isClosed());
    }
  }
}
