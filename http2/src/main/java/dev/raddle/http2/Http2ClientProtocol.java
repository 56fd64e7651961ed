package dev.raddle.http2;

import dev.raddle.http.spi.ClientLink;
import dev.raddle.http.spi.ClientProtocol;
import dev.raddle.http.spi.ClientSession;

/** HTTP/2 for the client, which finds it as a service. */
public final class Http2ClientProtocol implements ClientProtocol {
  /** Makes one; there is no state. */
  public Http2ClientProtocol() {}

  @Override
  public String alpn() {
    return "h2";
  }

  @Override
  public ClientSession open(ClientLink link) {
    var session = new Http2ClientSession(link, Http2ClientSession.WINDOW_BYTES);
    session.begin();
    return session;
  }
}
