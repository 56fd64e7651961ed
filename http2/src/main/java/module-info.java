/** HTTP/2 for {@code dev.raddle.http}, which finds it by itself. */
@SuppressWarnings("module") // the protocol is called so
@org.jspecify.annotations.NullMarked
module dev.raddle.http2 {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.raddle.http;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.http2.common;
  requires org.eclipse.jetty.http2.hpack;
  requires org.eclipse.jetty.io;

  provides dev.raddle.http.spi.ClientProtocol with
      dev.raddle.http2.Http2ClientProtocol;
  provides dev.raddle.http.spi.ServerProtocol with
      dev.raddle.http2.Http2ServerProtocol;
}
