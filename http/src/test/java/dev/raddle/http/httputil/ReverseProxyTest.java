package dev.raddle.http.httputil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's reverseproxy_test.go. */
@Timeout(30)
class ReverseProxyTest {
  /** Follows TestReverseProxy, ...StripHeadersPresentInConnection and TestXForwardedFor. */
  @Test
  void passesRequestAndResponseOnWithoutHopByHopHeaders() throws IOException {
    try (TestServer backend =
            TestServer.start(
                (w, r) -> {
                  for (String name : new String[] {"Te", "Keep-Alive", "X-Hop", "Upgrade"}) {
                    assertEquals("", r.header(name), name);
                  }
                  w.header().set("Connection", "X-Back");
                  w.header().set("X-Back", "stays");
                  w.header().set("X-Answer", r.header("X-Forwarded-For") + " " + r.host());
                  w.header().set("Trailer", "X-T");
                  w.writeHeader(418);
                  w.write(r.method() + " " + r.requestUri() + " ");
                  w.write(r.body().readAllBytes());
                  w.header().set("X-T", "trailer");
                });
        TestServer front = TestServer.start(ReverseProxy.to(backend.url() + "/base?q=1"))) {
      Request request =
          Request.to("POST", front.url() + "/a%20b?x=y")
              .header("Connection", "X-Hop, close")
              .header("X-Hop", "x")
              .header("Te", "x")
              .header("Keep-Alive", "x")
              .header("X-Forwarded-For", "a lie")
              .body("body")
              .build();
      try (Response response = front.client().send(request)) {
        assertEquals(418, response.status());
        assertEquals("", response.header("X-Back"));
        assertEquals("127.0.0.1 " + backend.url().substring(7), response.header("X-Answer"));
        assertEquals("POST /base/a%20b?q=1&x=y body", response.text());
        assertEquals("trailer", response.trailer().get("X-T"));
      }
    }
  }

  /** Follows TestReverseProxyModifyResponse and TestReverseProxyErrorHandler. */
  @Test
  void filterAndErrorHandlerAreAsked() throws IOException {
    try (TestServer backend = TestServer.start((w, r) -> w.write("x"));
        TestServer front =
            TestServer.start(
                ReverseProxy.to(backend.url())
                    .modifyResponse(
                        response -> {
                          if (response.request().path().equals("/bad")) {
                            throw new IOException("not this one");
                          }
                          response.headers().set("X-Seen", "yes");
                        })
                    .errorHandler((w, r, e) -> Http.error(w, e.getMessage() + "", 504)))) {
      try (Response good = front.client().send(Request.to("GET", front.url()).build())) {
        assertEquals("yes", good.header("X-Seen"));
      }
      try (Response bad = front.client().send(Request.to("GET", front.url() + "/bad").build())) {
        assertEquals("504 not this one\n", bad.status() + " " + bad.text());
      }
    }
  }

  /** Follows TestReverseProxyCancellation: the client leaves, so does the request behind. */
  @Test
  void aClientThatLeavesEndsTheRequestBehind() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    try (TestServer backend =
            TestServer.start(
                (w, r) -> {
                  var context = r.context();
                  entered.countDown();
                  context.done().recv();
                  ended.complete(true);
                });
        TestServer front = TestServer.start(ReverseProxy.to(backend.url()))) {
      try (Socket client = new Socket()) {
        client.connect(front.server().address());
        client
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        entered.await();
      }
      assertTrue(ended.get(10, TimeUnit.SECONDS));
    }
  }

  /** Follows TestReverseProxy_PanicBodyError: a response that is cut off is seen to be. */
  @Test
  void aResponseThatBreaksOffBreaksOff() throws IOException {
    try (TestServer backend =
            TestServer.start(
                (w, r) -> {
                  w.header().set("Content-Length", "100");
                  w.write("part");
                });
        TestServer front = TestServer.start(ReverseProxy.to(backend.url()))) {
      assertThrows(
          IOException.class,
          () -> front.client().send(Request.to("GET", front.url()).build()).text());
    }
  }

  @Test
  void noBackendIsABadGateway() throws IOException {
    try (TestServer front = TestServer.start(ReverseProxy.to("http://127.0.0.1:1"))) {
      try (Response r = front.client().send(Request.to("GET", front.url()).build())) {
        assertEquals(502, r.status());
      }
    }
  }

  /** Follows TestSingleHostReverseProxy's joins and TestJoinURLPath. */
  @ParameterizedTest
  @CsvSource({
    "http://h, /, http://h/",
    "http://h/, /a, http://h/a",
    "http://h/a, /b%2Fc, http://h/a/b%2Fc",
    "http://h/a/, /b, http://h/a/b",
    "http://h/a?x=1, /b?y=2, http://h/a/b?x=1&y=2",
  })
  void pathsAreJoined(String target, String path, String url) {
    Request in = Request.received("GET", path).build();
    ProxyRequest request = new ProxyRequest(in, in.toBuilder());
    request.setUrl(target);
    assertEquals(url, request.out().build().url());
  }
}
