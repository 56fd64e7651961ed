package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Follows Go's textproto.CanonicalMIMEHeaderKey, httpguts and Header.Write. */
class HeaderTextTest {
  @Test
  void canonicalNames() {
    assertEquals("Content-Type", HeaderText.canonicalName("content-TYPE"));
    assertEquals("Www-Authenticate", HeaderText.canonicalName("WWW-Authenticate"));
    assertEquals("A--B", HeaderText.canonicalName("a--b"));
    assertEquals("foo bar", HeaderText.canonicalName("foo bar"));
    assertEquals("f\u00fc", HeaderText.canonicalName("f\u00fc"));
    String canonical = "X-Request-Id1";
    assertSame(canonical, HeaderText.canonicalName(canonical));
  }

  @Test
  void validNamesAreTokens() {
    assertTrue(HeaderText.isValidName("X-a_1!"));
    assertFalse(HeaderText.isValidName(""));
    assertFalse(HeaderText.isValidName("a b"));
    assertFalse(HeaderText.isValidName("a:"));
    assertFalse(HeaderText.isValidName("a\r\nb"));
    assertFalse(HeaderText.isValidName("\u00e9"));
  }

  @Test
  void valuesStayOnTheirLine() {
    assertEquals("a  b: c", HeaderText.sendable(" a\r\nb: c\t"));
    assertEquals("", HeaderText.sendable("\r\n"));
  }

  @Test
  void tokensOfAList() {
    assertTrue(HeaderText.hasToken("close", "close"));
    assertTrue(HeaderText.hasToken("keep-alive ,\tCLOSE", "close"));
    assertFalse(HeaderText.hasToken("closed, not-close", "close"));
    assertFalse(HeaderText.hasToken("", "close"));
  }

  @Test
  void valuesAreUtf8OrElseLatin1() {
    assertEquals("\u00e9", HeaderText.decode("\u00c3\u00a9"));
    assertEquals("\u00e9", HeaderText.decode("\u00e9"));
    assertEquals("plain", HeaderText.decode("plain"));
    assertEquals("", HeaderText.decode(null));
  }
}
