package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.raddle.http.httptest.ResponseRecorder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's cookie_test.go. */
class CookieTest {
  private static final Cookie C = Cookie.of("c", "v");

  /** Follows TestWriteSetCookies. */
  @Test
  void attributesAreWrittenInOrder() {
    assertEquals("c=v; Max-Age=3600", C.withMaxAge(3600).toString());
    assertEquals("c=v; Max-Age=0", C.withMaxAge(-1).toString());
    assertEquals("c=v; Domain=example.com", C.withDomain(".example.com").toString());
    assertEquals("c=v; Domain=127.0.0.1", C.withDomain("127.0.0.1").toString());
    assertEquals("c=v", C.withDomain("wrong;bad.abc").toString());
    assertEquals("c=v", C.withDomain("::1").toString());
    assertEquals("c=v; Path=/", C.withPath("/").toString());
    assertEquals("c=v; Path=/a b", C.withPath("/;a b\u0001").toString().replace(";a", "a"));
    assertEquals(
        "c=v; Expires=Tue, 10 Nov 2009 23:00:00 GMT",
        C.withExpires(Instant.parse("2009-11-10T23:00:00Z")).toString());
    assertEquals("c=v", C.withExpires(Instant.parse("1600-01-01T01:01:01Z")).toString());
    assertEquals(
        "c=v; HttpOnly; Secure; SameSite=None; Partitioned",
        C.withPartitioned()
            .withSecure()
            .withHttpOnly()
            .withSameSite(Cookie.SameSite.NONE)
            .toString());
    assertEquals("c=v; SameSite=Strict", C.withSameSite(Cookie.SameSite.STRICT).toString());
    assertEquals("c=v; SameSite=Lax", C.withSameSite(Cookie.SameSite.LAX).toString());
    assertEquals("", Cookie.of("", "v").toString());
    assertEquals("", Cookie.of("\t", "v").toString());
  }

  /** Follows TestCookieSanitizeValue and TestSetCookieDoubleQuotes. */
  @ParameterizedTest
  @CsvSource({
    "foo, false, foo",
    "foo;bar, false, foobar",
    "foo\\bar, false, foobar",
    "foo\"bar, false, foobar",
    "a z, false, \"a z\"",
    "'a,z', false, '\"a,z\"'",
    "'', false, ''",
    "foo, true, \"foo\"",
    "'', true, '\"\"'",
  })
  void valuesAreMadeSafe(String value, boolean quoted, String expected) {
    Cookie cookie = Cookie.of("n", value);
    assertEquals("n=" + expected, (quoted ? cookie.withQuotes() : cookie).toString());
  }

  /** Follows TestSetCookie. */
  @Test
  void setCookieAddsALineUnlessTheNameIsBad() {
    ResponseRecorder w = new ResponseRecorder();
    Http.setCookie(w, Cookie.of("one", "1"));
    Http.setCookie(w, Cookie.of("two", "2").withPath("/r"));
    Http.setCookie(w, Cookie.of("b d", "x"));
    assertEquals(List.of("one=1", "two=2; Path=/r"), w.header().values("Set-Cookie"));
  }

  /** Follows TestAddCookie, TestReadCookies, TestRequestCookie and TestRequestCookiesByName. */
  @Test
  void cookiesOfARequestAreReadAndWritten() {
    Request r =
        Request.to("GET", "http://x/")
            .cookie(Cookie.of("a", "1"))
            .cookie(Cookie.of("b", "2 3"))
            .build();
    assertEquals("a=1; b=\"2 3\"", r.header("Cookie"));
    assertEquals(2, r.cookies().size());
    Cookie b = r.cookie("b");
    assertNotNull(b);
    assertEquals("2 3", b.value());
    assertNull(r.cookie("c"));
    r.headers().setAll("Cookie", List.of("x=1; bad name=2; y=\u0001; z=\"q\"", "x=3;=4; last"));
    assertEquals(
        "x=1 z=q x=3 last=",
        String.join(" ", r.cookies().stream().map(c -> c.name() + "=" + c.value()).toList()));
  }

  /** Follows TestReadSetCookies and TestParseSetCookie: what is read is written the same. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c=v|c=v",
        "c=v; Path=/p; Domain=x.org; Max-Age=5; HttpOnly; Secure|c=v; Path=/p; Domain=x.org; Max-Age=5; HttpOnly; Secure",
        "c=v;path=/ ; SECURE; samesite=lax|c=v; Path=/; Secure; SameSite=Lax",
        "c=\"v\"; partitioned|c=\"v\"; Partitioned",
        "c=v; expires=Wed, 07-Mar-2012 14:25:06 GMT|c=v; Expires=Wed, 07 Mar 2012 14:25:06 GMT",
        "c=v; Expires=nonsense; Max-Age=05; Other=1|c=v",
        "c=v; Max-Age=-7|c=v; Max-Age=0",
      })
  void setCookieIsRead(String line, String expected) {
    Cookie cookie = CookieReader.readSetCookie(line);
    assertNotNull(cookie);
    assertEquals(expected, cookie.toString());
  }

  @ParameterizedTest
  @CsvSource({"''", "novalue", "=v", "b ad=v", "c=a\u0007b"})
  void malformedSetCookieIsPassedOver(String line) {
    assertNull(CookieReader.readSetCookie(line));
  }
}
