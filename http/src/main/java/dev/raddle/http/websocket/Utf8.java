package dev.raddle.http.websocket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes text that comes in pieces, and notices at once what is not UTF-8. */
final class Utf8 {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final StringBuilder text = new StringBuilder();
  private ByteBuffer rest = ByteBuffer.allocate(0);

  /** Returns whether it is UTF-8 so far. */
  boolean add(byte[] bytes, boolean last) {
    ByteBuffer in = ByteBuffer.allocate(rest.remaining() + bytes.length).put(rest).put(bytes);
    in.flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 2);
    CoderResult result = decoder.decode(in, out, last);
    if (result.isError()) {
      return false;
    }
    if (last) {
      decoder.flush(out);
      decoder.reset();
    }
    text.append(out.flip());
    rest = in.slice();
    return true;
  }

  String take() {
    String taken = text.toString();
    text.setLength(0);
    rest = ByteBuffer.allocate(0);
    return taken;
  }

  /** Says whether bytes are UTF-8. */
  static boolean isValid(byte[] bytes) {
    return new Utf8().add(bytes, true);
  }
}
