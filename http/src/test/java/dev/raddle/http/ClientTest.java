package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's client_test.go. */
@Timeout(30)
class ClientTest {
  private static TestServer serve(Handler handler) throws IOException {
    return TestServer.start(handler);
  }

  /** Follows TestClient, TestClientHead, TestGetRequestFormat and TestPostFormRequestFormat. */
  @Test
  void theSimpleCalls() throws IOException {
    Handler echo =
        (w, r) ->
            w.write(
                r.method()
                    + " "
                    + r.header("Content-Type")
                    + " "
                    + r.contentLength()
                    + " "
                    + r.formValue("k"));
    try (TestServer server = serve(echo)) {
      String url = server.url();
      assertEquals("GET  0 v", Http.get(url + "/?k=v").text());
      try (Response head = Http.head(url)) {
        assertEquals("", head.text());
        assertEquals(8, head.contentLength()); // TestClientHeadContentLength
        assertEquals("200 OK", head.statusLine());
      }
      assertEquals("POST text/plain 3 ", Http.post(url, "text/plain", "abc").text());
      Values form = new Values();
      form.set("k", "a b");
      assertEquals("POST application/x-www-form-urlencoded 5 a b", Http.postForm(url, form).text());
    }
  }

  /** Follows TestClientRedirectTypes and TestPostRedirects, DeleteRedirects. */
  @ParameterizedTest
  @CsvSource({
    "POST, 301, GET", "POST, 302, GET", "POST, 303, GET", "POST, 307, POST", "POST, 308, POST",
    "HEAD, 301, HEAD", "HEAD, 307, HEAD", "GET, 301, GET", "GET, 308, GET", "DELETE, 301, GET",
    "DELETE, 308, DELETE", "PUT, 303, GET", "PUT, 307, PUT",
  })
  void redirectsChangeTheMethodOrNot(String method, int status, String after) throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Handler handler =
        (w, r) -> {
          byte[] body = r.body().readAllBytes();
          seen.add(r.method() + body.length);
          if (r.path().equals("/")) {
            Http.redirect(w, r, "/next", status);
          }
        };
    try (TestServer server = serve(handler)) {
      boolean hasBody = method.startsWith("P");
      RequestBuilder request = Request.to(method, server.url() + "/");
      if (hasBody) {
        request.body("body").header("Content-Type", "text/plain");
      }
      server.client().send(request.build()).close();
      boolean resent = hasBody && status >= 307;
      assertEquals(List.of(method + (hasBody ? 4 : 0), after + (resent ? 4 : 0)), seen);
    }
  }

  /** Follows TestClientRedirects: ten are followed, not eleven, and the policy is asked. */
  @Test
  void redirectsAreLimited() throws IOException {
    Handler endless =
        (w, r) -> Http.redirect(w, r, "/?n=" + (Integer.parseInt("0" + r.query("n")) + 1), 302);
    try (TestServer server = serve(endless)) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> server.client().send(Request.to("GET", server.url()).build()));
      assertEquals("stopped after 10 redirects", e.getMessage());
      Client last = Client.builder().redirects((next, past) -> past.size() < 3).build();
      try (Response response = last.send(Request.to("GET", server.url()).build())) {
        assertEquals(302, response.status()); // TestClientRedirectUseResponse
        assertEquals("n=2", response.request().rawQuery());
      }
    }
  }

  /** Follows TestClientRedirectNoLocation and TestClientRedirect308NoGetBody. */
  @Test
  void aRedirectThatCannotBeFollowedIsTheResponse() throws IOException {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/308")) {
            w.header().set("Location", "/");
          }
          w.writeHeader(r.path().equals("/308") ? 308 : 302);
        };
    try (TestServer server = serve(handler)) {
      assertEquals(
          302, server.client().send(Request.to("GET", server.url() + "/").build()).status());
      Request once =
          Request.to("POST", server.url() + "/308")
              .body(new ByteArrayInputStream(new byte[2]), 2)
              .build();
      try (Response response = server.client().send(once)) {
        assertEquals(308, response.status());
      }
    }
  }

  /** Follows TestShouldCopyHeaderOnRedirect and TestClientStripHeadersOnRepeatedRedirect. */
  @ParameterizedTest
  @CsvSource({
    "http://foo.com/, http://bar.com/, false",
    "http://foo.com/, http://foo.com/x, true",
    "http://foo.com/, http://sub.foo.com/, true",
    "http://sub.foo.com/, http://foo.com/, false",
    "http://foo.com/, http://notfoo.com/, false",
    "http://foo.com:1234/, http://foo.com:4321/, true",
    "http://127.0.0.1/, http://1.127.0.0.1/, false",
  })
  void secretsStayWithTheirHost(String from, String to, boolean kept) throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Client client =
        Client.builder()
            .transport(
                r -> {
                  r.body().close();
                  seen.add(r.header("Authorization") + r.header("X-Other"));
                  Headers headers = new Headers();
                  headers.set("Location", to);
                  return Response.of(r, seen.size() == 1 ? 302 : 200, headers, new byte[0]);
                })
            .build();
    client
        .send(
            Request.to("GET", from)
                .header("Authorization", "secret")
                .header("X-Other", "o")
                .build())
        .close();
    assertEquals(List.of("secreto", kept ? "secreto" : "o"), seen);
  }

  /** Follows TestReferer. */
  @ParameterizedTest
  @CsvSource({"http://a.com/x, http://b.com/, http://a.com/x", "https://a.com/, http://b.com/, ''"})
  void theRefererIsTold(String from, String to, String referer) throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Client client =
        Client.builder()
            .transport(
                r -> {
                  seen.add(r.header("Referer"));
                  Headers headers = new Headers();
                  headers.set("Location", to);
                  return Response.of(r, seen.size() == 1 ? 301 : 200, headers, new byte[0]);
                })
            .build();
    client.send(Request.to("GET", from).build()).close();
    assertEquals(List.of("", referer), seen);
  }

  /** Follows TestBasicAuth and TestEmptyPasswordAuth, BasicAuthHeadersPreserved. */
  @ParameterizedTest
  @CsvSource({"My%20User:dontcare@, My User:dontcare", "u@, 'u:'"})
  void aNameInTheUrlIsSent(String userInfo, String pair) throws IOException {
    Handler handler =
        (w, r) -> {
          Request.BasicAuth auth = r.basicAuth();
          w.write(auth == null ? "none" : auth.username() + ":" + auth.password());
        };
    try (TestServer server = serve(handler)) {
      String url = server.url().replace("http://", "http://" + userInfo);
      assertEquals(pair, server.client().send(Request.to("GET", url).build()).text());
      Request own = Request.to("GET", url).basicAuth("x", "y").build();
      assertEquals("x:y", server.client().send(own).text());
    }
  }

  /** Follows TestRedirectCookiesJar, TestClientSendsCookieFromJar, TestJarCalls. */
  @Test
  void cookiesAreKept() throws IOException {
    Handler handler =
        (w, r) -> {
          Cookie known = r.cookie("c");
          if (known == null) {
            Http.setCookie(w, Cookie.of("c", "kept").withPath("/"));
            Http.redirect(w, r, "/again", 302);
          } else {
            w.write(known.value());
          }
        };
    try (TestServer server = serve(handler)) {
      Client client = Client.builder().cookies(new CookieManager()).build();
      assertEquals("kept", client.send(Request.to("GET", server.url() + "/").build()).text());
    }
  }

  /** Follows TestClientTimeout, TestClientTimeout_Headers and ...DoesNotExpire. */
  @Test
  void aTimeoutCoversHeadAndBody() throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/body")) {
            w.write("start");
            w.flush();
          }
          if (!r.path().equals("/quick")) {
            stop.await();
          }
        };
    try (TestServer server = serve(handler)) {
      Client hasty = Client.builder().timeout(Duration.ofMillis(100)).build();
      SocketTimeoutException e =
          assertThrows(
              SocketTimeoutException.class,
              () -> hasty.send(Request.to("GET", server.url() + "/").build()));
      assertTrue(String.valueOf(e.getMessage()).contains("while awaiting headers"));
      try (Response body = hasty.send(Request.to("GET", server.url() + "/body").build())) {
        assertThrows(SocketTimeoutException.class, body::text);
      }
      Client patient = Client.builder().timeout(Duration.ofMinutes(1)).build();
      assertEquals("", patient.send(Request.to("GET", server.url() + "/quick").build()).text());
      stop.countDown();
    }
  }

  /** Follows TestClientDoCanceledVsTimeout and TestTransportCancelRequest. */
  @Test
  void aContextThatEndsEndsTheRequest() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch stop = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          entered.countDown();
          stop.await();
        };
    try (TestServer server = serve(handler);
        CancelContext context = Context.background().withCancel()) {
      Go.go(
          () -> {
            entered.await();
            context.cancel();
          });
      Client client = Client.builder().timeout(Duration.ofMinutes(1)).build();
      Request request = Request.to("GET", server.url()).context(context).build();
      IOException e = assertThrows(IOException.class, () -> client.send(request));
      assertInstanceOf(CanceledException.class, e.getCause());
      assertThrows(IOException.class, () -> client.send(request)); // TestTransportCancelBeforeDo
      stop.countDown();
    }
  }

  /** Follows TestClientErrorWithRequestURI and TestTransportNoHost. */
  @Test
  void whatCannotBeSentIsRefused() {
    for (Request bad :
        List.of(
            Request.received("GET", "http://x/").build(),
            Request.to("GET", "/path").build(),
            Request.to("GET", "ftp://x/").build(),
            Request.to("GET", "http://x/").header("Bad Name", "v").build(),
            Request.to("GET", "http://x/").header("A", "v\nB: c").build(),
            Request.to("GET", "http://x/").host("a\r\nb").build())) {
      assertThrows(IOException.class, () -> Http.send(bad), bad.toString());
    }
    assertThrows(IllegalArgumentException.class, () -> Request.to("G T", "http://x/"));
    assertThrows(IllegalArgumentException.class, () -> Request.to("GET", "http://x/%zz"));
    assertFalse(Request.to("GET", "http://x/a#frag").build().url().contains("#"));
  }
}
