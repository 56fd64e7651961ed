package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's cleanPath, path.Clean with the slash at the end kept. */
class PathsTest {
  @ParameterizedTest
  @CsvSource({
    "'', /",
    "/, /",
    "a, /a",
    "/a, /a",
    "/a/, /a/",
    "//, /",
    "/a//b, /a/b",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/../../b/, /b/",
    "/a/.., /",
    "/a/., /a",
    "/a/./, /a/",
    "/..., /...",
    "/.a/..b, /.a/..b",
  })
  void clean(String path, String expected) {
    assertEquals(expected, Paths.clean(path));
  }
}
