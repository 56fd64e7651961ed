/** Go-shaped TCP listeners and connections: plain blocking calls, made from goroutines. */
@org.jspecify.annotations.NullMarked
module dev.raddle.net {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.raddle;
  requires jdk.net;

  exports dev.raddle.net;
  exports dev.raddle.net.tls;
}
