/** TLS by BoringSSL. */
@org.jspecify.annotations.NullMarked
module dev.raddle.boringssl {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.raddle.net;
  requires io.netty.buffer;
  requires io.netty.handler;

  exports dev.raddle.boringssl;
}
