package dev.raddle.http.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.Handler;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Transport;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.http.httputil.ReverseProxy;
import dev.raddle.net.Conn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455: handshake, frames, closing; against our client, the JDK's, and malformed frames. */
@Timeout(30)
class WebSocketTest {
  private static void echo(WebSocket socket) throws IOException {
    try (socket) {
      while (true) {
        socket.write(socket.read());
      }
    } catch (WebSocketException closed) {
      // the usual end
    }
  }

  private static final Handler ECHO = (w, r) -> echo(WebSocket.accept(w, r));

  private static WebSocket dial(Transport t, String url, Upgrade upgrade) throws IOException {
    return upgrade.dial(t, Request.to("GET", url).build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 300_000})
  void messagesOfAllSizesComeBack(int length) throws IOException {
    try (TestServer server = TestServer.start(ECHO);
        Transport t = Transport.builder().build();
        WebSocket socket = dial(t, server.url(), new Upgrade())) {
      socket.write("é".repeat(length));
      assertEquals(new Message.Text("é".repeat(length)), socket.read());
      byte[] bytes = new byte[length];
      new Random(length).nextBytes(bytes);
      socket.write(bytes);
      assertEquals(
          HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(socket.read().toBytes()));
      socket.close(4000, "bye");
      WebSocketException end = assertThrows(WebSocketException.class, socket::read);
      assertEquals("4000 bye", end.code() + " " + end.getMessage());
    }
  }

  @Test
  void aReverseProxyPassesItOn() throws IOException {
    try (TestServer server = TestServer.start(ECHO);
        TestServer front = TestServer.start(ReverseProxy.to(server.url()));
        Transport t = Transport.builder().build();
        WebSocket socket = dial(t, front.url(), new Upgrade())) {
      socket.write("through");
      assertEquals(new Message.Text("through"), socket.read());
    }
  }

  @Test
  void theJdksClientUnderstandsIt() throws Exception {
    try (TestServer server = TestServer.start(ECHO);
        HttpClient client = HttpClient.newHttpClient()) {
      CompletableFuture<String> text = new CompletableFuture<>();
      CompletableFuture<Integer> code = new CompletableFuture<>();
      java.net.http.WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create(server.url().replace("http:", "ws:")),
                  new java.net.http.WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(
                        java.net.http.WebSocket s, CharSequence data, boolean last) {
                      text.complete(data.toString());
                      return java.net.http.WebSocket.Listener.super.onText(s, data, last);
                    }

                    @Override
                    public CompletionStage<?> onClose(
                        java.net.http.WebSocket s, int status, String reason) {
                      code.complete(status);
                      return CompletableFuture.completedStage(null);
                    }
                  })
              .get(10, TimeUnit.SECONDS);
      socket.sendText("hel", false).get();
      socket.sendPing(ByteBuffer.wrap(new byte[1])).get();
      socket.sendText("lo", true).get();
      assertEquals("hello", text.get(10, TimeUnit.SECONDS));
      socket.sendClose(1000, "done").get();
      assertEquals(1000, code.get(10, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Connection, keep-alive, 426",
    "Upgrade, h2c, 426",
    "Sec-WebSocket-Version, 12, 426",
    "Sec-WebSocket-Key, short, 400",
    "Origin, http://evil.example, 403",
  })
  void otherHandshakesAreRefused(String header, String value, int status) throws IOException {
    try (TestServer server =
        TestServer.start((w, r) -> assertThrows(IOException.class, () -> WebSocket.accept(w, r)))) {
      Request request =
          Request.to("GET", server.url())
              .header("Connection", "keep-alive, Upgrade")
              .header("Upgrade", "WebSocket")
              .header("Sec-WebSocket-Version", "13")
              .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
              .header(header, value)
              .build();
      try (Response response = server.client().send(request)) {
        assertEquals(status, response.status());
      }
    }
  }

  @Test
  void aSubprotocolIsAgreedOn() throws IOException {
    Handler handler =
        (w, r) -> {
          try (WebSocket socket = new Upgrade().subprotocols("b", "a").accept(w, r)) {
            socket.write(socket.subprotocol());
          }
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = Transport.builder().build()) {
      try (WebSocket socket = dial(t, server.url(), new Upgrade().subprotocols("x", "a"))) {
        assertEquals("a", socket.subprotocol());
        assertEquals(new Message.Text("a"), socket.read());
      }
    }
  }

  /** A connection that gives bytes, and keeps what is written. */
  private static final class Bytes implements Conn {
    private final ByteBuffer in;
    private final int piece;
    private boolean closed;
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes(byte[] in, int piece) {
      this.in = ByteBuffer.wrap(in);
      this.piece = piece;
    }

    @Override
    public int read(ByteBuffer target) {
      int n = Math.min(Math.min(piece, in.remaining()), target.remaining());
      if (n == 0) {
        return in.hasRemaining() ? 0 : -1;
      }
      target.put(in.slice().limit(n));
      in.position(in.position() + n);
      return n;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      out.write(bytes, 0, bytes.length);
    }

