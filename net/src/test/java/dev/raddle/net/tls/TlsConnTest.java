package dev.raddle.net.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import dev.raddle.net.NetException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes, ends and deadlines. Follows Go's crypto/tls/conn_test.go and tls_test.go. */
@Timeout(30)
class TlsConnTest {
  private static void write(Conn conn, String text) throws IOException {
    conn.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static String read(Conn conn, int n) throws IOException {
    return new String(conn.inputStream().readNBytes(n), UTF_8);
  }

  private static TlsPair pair(TlsVersion version) throws Exception {
    TlsPair pair = TlsPair.of(Certs.client().maxVersion(version), Certs.server());
    assertEquals(new TlsPair.Failures(null, null), pair.shake());
    return pair;
  }

  private static TlsPair pair() throws Exception {
    return pair(TlsVersion.TLS_1_3);
  }

  /** Follows Go's TestConnReadNonzeroAndEOF (crypto/tls/tls_test.go). */
  @ParameterizedTest
  @EnumSource
  void bytesGoBothWaysAndTheEndIsMinusOne(TlsVersion version) throws Exception {
    try (TlsPair pair = pair(version)) {
      write(pair.client(), "ping");
      assertEquals("ping", read(pair.server(), 4));
      write(pair.server(), "pong");
      pair.server().close();
      assertEquals("pong", read(pair.client(), 4));
      assertEquals(-1, pair.client().read(ByteBuffer.allocate(1)));
      ConnectionState state = pair.client().connectionState();
      assertNotNull(state);
      assertEquals(version.protocol(), state.version());
    }
  }

  /** The handshake is made by whoever reads or writes first, and by two at the same time once. */
  @Test
  void theFirstReadMakesTheHandshake() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      assertNull(pair.client().connectionState());
      Go.go(() -> write(pair.server(), read(pair.server(), 2) + "!"));
      Chan<String> got = Chan.make(1);
      Go.go(() -> got.send(read(pair.client(), 3)));
      write(pair.client(), "ab");
      assertEquals("ab!", got.recv());
      assertNotNull(pair.client().connectionState());
    }
  }

  /** There is nothing that the system could send by itself: the file is copied. */
  @Test
  void aFileGoesThroughTheEngine(@TempDir Path directory) throws Exception {
    byte[] sent = new byte[1_000_001];
    new Random(8).nextBytes(sent);
    Path path = Files.write(directory.resolve("file"), sent);
    try (TlsPair pair = pair();
        FileChannel file = FileChannel.open(path)) {
      Chan<Long> count = Chan.make(1);
      Go.go(
          () -> {
            count.send(pair.server().sendFile(file, 1, 2_000_000));
            pair.server().closeWrite();
          });
      byte[] got = pair.client().inputStream().readAllBytes();
      assertArrayEquals(Arrays.copyOfRange(sent, 1, sent.length), got);
      assertEquals(1_000_000, count.recv());
    }
  }

  @ParameterizedTest
  @EnumSource
  void megabytesArriveAsTheyWereSent(TlsVersion version) throws Exception {
    byte[] sent = new byte[3_000_001];
    new Random(7).nextBytes(sent);
    try (TlsPair pair = pair(version)) {
      for (TlsConn from : new TlsConn[] {pair.client(), pair.server()}) {
        Go.go(() -> from.write(ByteBuffer.wrap(sent)));
      }
      Chan<byte[]> got = Chan.make(1);
      Go.go(() -> got.send(pair.client().inputStream().readNBytes(sent.length)));
      assertArrayEquals(sent, pair.server().inputStream().readNBytes(sent.length));
      assertArrayEquals(sent, got.recv());
    }
  }

  /** A record is larger than what its reader has room for: nothing is lost. */
  @Test
  void smallReadsGetARecordPieceByPiece() throws Exception {
    try (TlsPair pair = pair()) {
      write(pair.client(), "x".repeat(10_000) + "end");
      ByteBuffer seven = ByteBuffer.allocate(7);
      int n = 0;
      while (n < 10_000) {
        n += pair.server().read(seven.clear().limit(Math.min(7, 10_000 - n)));
      }
      assertEquals("end", read(pair.server(), 3));
    }
  }

  /** Follows Go's TestConnCloseWrite (crypto/tls/tls_test.go). */
  @Test
  void afterAHalfCloseTheOtherSideMayGoOn() throws Exception {
    try (TlsPair pair = pair()) {
      write(pair.client(), "question");
      pair.client().closeWrite();
      assertEquals("question", new String(pair.server().inputStream().readAllBytes(), UTF_8));
      write(pair.server(), "answer");
      pair.server().closeWrite();
      assertEquals("answer", new String(pair.client().inputStream().readAllBytes(), UTF_8));
      SSLException e = assertThrows(SSLException.class, () -> write(pair.client(), "more"));
      assertEquals("tls: protocol is shutdown", e.getMessage());
    }
  }

  /** Follows Go's TestConnCloseWrite, its second part. */
  @Test
  void aHalfCloseNeedsAHandshake() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      SSLException e = assertThrows(SSLException.class, () -> pair.client().closeWrite());
      assertEquals("tls: CloseWrite called before handshake complete", e.getMessage());
    }
  }

  @Test
  void anEndWithinARecordIsUnexpected() throws Exception {
    try (TlsPair pair = pair()) {
      pair.client().netConn().write(ByteBuffer.wrap(new byte[] {23, 3, 3, 1, 0, 1, 2}));
      pair.client().netConn().closeWrite();
      assertThrows(EOFException.class, () -> pair.server().read(ByteBuffer.allocate(9)));
    }
  }

  @Test
  void anEndBetweenRecordsIsAnEnd() throws Exception {
    try (TlsPair pair = pair()) {
      write(pair.client(), "x");
      pair.client().netConn().closeWrite(); // a close would reset: nobody has read the tickets
      assertEquals("x", new String(pair.server().inputStream().readAllBytes(), UTF_8));
    }
  }

  @Test
  void aForgedRecordEndsTheConnection() throws Exception {
    try (TlsPair pair = pair()) {
      byte[] forged = new byte[5 + 40];
      forged[0] = 23;
      forged[1] = 3;
      forged[2] = 3;
      forged[4] = 40;
      pair.client().netConn().write(ByteBuffer.wrap(forged));
      assertThrows(SSLException.class, () -> pair.server().read(ByteBuffer.allocate(9)));
      assertThrows(IOException.class, () -> pair.server().read(ByteBuffer.allocate(9)));
      assertThrows(SSLException.class, () -> pair.client().read(ByteBuffer.allocate(9)));
    }
  }

  /** Go refuses it by default, RenegotiateNever: a handshake record after the handshake. */
  @Test
  void anotherHandshakeIsRefused() throws Exception {
    try (TlsPair pair = pair(TlsVersion.TLS_1_2)) {
      pair.client().netConn().write(ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 4, 1, 0, 0, 0}));
      SSLException e =
          assertThrows(SSLException.class, () -> pair.server().read(ByteBuffer.allocate(9)));
      assertEquals("tls: renegotiation is refused", e.getMessage());
    }
  }

  /** A deadline loses nothing, as for any connection. */
  @Test
  void aReadDeadlineLosesNothing() throws Exception {
    try (TlsPair pair = pair()) {
      pair.server().setReadDeadline(Duration.ofMillis(5));
      NetException e =
          assertThrows(NetException.class, () -> pair.server().read(ByteBuffer.allocate(9)));
      assertTrue(e.isTimeout());
      pair.server().setReadDeadline(null);
      write(pair.client(), "later");
      assertEquals("later", read(pair.server(), 5));
    }
  }

  /** As in Go, SetWriteDeadline: a record that was sent in part cannot be mended. */
  @Test
  void afterAWriteDeadlineNothingCanBeSent() throws Exception {
    try (TlsPair pair = pair()) {
      pair.client().setWriteDeadline(Duration.ofMillis(20));
      ByteBuffer much = ByteBuffer.allocate(64 << 20);
      NetException e = assertThrows(NetException.class, () -> pair.client().write(much));
      assertTrue(e.isTimeout());
      pair.client().setWriteDeadline(null);
      assertThrows(IOException.class, () -> write(pair.client(), "x"));
    }
  }

  @Test
  void closeWakesAReadAndTellsTheOtherSide() throws Exception {
    try (TlsPair pair = pair()) {
      Chan<Object> ended = Chan.make(1);
      Go.go(
          () -> {
            try {
              ended.send(pair.client().read(ByteBuffer.allocate(1)));
            } catch (IOException e) {
              ended.send(e);
            }
          });
      pair.client().close();
      pair.client().close();
      assertTrue(ended.recv() instanceof NetException e && e.isClosed());
      assertEquals(-1, pair.server().read(ByteBuffer.allocate(1)));
    }
  }

  /** Follows Go's TestClientHandshakeContextCancellation (handshake_client_test.go). */
  @Test
  void aContextEndsAHandshake() throws Exception {
    try (Listener silent = Net.listen("tcp", "127.0.0.1:0");
        CancelContext context = Context.background().withTimeout(Duration.ofMillis(20))) {
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  Tls.dial(context, "tcp", silent.addr().toString(), Certs.client().build())
                      .close());
      assertTrue(e.getCause() instanceof DeadlineExceededException, e.toString());
    }
  }

  /** Follows Go's TestDialTimeout (crypto/tls/tls_test.go). */
  @Test
  void aDeadlineEndsAHandshakeForGood() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      pair.client().setDeadline(Duration.ofMillis(10));
      assertTrue(assertThrows(NetException.class, () -> pair.client().handshake()).isTimeout());
      pair.client().setDeadline(null);
      assertThrows(IOException.class, () -> write(pair.client(), "x"));
    }
  }

  /** Follows Go's TestTLSServerRejectHTTPRequests (net/http/serve_test.go), its half in TLS. */
  @Test
  void whoSpeaksNoTlsIsToldApart() throws Exception {
    try (Listener listener = Tls.listen("tcp", "127.0.0.1:0", Certs.server().build());
        Conn plain = Net.dial("tcp", listener.addr().toString());
        Conn server = listener.accept()) {
      write(plain, "GET / HTTP/1.1\r\n");
      RecordHeaderException e =
          assertThrows(RecordHeaderException.class, () -> server.read(ByteBuffer.allocate(1)));
      assertTrue(e.looksLikeHttp());
      write(e.conn(), "400");
      assertEquals("400", read(plain, 3));
    }
  }

  @Test
  void whoComesAndGoesIsAnEnd() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      pair.client().close();
      assertThrows(EOFException.class, () -> pair.server().handshake());
    }
  }
}
