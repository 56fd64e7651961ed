package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a transport connects, and how a server stops to. */
@Timeout(30)
class DialTest {
  private static final int MORE_THAN_FIT = 20;

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    TlsTest.makeCertificate(directory);
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  /** Follows TestTransportCancelRequestInDial and TestClientTimeout: nobody answers a SYN. */
  @Test
  void theClientsTimeCountsForTheDial() throws Exception {
    List<SocketChannel> fill = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Transport t = Transport.builder().proxy(r -> null).build()) {
      for (int i = 0; i < MORE_THAN_FIT; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
        fill.add(channel);
      }
      Client client = Client.builder().transport(t).timeout(Duration.ofMillis(200)).build();
      String url = "http://127.0.0.1:" + full.getLocalPort();
      assertThrows(SocketTimeoutException.class, () -> client.send(get(url)));
    } finally {
      for (SocketChannel channel : fill) {
        channel.close();
      }
    }
  }

  /** Follows TestTransportDialContext: the dialer gets the request's context. */
  @Test
  void aDialEndsWithItsContext() throws Exception {
    AtomicReference<Context> seen = new AtomicReference<>(Context.background());
    try (CancelContext context = Context.background().withCancel();
        Transport t =
            Transport.builder()
                .proxy(r -> null)
                .maxConnsPerHost(1)
                .dialer(
                    (own, address) -> {
                      seen.set(own);
                      context.cancel();
                      assertNotNull(own.err());
                      throw new IOException("given up");
                    })
                .build()) {
      Request request = Request.to("GET", "http://x.test").context(context).build();
      IOException e = assertThrows(IOException.class, () -> t.roundTrip(request));
      assertTrue(e.getCause() instanceof CanceledException, e.toString());
      assertSame(context, seen.get());
      assertEquals(0, t.addressesInUse());
    }
  }

  /** Follows TestTransportDecrementConnWhenIdleConnRemoved, and keeps no word of who is gone. */
  @Test
  void nothingIsKeptOfAddressesThatNobodyUses() throws IOException {
    try (TestServer server = TestServer.start((w, r) -> w.write("ok"));
        Transport t = Transport.builder().proxy(r -> null).maxConnsPerHost(1).build()) {
      try (Response response = t.roundTrip(get(server.url()))) {
        assertEquals(1, t.addressesInUse());
        assertEquals("ok", response.text());
      }
      assertEquals(0, t.addressesInUse());
      assertThrows(IOException.class, () -> t.roundTrip(get("http://127.0.0.1:1")));
      assertEquals(0, t.addressesInUse());
    }
  }

  /** A proxy that knows CONNECT: answers it, and passes bytes on if it was a 200. */
  private static Listener proxy(String answer, String backend, CompletableFuture<String> asked)
      throws IOException {
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    Go.go(
        () -> {
          try (Conn client = listener.accept()) {
            ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0 && client.read(buffer.clear()) > 0) {
              head.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            }
            asked.complete(head.toString());
            client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
            if (backend.isEmpty()) {
              client.read(buffer.clear());
              return;
            }
            try (Conn server = Net.dial("tcp", backend)) {
              Go.go(() -> pass(server, client));
              pass(client, server);
            }
          }
        });
    return listener;
  }

  private static void pass(Conn from, Conn to) {
    ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    try {
      while (from.read(buffer.clear()) >= 0) {
        to.write(buffer.flip());
      }
      to.closeWrite();
    } catch (IOException e) {
      // One side is gone.
    }
  }

  private static URI uri(Listener proxy) {
    return URI.create("http://us%65r:secret@" + HostPort.of(proxy.address()));
  }

  /** Follows TestTransportProxy: https goes through a tunnel. */
  @Test
  void httpsGoesThroughATunnel() throws Exception {
    CompletableFuture<String> asked = new CompletableFuture<>();
    try (Server server = TlsTest.start((w, r) -> w.write(r.requestUri() + r.host()))) {
      String backend = HostPort.of(server.address()).toString();
      try (Listener proxy = proxy("HTTP/1.1 200 OK\r\n\r\n", backend, asked);
          Transport t = TlsTest.transportBuilder().proxy(r -> uri(proxy)).build()) {
        String url = "https://" + backend;
        assertEquals("/a" + backend, t.roundTrip(get(url + "/a")).text());
        assertEquals("/b" + backend, t.roundTrip(get(url + "/b")).text()); // the same one
        String head = asked.get(10, TimeUnit.SECONDS);
        assertTrue(head.startsWith("CONNECT " + backend + " HTTP/1.1\r\n"), head);
        assertTrue(head.contains("\r\nHost: " + backend + "\r\n"), head);
        assertTrue(head.contains("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"), head);
      }
    }
  }

  /** Follows TestTransportProxyHTTPSConnectTimeout's kin: refusals, silence, and chatter. */
  @Test
  void aProxyThatRefusesFailsTheRequest() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nand more",
            "nonsense\r\n\r\n")) {
      try (Listener proxy = proxy(answer, "", new CompletableFuture<>());
          Transport t =
              TlsTest.transportBuilder().maxConnsPerHost(1).proxy(r -> uri(proxy)).build()) {
        IOException e = assertThrows(IOException.class, () -> t.roundTrip(get("https://x.test/")));
        assertTrue(!answer.contains("407") || e.toString().contains("407 Proxy Auth"), answer);
        assertEquals(0, t.addressesInUse());
      }
    }
  }

  /** Follows TestTransportProxyHTTPSConnectTimeout. */
  @Test
  void aSilentProxyIsNotWaitedForForEver() throws Exception {
    try (Listener proxy = proxy("", "", new CompletableFuture<>());
        Transport t = TlsTest.transportBuilder().proxy(r -> uri(proxy)).build()) {
      Client client = Client.builder().transport(t).timeout(Duration.ofMillis(50)).build();
      assertThrows(SocketTimeoutException.class, () -> client.send(get("https://x.test/")));
    }
  }

  /** A listener whose accept returns late after its close. */
  private record Lagging(Listener listener, CountDownLatch accepting, CountDownLatch release)
      implements Listener {
    @Override
    public Conn accept() throws IOException {
      accepting.countDown();
      try {
        return listener.accept();
      } finally {
        await();
      }
    }

    private void await() {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }

    @Override
    public InetSocketAddress address() {
      return listener.address();
    }
  }

  /** Go: Shutdown waits for listenerGroup. */
  @Test
  void shutdownWaitsForTheLoopsThatAccept() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch accepting = new CountDownLatch(1);
    CountDownLatch served = new CountDownLatch(1);
    Server server = Server.builder().handler((w, r) -> {}).build();
    Listener lagging = new Lagging(Net.listen("tcp", "127.0.0.1:0"), accepting, release);
    Go.go(
        () -> {
          server.serve(lagging);
          served.countDown();
        });
    accepting.await();
    try (CancelContext brief = Context.background().withTimeout(Duration.ofMillis(50))) {
      assertThrows(CanceledException.class, () -> server.shutdown(brief));
    }
    release.countDown();
    server.shutdown(Context.background());
    served.await();
  }
}
