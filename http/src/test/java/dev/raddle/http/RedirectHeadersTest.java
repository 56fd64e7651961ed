package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a redirected request takes along. Follows Go's client_test.go. */
@Timeout(30)
class RedirectHeadersTest {
  private static String line(Request r, String... names) {
    StringBuilder line = new StringBuilder(r.method());
    for (String name : names) {
      line.append(' ').append(r.header(name));
    }
    return line.toString();
  }

  /** Follows TestClientCopyHeadersOnRedirect: another port of the same host is no other host. */
  @Test
  void headersGoAlongToTheSameHost() throws IOException {
    String[] names = {"User-Agent", "X-Foo", "Cookie", "Authorization", "Referer"};
    try (TestServer last = TestServer.start((w, r) -> w.write(line(r, names)));
        TestServer first = TestServer.start((w, r) -> Http.redirect(w, r, last.url(), 302))) {
      Request request =
          Request.to("GET", first.url())
              .header("User-Agent", "ua")
              .header("X-Foo", "x")
              .header("Cookie", "a=b")
              .header("Authorization", "secret")
              .build();
      String expected = "GET ua x a=b secret " + first.url();
      assertEquals(expected, first.client().send(request).text());
    }
  }

  /** Follows TestClientStripHeadersOnPostToGetRedirect. */
  @Test
  void whatDescribesTheBodyStaysWithIt() throws IOException {
    String[] names = {"Content-Type", "Content-Encoding", "Content-Language", "X-Foo"};
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/end")) {
            w.write(line(r, names) + r.contentLength());
          } else {
            Http.redirect(w, r, "/end", 302);
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      Request request =
          Request.to("POST", server.url())
              .header("Content-Type", "a/b")
              .header("Content-Encoding", "c")
              .header("Content-Language", "d")
              .header("X-Foo", "x")
              .body("hello")
              .build();
      assertEquals("GET    x0", server.client().send(request).text());
    }
  }

  /** Follows TestClientCopyHostOnRedirect: a host of one's own, until the server changes. */
  @Test
  void aHostOfOnesOwnStaysOnTheServer() throws IOException {
    try (TestServer other = TestServer.start((w, r) -> w.write(r.host()));
        TestServer server =
            TestServer.start(
                (w, r) -> {
                  switch (r.path()) {
                    case "/" -> Http.redirect(w, r, "/hop", 302);
                    case "/hop" -> {
                      assertEquals("virtual.test", r.host());
                      Http.redirect(w, r, "http://" + other.url().substring(7), 302);
                    }
                    default -> throw new IllegalStateException(r.path());
                  }
                })) {
      Request request = Request.to("GET", server.url() + "/").host("virtual.test").build();
      assertEquals(other.url().substring(7), server.client().send(request).text());
    }
  }

  /** Follows TestClientRedirectsContext. */
  @Test
  void theContextGoesAlong() throws IOException {
    try (CancelContext context = Context.background().withCancel();
        TestServer server =
            TestServer.start(
                (w, r) -> {
                  context.cancel();
                  Http.redirect(w, r, "/", 302);
                })) {
      Request request = Request.to("GET", server.url()).context(context).build();
      IOException e = assertThrows(IOException.class, () -> server.client().send(request));
      assertEquals("net/http: request canceled: context canceled", e.getMessage());
    }
  }
}
