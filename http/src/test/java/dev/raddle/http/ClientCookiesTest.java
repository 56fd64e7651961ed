package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies, names and bodies over redirects: further tests of Go's client_test.go. */
@Timeout(30)
class ClientCookiesTest {
  private static String cookies(Request r) {
    Map<String, TreeSet<String>> all = new TreeMap<>();
    for (Cookie cookie : r.cookies()) {
      all.computeIfAbsent(cookie.name(), n -> new TreeSet<>()).add(cookie.value());
    }
    return all.toString();
  }

  private static void put(CookieManager jar, String url, String cookie) throws IOException {
    jar.put(URI.create(url), Map.of("Set-Cookie", List.of(cookie)));
  }

  /**
   * Follows TestClientAltersCookiesOnRedirect: of the cookies that the caller has set, those that a
   * server sets or deletes are the jar's from then on.
   */
  @Test
  void aRedirectChangesCookiesOfTheRequest() throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Handler handler =
        (w, r) -> {
          seen.add(cookies(r));
          switch (seen.size()) {
            case 1 -> w.header().add("Set-Cookie", "Cookie2=; Path=/; Max-Age=0");
            case 2 -> {
              Http.setCookie(w, Cookie.of("Cookie3", "New3").withPath("/"));
              Http.setCookie(w, Cookie.of("Cookie4", "New4").withPath("/"));
            }
            case 3 -> Http.setCookie(w, Cookie.of("Cookie5", "New5").withPath("/"));
            default -> {
              return;
            }
          }
          Http.redirect(w, r, "/", Http.STATUS_FOUND);
        };
    try (TestServer server = TestServer.start(handler)) {
      CookieManager jar = new CookieManager();
      put(jar, server.url() + "/", "Cookie4=Old4; Path=/");
      Client client = Client.builder().cookies(jar).build();
      RequestBuilder request = Request.to("GET", server.url() + "/");
      for (String pair : "Cookie1=1a Cookie1=1b Cookie2=2 Cookie3=3a Cookie3=3b".split(" ", -1)) {
        request.cookie(Cookie.of(pair.substring(0, 7), pair.substring(8)));
      }
      client.send(request.build()).close();
    }
    assertEquals(
        List.of(
            "{Cookie1=[1a, 1b], Cookie2=[2], Cookie3=[3a, 3b], Cookie4=[Old4]}",
            "{Cookie1=[1a, 1b], Cookie3=[3a, 3b], Cookie4=[Old4]}",
            "{Cookie1=[1a, 1b], Cookie3=[New3], Cookie4=[New4]}",
            "{Cookie1=[1a, 1b], Cookie3=[New3], Cookie4=[New4], Cookie5=[New5]}"),
        seen);
  }

  /** Follows TestHostMismatchCookies: those of the host that is asked for. */
  @Test
  void cookiesBelongToTheHostThatIsAskedFor() throws IOException {
    Handler handler =
        (w, r) -> {
          for (Cookie cookie : r.cookies()) {
            Http.setCookie(w, Cookie.of(cookie.name(), "SetOnServer"));
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      CookieManager jar = new CookieManager();
      put(jar, server.url() + "/", "First=SetOnClient");
      put(jar, "http://cookies.example.com/", "Second=SetOnClient");
      Client client = Client.builder().cookies(jar).build();
      Request request = Request.to("GET", server.url() + "/").host("cookies.example.com").build();
      client.send(request).close();
      assertEquals(List.of("First=SetOnClient"), kept(jar, server.url() + "/"));
      assertEquals(List.of("Second=SetOnServer"), kept(jar, "http://cookies.example.com/"));
    }
  }

  private static List<String> kept(CookieManager jar, String url) {
    return jar.getCookieStore().get(URI.create(url)).stream()
        .map((HttpCookie cookie) -> cookie.getName() + "=" + cookie.getValue())
        .toList();
  }

  /** Follows TestStripPasswordFromError; an error does not repeat the URL, so no *** either. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:password@dummy.example/",
        "http://user:password@password.example/",
        "http://user:pa%2Fssword@dummy.example/",
      })
  void noErrorTellsAPassword(String url) {
    Client client =
        Client.builder()
            .transport(
                r -> {
                  throw new IOException("dummy for " + r + " at " + r.url());
                })
            .build();
    IOException e =
        assertThrows(IOException.class, () -> client.send(Request.to("GET", url).build()));
    String told = String.valueOf(e.getMessage()).replace("password.example", "");
    assertFalse(told.contains("password") || told.contains("pa%2Fssword"), told);
  }

  /** Follows TestRedirectGetBody: a body that can be had again goes along, each time. */
  @Test
  void aBodyGoesAlongWithEachRedirect() throws IOException {
    Handler handler =
        (w, r) -> {
          String body = new String(r.body().readAllBytes(), StandardCharsets.US_ASCII);
          if (r.path().length() < 4) {
            Http.redirect(w, r, r.path() + "x", Http.STATUS_TEMPORARY_REDIRECT);
          } else {
            w.write(body + " at " + r.path());
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      Request request = Request.to("POST", server.url() + "/").body("hello").build();
      assertEquals("hello at /xxx", server.client().send(request).text());
    }
  }

  /** Follows TestClientRedirectEatsBody_h1: the body of a redirect is read out. */
  @Test
  void aRedirectKeepsItsConnection() throws IOException {
    List<String> addresses = new CopyOnWriteArrayList<>();
    Handler handler =
        (w, r) -> {
          addresses.add(r.remoteAddress());
          if (r.path().equals("/")) {
            Http.redirect(w, r, "/foo", Http.STATUS_FOUND);
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      server.client().send(Request.to("GET", server.url() + "/").build()).close();
    }
    assertEquals(2, addresses.size());
    assertEquals(addresses.getFirst(), addresses.getLast());
  }
}
