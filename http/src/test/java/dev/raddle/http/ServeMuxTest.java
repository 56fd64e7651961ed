package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.httptest.ResponseRecorder;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's http.ServeMux: which pattern wins, redirects, and what registration refuses. */
@Timeout(30)
class ServeMuxTest {
  private static Server server = Server.builder().build();

  @BeforeAll
  static void start() throws IOException {
    ServeMux mux = new ServeMux();
    for (String pattern :
        new String[] {
          "/",
          "/a",
          "/a/",
          "/a/b",
          "/a/b/",
          "GET /m",
          "POST /m",
          "/m",
          "PUT /only/",
          "DELETE /only/",
          "h.example/a"
        }) {
      mux.handle(pattern, (w, r) -> w.write(pattern));
    }
    server = Server.builder().addr("127.0.0.1:0").handler(mux).build();
    server.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static String ask(String method, String target, String host) throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      client.send(
          method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      return client.readAll();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, /",
    "GET, /zzz, /",
    "GET, /a, /a",
    "GET, /a/, /a/",
    "GET, /a/zzz, /a/",
    "GET, /a/b, /a/b",
    "GET, /a/b/c/d, /a/b/",
    "POST, /a/b/c, /a/b/",
    "GET, /m, GET /m",
    "POST, /m, POST /m",
    "PUT, /m, /m",
    "GET, /only/x, /",
    "GET, /%61, /a",
    "GET, /a%2Fb, /",
    "GET, /a/%2e%2e/a, /a/",
  })
  void theMostSpecificPatternWins(String method, String target, String pattern) throws IOException {
    String answer = ask(method, target, "x");
    assertEquals(pattern, answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  @Test
  void aHostBeforeThePathIsMoreSpecificAndItsPortDoesNotMatter() throws IOException {
    assertTrue(ask("GET", "/a", "h.example").endsWith("\r\n\r\nh.example/a"));
    assertTrue(ask("GET", "/a", "h.example:8080").endsWith("\r\n\r\nh.example/a"));
    assertTrue(ask("GET", "/a", "other.example").endsWith("\r\n\r\n/a"));
  }

  @ParameterizedTest
  @CsvSource({
    "/a/../m, /m",
    "/a//b, /a/b",
    "/./a/.., /",
    "//a/./?q=1, /a/?q=1",
    "/only, /only/",
  })
  void otherSpellingsAreRedirected(String target, String location) throws IOException {
    String answer = ask("PUT", target, "x");
    assertTrue(answer.startsWith("HTTP/1.1 307 Temporary Redirect\r\n"), answer);
    assertTrue(answer.contains("\r\nLocation: " + location + "\r\n"), answer);
  }

  @Test
  void methodsThatWouldBeAllowedAreNamed() throws IOException {
    ServeMux mux = new ServeMux();
    mux.handle("PUT /only/", Http::notFound);
    mux.handle("GET /only/x", Http::notFound);
    try (Server other = Server.builder().addr("127.0.0.1:0").handler(mux).build()) {
      other.start();
      try (RawClient client = new RawClient(other.address())) {
        client.send("POST /only/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        String answer = client.readAll();
        assertTrue(
            answer.startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD, PUT\r\n"),
            answer);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|http: invalid pattern, expected [METHOD ][HOST]/[PATH], found nothing",
        "a|parsing \"a\": at offset 0: host/path missing /",
        "G@T /a|parsing \"G@T /a\": at offset 0: invalid method \"G@T\"",
        "/a/../b|parsing \"/a/../b\": at offset 0: non-CONNECT pattern with unclean path can never match",
        "/a|pattern \"/a\" conflicts with pattern \"/a\":\\n/a matches the same requests as /a",
      })
  void registrationRefusesInGosWords(String pattern, String message) {
    ServeMux mux = new ServeMux();
    mux.handle("/a", Http::notFound);
    mux.handle("GET /a", Http::notFound);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> mux.handle(pattern, Http::notFound));
    assertEquals(message.replace("\\n", "\n"), e.getMessage());
  }

  /** Follows TestServeMuxHandleFuncWithNilHandler. */
  @Test
  void aNullHandlerIsRefused() {
    Handler nothing = new AtomicReference<Handler>().get();
    assertThrows(NullPointerException.class, () -> new ServeMux().handle("/", nothing));
  }

  /**
   * Follows TestServeWithSlashRedirectForHostPatterns, TestMuxNoSlashRedirectWithTrailingSlash and
   * TestMuxNoSlash405WithTrailingSlash.
   */
  @ParameterizedTest
  @CsvSource({
    "GET, http://a.com/pkg/foo, 307, /pkg/foo/",
    "GET, http://b.com/pkg/foo, 404, ''",
    "GET, http://c.com/pkg/bar, 307, /pkg/bar/",
    "GET, http://c.com/x, 200, ''",
    "GET, http://c.com/x/, 200, ''",
    "GET, http://c.com/z/only/, 405, ''",
    "GET, http://c.com/z/only, 405, ''",
  })
  void aSlashIsAddedOnlyWhereThatLeadsSomewhere(
      String method, String target, int status, String location) throws Exception {
    ServeMux mux = new ServeMux();
    mux.handle("a.com/pkg/foo/", (w, r) -> {});
    mux.handle("/pkg/bar/", (w, r) -> {});
    mux.handle("/{x}", (w, r) -> Http.error(w, "", r.pathValue("x").equals("x") ? 200 : 404));
    mux.handle("/{x}/{$}", (w, r) -> Http.error(w, "", r.pathValue("x").equals("x") ? 200 : 404));
    mux.handle("POST /z/only/", (w, r) -> {});
    ResponseRecorder answer = new ResponseRecorder();
    mux.serveHttp(answer, Request.received(method, target).build());
    assertEquals(status + " " + location, answer.status() + " " + answer.header().get("Location"));
  }
}
