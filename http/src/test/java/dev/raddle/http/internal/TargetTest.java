package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows Go's url.ParseRequestURI as http.ReadRequest uses it. */
class TargetTest {
  private static Target target(String host, String escapedPath, String path, String rawQuery) {
    return new Target("", "", host, escapedPath, path, rawQuery);
  }

  @Test
  void theFourForms() throws BadRequest {
    assertEquals(target("", "/a%20b", "/a b", "c=d?e"), Target.parse("GET", "/a%20b?c=d?e"));
    assertEquals(
        new Target("http", "", "h:1", "/p", "/p", "q"), Target.parse("GET", "HTTP://h:1/p?q"));
    assertEquals(
        new Target("http", "u:p", "h", "", "", "q"), Target.parse("GET", "http://u:p@h?q"));
    assertEquals(target("", "*", "*", ""), Target.parse("OPTIONS", "*"));
    assertEquals(target("h:443", "", "", ""), Target.parse("CONNECT", "h:443"));
  }

  @Test
  void twoSlashesAreAPathAndNoHost() throws BadRequest {
    assertEquals(target("", "//a/b", "//a/b", ""), Target.parse("GET", "//a/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "/%zz", "://h/", "1http://h/", "h:443", "/a%2"})
  void otherTargetsAreBadRequests(String target) {
    BadRequest e = assertThrows(BadRequest.class, () -> Target.parse("GET", target));
    assertEquals(400, e.status());
  }
}
