package dev.raddle.http.websocket;

import java.io.IOException;

/** The conversation is over: closed by one of the sides, or broken off because of an error. */
public final class WebSocketException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int code;

  WebSocketException(int code, String reason) {
    super(reason);
    this.code = code;
  }

  /**
   * Returns why, by RFC 6455, section 7.4.
   *
   * @return for example 1000, the normal end; 1005 if the peer gave none, 1006 if it just left
   */
  public int code() {
    return code;
  }
}
