package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows Go's url.ParseQuery and url.PathUnescape. */
class EscapesTest {
  @Test
  void firstValueOfAName() {
    assertEquals("1", Escapes.first("a=1&b=2&a=3", "a"));
    assertEquals("2", Escapes.first("a=1&b=2", "b"));
    assertEquals("", Escapes.first("a&b=2", "a"));
    assertEquals("x=y", Escapes.first("a=x=y", "a"));
    assertNull(Escapes.first("aa=1", "a"));
    assertNull(Escapes.first("", "a"));
  }

  @Test
  void plusAndPercentAreDecodedInNamesAndValues() {
    assertEquals("x y", Escapes.first("a=x+y", "a"));
    assertEquals("1", Escapes.first("%61=1", "a"));
    assertEquals("1", Escapes.first("a+b=1", "a b"));
    assertEquals("+&=", Escapes.first("a=%2B%26%3d", "a"));
    assertEquals("\u00e9", Escapes.first("a=%C3%A9", "a"));
  }

  @Test
  void malformedEscapesAndSemicolonsAreSkipped() {
    assertEquals("2", Escapes.first("a=%zz&a=2", "a"));
    assertEquals("2", Escapes.first("a=%4&a=2", "a"));
    assertEquals("2", Escapes.first("a=1;b&a=2", "a"));
    assertNull(Escapes.first("%zz=1", "%zz"));
  }

  @Test
  void allValuesKeepTheirOrder() {
    assertEquals(List.of("1", "", "x y"), Escapes.all("a=1&&a&b=2&a=x+y", "a"));
    assertEquals(List.of("v"), Escapes.all("=v", ""));
  }

  @Test
  void pathsKeepPlusAndRefuseBadEscapes() {
    assertEquals("/a b+c", Escapes.path("/a%20b+c"));
    assertEquals("/a/b", Escapes.path("/a%2Fb"));
    assertNull(Escapes.path("/a%2"));
    assertNull(Escapes.path("/a%g0"));
  }
}
