package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Framing: what is taken for a message and what is refused, however the bytes are cut up. */
class RequestParserTest {
  private static final String POST = "POST /a HTTP/1.1\r\nHost: x\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

  /** Gives the text in pieces of a size. */
  private static RequestParser parser(String text, int piece) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int[] at = {0};
    return new RequestParser(
        target -> {
          int n = Math.min(Math.min(piece, target.remaining()), bytes.length - at[0]);
          target.put(bytes, at[0], n);
          at[0] += n;
          return n == 0 ? -1 : n;
        },
        1 << 20,
        500);
  }

  private static String body(RequestParser parser) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[7];
    for (int n = parser.readBody(buffer, 0, 7); n >= 0; n = parser.readBody(buffer, 0, 7)) {
      text.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 64, 100_000})
  void requestsFollowEachOtherHoweverTheyAreCutUp(int piece) throws IOException {
    RequestParser parser =
        parser(
            POST
                + "Content-Length: 5\r\nX-a: 1\r\n\r\nhello"
                + CHUNKED
                + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n"
                + "GET /b HTTP/1.0\r\nConnection: keep-alive, x\r\n\r\n",
            piece);

    RequestHead first = present(parser.readHead());
    assertEquals(5, first.contentLength);
    assertEquals("X-A", first.lines()[2]);
    assertFalse(parser.isComplete());
    assertEquals("hello", body(parser));
    assertTrue(parser.isComplete());

    RequestHead second = present(parser.readHead());
    assertEquals(-1, second.contentLength);
    assertEquals("hello world", body(parser));

    RequestHead third = present(parser.readHead());
    assertEquals("/b", third.target);
    assertFalse(third.http11);
    assertTrue(third.wantsKeepAlive);
    assertTrue(parser.isComplete());
    assertEquals("", body(parser));
    assertNull(parser.readHead());
  }

  /** Between two messages it holds nothing of a connection, and can be lent to another one. */
  @Test
  void oneParserServesOneConnectionAfterTheOther() throws IOException {
    RequestParser parser = parser(POST + "Content-Length: 5\r\n\r\nhelloGET", 100_000);
    assertTrue(parser.isBetweenMessages());
    assertTrue(parser.await());
    assertFalse(parser.isBetweenMessages());
    assertEquals("/a", present(parser.readHead()).target);
    assertEquals("hello", body(parser));
    assertFalse(parser.isBetweenMessages(), "something of the next one is there");
    RequestParser other = parser(POST + "Content-Length: 5\r\n\r\nhello", 100_000);
    assertEquals("/a", present(other.readHead()).target);
    assertFalse(other.isBetweenMessages());
    assertEquals("hello", body(other));
    assertTrue(other.isBetweenMessages());
    assertFalse(other.await(), "its connection has ended");
    assertTrue(other.isBetweenMessages());
    byte[] next = "GET /b HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    other.connect(
        target -> {
          target.put(next);
          return next.length;
        });
    assertTrue(other.await());
    assertEquals("/b", present(other.readHead()).target);
    assertTrue(other.isBetweenMessages());
  }

  private static RequestHead present(@Nullable RequestHead head) {
    return Objects.requireNonNull(head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n",
        "G@T / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void suspectFramingIsRefused(String text) {
    BadRequest e = assertThrows(BadRequest.class, () -> parser(text, 10_000).readHead());
    assertEquals(400, e.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip, chunked", "identity", "xchunked"})
  void otherTransferEncodingsAreNotImplemented(String coding) {
    RequestParser parser = parser(POST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n", 9);
    assertEquals(501, assertThrows(BadRequest.class, () -> parser.readHead()).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5;a\nb\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello6\r\n world\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
      })
  void malformedChunksFailTheBody(String chunks) throws IOException {
    RequestParser parser = parser(CHUNKED + chunks, 10_000);
    parser.readHead();
    IOException e = assertThrows(IOException.class, () -> body(parser));
    assertEquals("malformed body: expected a valid chunk", e.getMessage());
  }

  @Test
  void anEndInTheMiddleOfABodyIsAnUnexpectedEof() throws IOException {
    RequestParser counted = parser(POST + "Content-Length: 9\r\n\r\nhello", 3);
    counted.readHead();
    assertThrows(EOFException.class, () -> body(counted));
    RequestParser chunked = parser(CHUNKED + "9\r\nhello", 3);
    chunked.readHead();
    assertThrows(EOFException.class, () -> body(chunked));
  }

  /** Follows TestChunkReadMultiple's kin for CVE-2023-39326: extensions without end. */
  @Test
  void chunksThatAreAllExtensionAreRefused() throws IOException {
    String chunk = "1;" + "x".repeat(4000) + "\r\na\r\n";
    RequestParser parser = parser(CHUNKED + chunk.repeat(100) + "0\r\n\r\n", 10_000);
    parser.readHead();
    assertThrows(IOException.class, () -> body(parser));
    RequestParser small = parser(CHUNKED + "1\r\na\r\n".repeat(50_000) + "0\r\n\r\n", 10_000);
    small.readHead();
    assertEquals(50_000, body(small).length());
  }

  @Test
  void aLastChunkThatIsCutOffIsAnUnexpectedEof() throws IOException {
    RequestParser parser = parser(CHUNKED + "1\r\na\r\n0\r\n", 10_000);
    parser.readHead();
    assertThrows(EOFException.class, () -> body(parser));
  }

  @Test
  void unreadCountsDown() throws IOException {
    RequestParser parser = parser(POST + "Content-Length: 10\r\n\r\n0123456789", 10_000);
    parser.readHead();
    assertEquals(10, parser.unread());
    parser.readBody(new byte[4], 0, 4);
    assertEquals(6, parser.unread());
  }
}
