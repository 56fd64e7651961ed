package dev.raddle.http2;

import dev.raddle.http.spi.ServerLink;
import dev.raddle.http.spi.ServerProtocol;
import dev.raddle.http.spi.ServerSession;
import org.eclipse.jetty.http2.frames.PrefaceFrame;

/** HTTP/2 for the server, which finds it as a service. */
public final class Http2ServerProtocol implements ServerProtocol {
  /** Makes one; there is no state. */
  public Http2ServerProtocol() {}

  @Override
  public String alpn() {
    return "h2";
  }

  @Override
  public byte[] preface() {
    return PrefaceFrame.PREFACE_BYTES.clone();
  }

  @Override
  public String upgradeToken() {
    return "h2c";
  }

  @Override
  public String upgradeHeader() {
    return "HTTP2-Settings";
  }

  @Override
  public ServerSession open(ServerLink link) {
    return new Http2Session(link);
  }
}
