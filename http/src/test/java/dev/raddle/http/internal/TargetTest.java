package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows Go's url.ParseRequestURI as http.ReadRequest uses it. */
class TargetTest {
  @Test
  void theFourForms() throws BadRequest {
    assertEquals(new Target("", "/a%20b", "/a b", "c=d?e"), Target.parse("GET", "/a%20b?c=d?e"));
    assertEquals(new Target("h:1", "/p", "/p", "q"), Target.parse("GET", "http://h:1/p?q"));
    assertEquals(new Target("h", "", "", "q"), Target.parse("GET", "http://u:p@h?q"));
    assertEquals(new Target("", "*", "*", ""), Target.parse("OPTIONS", "*"));
    assertEquals(new Target("h:443", "", "", ""), Target.parse("CONNECT", "h:443"));
  }

  @Test
  void twoSlashesAreAPathAndNoHost() throws BadRequest {
    assertEquals(new Target("", "//a/b", "//a/b", ""), Target.parse("GET", "//a/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "/%zz", "://h/", "1http://h/", "h:443", "/a%2"})
  void otherTargetsAreBadRequests(String target) {
    BadRequest e = assertThrows(BadRequest.class, () -> Target.parse("GET", target));
    assertEquals(400, e.status());
  }
}
