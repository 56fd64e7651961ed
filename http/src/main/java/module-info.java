/** A server in the shape of Go's {@code net/http}: one goroutine a connection. */
@org.jspecify.annotations.NullMarked
module dev.raddle.http {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.raddle.net;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;

  exports dev.raddle.http;
  exports dev.raddle.http.httptest;
  exports dev.raddle.http.httputil;
  exports dev.raddle.http.spi;
  exports dev.raddle.http.websocket;

  uses dev.raddle.http.spi.ClientProtocol;
  uses dev.raddle.http.spi.ServerProtocol;
}
