package dev.raddle.http.websocket;

import java.nio.charset.StandardCharsets;

/** One message. */
public sealed interface Message {
  /**
   * Text.
   *
   * @param text whole
   */
  record Text(String text) implements Message {}

  /**
   * Bytes.
   *
   * @param bytes whole; the receiver's own
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, not compared
  record Binary(byte[] bytes) implements Message {
    /** For logs. */
    @Override
    public String toString() {
      return "Binary[" + bytes.length + " bytes]";
    }
  }

  /**
   * Returns the content, be it text or bytes.
   *
   * @return text in UTF-8
   */
  default byte[] toBytes() {
    return switch (this) {
      case Text t -> t.text().getBytes(StandardCharsets.UTF_8);
      case Binary b -> b.bytes();
    };
  }
}
