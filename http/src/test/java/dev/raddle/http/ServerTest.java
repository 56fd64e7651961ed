package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection lives through, as seen by a client that does not close first. */
@Timeout(30)
class ServerTest {
  private static final String HELLO =
      "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 13\r\n"
          + "Content-Type: text/plain; charset=utf-8\r\n\r\nHello, world!";

  private static Server serve(Handler handler) throws IOException {
    Server server = Server.builder().addr("127.0.0.1:0").handler(handler).build();
    server.start();
    return server;
  }

  @Test
  void keepAliveServesOneRequestAfterTheOther() throws IOException {
    try (Server server = serve(GoTwin.mux());
        RawClient client = new RawClient(server.address())) {
      for (int i = 0; i < 3; i++) {
        assertEquals(HELLO, client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").read(13));
      }
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws IOException {
    try (Server server = serve(GoTwin.mux());
        RawClient client = new RawClient(server.address())) {
      for (char c : "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n".toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertEquals(HELLO, client.read(13));
    }
  }

  @Test
  void connectionCloseMakesTheServerClose() throws IOException {
    try (Server server = serve(GoTwin.mux());
        RawClient client = new RawClient(server.address())) {
      client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertTrue(client.readAll().endsWith("\r\nConnection: close\r\n\r\nHello, world!"));
    }
  }

  @Test
  void http10WithoutKeepAliveIsClosed() throws IOException {
    try (Server server = serve(GoTwin.mux());
        RawClient client = new RawClient(server.address())) {
      assertTrue(client.send("GET /hello HTTP/1.0\r\n\r\n").readAll().endsWith("Hello, world!"));
    }
  }

  @Test
  void aBadRequestIsAnsweredAndTheConnectionClosed() throws IOException {
    try (Server server = serve(GoTwin.mux());
        RawClient client = new RawClient(server.address())) {
      client.send("GET /hello HTTP/1.1\r\nHost : x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(
          "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
              + "Connection: close\r\n\r\n400 Bad Request",
          client.readAll());
    }
  }

  @Test
  void aFailingHandlerClosesItsConnectionAndTheServerGoesOn() throws IOException {
    try (Server server = serve(GoTwin.mux())) {
      try (RawClient client = new RawClient(server.address())) {
        assertEquals("", client.send("GET /panic HTTP/1.1\r\nHost: x\r\n\r\n").readAll());
      }
      try (RawClient client = new RawClient(server.address())) {
        assertEquals(HELLO, client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").read(13));
      }
    }
  }

  @Test
  void continueIsSentAtTheFirstReadOfTheBody() throws IOException {
    try (Server server = serve((w, r) -> w.write(r.body().readAllBytes()));
        RawClient client = new RawClient(server.address())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.read(0));
      assertTrue(client.send("hi").read(2).endsWith("\r\n\r\nhi"));
    }
  }

  @Test
  void nullIsRefusedBeforeAnythingIsSent() throws Exception {
    CompletableFuture<String> message = new CompletableFuture<>();
    try (Server server =
            serve(
                (w, r) -> {
                  String nothing = new AtomicReference<String>().get();
                  try {
                    w.write(nothing);
                  } catch (NullPointerException e) {
                    message.complete(String.valueOf(e.getMessage()));
                  }
                  w.writeHeader(Http.STATUS_CREATED);
                });
        RawClient client = new RawClient(server.address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(client.read(0).startsWith("HTTP/1.1 201 Created\r\n"));
      assertEquals(
          "write: expected a string or bytes, found null", message.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aVanishedClientEndsAHandlerThatStreams() throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    try (Server server =
        serve(
            (w, r) -> {
              try {
                while (true) {
                  w.write(new byte[100_000]);
                }
              } catch (UncheckedIOException e) {
                end.complete(e);
                throw e;
              }
            })) {
      try (RawClient client = new RawClient(server.address())) {
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read(10);
      }
      assertTrue(end.get(10, TimeUnit.SECONDS) instanceof UncheckedIOException);
    }
  }

  @Test
  void aResponseIsOfNoUseAfterItsHandler() throws Exception {
    CompletableFuture<ResponseWriter> kept = new CompletableFuture<>();
    try (Server server = serve((w, r) -> kept.complete(w));
        RawClient client = new RawClient(server.address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").readAll();
      assertThrows(IllegalStateException.class, () -> kept.get().write("late"));
    }
  }

  @Test
  void requestSaysWhereItCameFromAndWhatItAsked() throws IOException {
    try (Server server =
            serve(
                (w, r) ->
                    w.write(
                        String.join(
                            " ",
                            r.remoteAddress(),
                            r.host(),
                            r.path(),
                            r.escapedPath(),
                            r.rawQuery(),
                            r.proto(),
                            r.header("x-A"),
                            r.header("Host"))));
        RawClient client = new RawClient(server.address())) {
      client.send(
          "GET /a%20b?c=d HTTP/1.1\r\nHost: h:1\r\nx-a: \u00c3\u00a9\r\nConnection: close\r\n\r\n");
      String answer = client.readAll();
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertTrue(body.startsWith("127.0.0.1:"), body);
      assertTrue(body.endsWith(" h:1 /a b /a%20b c=d HTTP/1.1 \u00c3\u00a9 "), body);
    }
  }

  @Test
  void closeStopsServingAndDropsConnections() throws Exception {
    Server server = serve(GoTwin.mux());
    try (RawClient client = new RawClient(server.address())) {
      client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").read(13);
      server.close();
      server.close();
      assertEquals("", client.readAll());
    }
    awaitRefusal(server);
    assertThrows(IllegalStateException.class, server::start);
  }

  /** The JDK closes the socket for good only when the thread that accepts has noticed. */
  private static void awaitRefusal(Server server) {
    while (true) { // ends by the time limit of the class
      try (RawClient accepted = new RawClient(server.address())) {
        accepted.readAll();
      } catch (IOException refused) {
        return;
      }
    }
  }

  @Test
  void serveReturnsWhenTheServerIsClosed() throws Exception {
    Server server = Server.builder().handler(GoTwin.mux()).build();
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    CompletableFuture<Void> returned = new CompletableFuture<>();
    Go.go(
        () -> {
          server.serve(listener);
          returned.complete(null);
        });
    try (RawClient client = new RawClient(listener.address())) {
      assertEquals(HELLO, client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").read(13));
    }
    server.close();
    assertNull(returned.get(10, TimeUnit.SECONDS));
  }

  @Test
  void listenAndServeSaysWhyItCannot() throws IOException {
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0")) {
      String addr = HostPort.of(listener.address()).toString();
      IOException e =
          assertThrows(IOException.class, () -> Http.listenAndServe(addr, Http::notFound));
      assertEquals("listen tcp " + addr + ": bind: address already in use", e.getMessage());
    }
  }

  @Test
  void maxHeaderBytesLimitsTheHead() throws IOException {
    try (Server server =
        Server.builder().addr("127.0.0.1:0").handler(GoTwin.mux()).maxHeaderBytes(100).build()) {
      server.start();
      try (RawClient client = new RawClient(server.address())) {
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(5000) + "\r\n\r\n");
        assertTrue(client.readAll().startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
      }
    }
  }
}
