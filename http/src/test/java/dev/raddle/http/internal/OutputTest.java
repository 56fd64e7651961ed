package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final List<String> writes = new ArrayList<>();
  private final Output out =
      new Output(source -> writes.add(StandardCharsets.ISO_8859_1.decode(source).toString()));

  @Test
  void smallThingsAreOneWrite() throws IOException {
    out.ascii("a");
    out.write("bc".getBytes(StandardCharsets.US_ASCII));
    out.number(0, 10);
    out.number(1234567890123L, 10);
    out.number(2048, 16);
    assertEquals(List.of(), writes);
    out.flush();
    out.flush();
    assertEquals(List.of("abc01234567890123800"), writes);
  }

  @Test
  void nothingIsLostAtTheEdgeOfTheBuffer() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      String piece = "<" + "y".repeat(i % 97);
      expected.append(piece).append(i);
      if (i % 2 == 0) {
        out.ascii(piece);
      } else {
        out.write(piece.getBytes(StandardCharsets.US_ASCII));
      }
      out.number(i, 10);
    }
    String large = "z".repeat(10_000);
    out.write(ByteBuffer.wrap(large.getBytes(StandardCharsets.US_ASCII)).array());
    out.ascii(large);
    out.flush();
    assertEquals(expected + large + large, String.join("", writes));
  }
}