    @Override
    public void closeWrite() {}

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public InetSocketAddress localAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress(0);
    }
  }

  /** Frames with the mask 0, which changes nothing; what the answer's close frame must say. */
  @ParameterizedTest
  @CsvSource({
    "c18000000000, 1002", // a reserved bit
    "838000000000, 1002", // a reserved opcode
    "8b8000000000, 1002",
    "8100, 1002", // not masked
    "098000000000, 1002", // a control frame in pieces
    "89fe007e00000000, 1002", // a long control frame
    "808000000000, 1002", // a continuation of nothing
    "018000000000818000000000, 1002", // a message within another one
    "81810000000080, 1007", // not UTF-8
    "018100000000c38082000000002828, 1007",
    "0181000000008180, 1007",
    "81ff800000000000000000000000, 1002", // a negative length
    "82ff000000000100000000000000, 1009", // 16 MB
    "888000000000, 1005", // closing, as it should be
    "8881000000000f, 1002",
    "88820000000003e8, 1000",
    "88820000000003ed, 1002", // 1005 must not be sent
    "88830000000003e8ff, 1007",
    "88820000000003e7, 1002",
    "8882000000000bb8, 3000",
    "'', 1006",
    "8185, 1006",
  })
  void framesThatBreakTheRulesEndTheConversation(String hex, int code) {
    for (int piece : new int[] {1, 1000}) {
      Bytes bytes = new Bytes(HexFormat.of().parseHex(hex), piece);
      WebSocket socket = new WebSocket(bytes, true, "");
      WebSocketException e = assertThrows(WebSocketException.class, socket::read);
      assertEquals(code, e.code());
      String sent = HexFormat.of().formatHex(bytes.out.toByteArray());
      if (code == 1006) {
        assertEquals("", sent);
      } else if (code == 1005) {
        assertEquals("8800", sent);
      } else {
        assertTrue(sent.substring(4).startsWith(String.format("%04x", code)), sent);
      }
      assertThrows(IOException.class, () -> socket.write("after the end"));
    }
  }

  /** Whatever comes, a read ends with a message or one of the two exceptions, and in time. */
  @Test
  void randomBytesNeitherHangNorCrash() {
    Random random = new Random(6455);
    int messages = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 6 && random.nextBoolean()) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x82 : 0x02);
        bytes[1] = (byte) (0x80 | random.nextInt(20));
      }
      WebSocket socket = new WebSocket(new Bytes(bytes, 1 + random.nextInt(9)), true, "");
      try {
        while (true) {
          socket.read();
          messages++;
        }
      } catch (WebSocketException expected) {
        assertTrue(expected.code() >= 1000);
      } catch (IOException other) {
        throw new AssertionError(HexFormat.of().formatHex(bytes), other);
      }
    }
    assertTrue(messages > 100, "messages: " + messages);
  }

  /** A peer that never says a word, nor reads: neither the connection nor its reader stays. */
  @Test
  void aSilentPeerIsNotWaitedForForEver() throws Exception {
    CompletableFuture<Boolean> readerEnded = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          WebSocket socket = WebSocket.accept(w, r);
          socket.setCloseTimeout(Duration.ofMillis(20));
          Go.go(
              () -> {
                assertThrows(IOException.class, socket::read);
                readerEnded.complete(true);
              });
          socket.close(1001, "going away");
        };
    try (TestServer server = TestServer.start(handler);
        Socket _ = connect(server)) {
      assertTrue(readerEnded.get(20, TimeUnit.SECONDS));
    }
  }

  private static Socket connect(TestServer server) throws IOException {
    Socket peer = new Socket();
    peer.connect(server.server().address());
    peer.setTcpNoDelay(true);
    String head =
        String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "",
            "");
    peer.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return peer;
  }

  private static final String HELLO = "810d" + hex("Hello, world!");

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A client's frame, with the mask 0. */
  private static String frame(String opcode, String payload) {
    int length = payload.length() / 2;
    String size =
        String.format(length < 126 ? "%02x" : "fe%04x", length < 126 ? 0x80 | length : length);
    return opcode + size + "00000000" + payload;
  }

  /** Sends bytes and returns all that comes after the handshake, to an end that is no reset. */
  private static String talk(String hex, int piece) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    try (TestServer server = TestServer.start(ECHO);
        Socket peer = connect(server)) {
      for (int i = 0; i < bytes.length; i += piece) {
        peer.getOutputStream().write(bytes, i, Math.min(piece, bytes.length - i));
      }
      String all = HexFormat.of().formatHex(peer.getInputStream().readAllBytes());
      String end = hex("\r\n\r\n");
      return all.substring(all.indexOf(end) + end.length());
    }
  }

  /**
   * Follows Autobahn's cases 4.1.5 and 4.2.5: text, a reserved opcode, a ping. What the server has
   * not read must not reset the connection, which could cost the client the echo and the reason.
   */
  @ParameterizedTest
  @CsvSource({"87, 13, 100000", "87, 13, 1", "87, 60000, 100000", "8f, 13, 1", "8f, 60000, 100000"})
  void aPeerThatBreaksTheRulesReadsWhatCameBefore(String opcode, int length, int piece)
      throws IOException {
    String bad = frame(opcode, "78".repeat(length));
    String answer = talk(frame("81", hex("Hello, world!")) + bad + frame("89", ""), piece);
    String reason = "reserved opcode " + Integer.parseInt(opcode.substring(1), 16);
    String close = String.format("88%02x03ea", 2 + reason.length()) + hex(reason);
    assertEquals(HELLO + close, answer);
  }

  /** Follows Autobahn's case 7.3.4: code and reason come back, and the server closes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void aReasonToCloseIsEchoed(int piece) throws IOException {
    String payload = "03e8" + hex("Hello World!");
    assertEquals("880e" + payload, talk(frame("88", payload), piece));
  }

  /** One that goes on sending when it has been told is left after the time to close. */
  @Test
  void aPeerThatDoesNotStopIsLeft() throws Exception {
    Handler handler =
        (w, r) -> {
          WebSocket socket = WebSocket.accept(w, r);
          socket.setCloseTimeout(Duration.ofMillis(20));
          echo(socket);
        };
    try (TestServer server = TestServer.start(handler);
        Socket peer = connect(server)) {
      peer.getOutputStream().write(HexFormat.of().parseHex("8700"));
      byte[] more = new byte[1 << 16];
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              peer.getOutputStream().write(more);
            }
          });
    }
  }
}
