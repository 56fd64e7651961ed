package dev.raddle.boringssl;

import dev.raddle.net.tls.EngineFactory;
import io.netty.handler.ssl.OpenSsl;
import org.jspecify.annotations.Nullable;

/**
 * TLS by BoringSSL instead of the JDK.
 *
 * <pre>{@code
 * TlsConfig.builder().certificate(certificate).engines(BoringSsl.engines()).build()
 * }</pre>
 *
 * <p>It needs the library of the platform on the class path: {@code
 * io.netty:netty-tcnative-boringssl-static} with a classifier such as {@code linux-x86_64}, in the
 * version of {@code netty-tcnative-classes}; and Java started with {@code
 * --enable-native-access=ALL-UNNAMED}, or a warning is printed.
 *
 * <p><b>Differences</b> from the JDK's engine. If the two sides have no protocol of ALPN in common,
 * the handshake goes on without one. A server does not know that a session was resumed: {@link
 * dev.raddle.net.tls.ConnectionState#didResume} is false. A connection has memory outside of the
 * Java heap, which is free when both sides have told their end, else with the first collection that
 * finds it.
 */
public final class BoringSsl {
  private BoringSsl() {}

  /**
   * Says why it cannot be used here: the library is not there, or does not load.
   *
   * @return null if it can be used
   */
  public static @Nullable Throwable whyNot() {
    return OpenSsl.unavailabilityCause();
  }

  /**
   * Returns what {@link dev.raddle.net.tls.TlsConfigBuilder#engines} takes.
   *
   * @return makes engines of BoringSSL
   * @throws IllegalStateException if it cannot be used, with {@link #whyNot} as its cause
   */
  public static EngineFactory.Source engines() {
    Throwable cause = whyNot();
    if (cause != null) {
      throw new IllegalStateException(
          "tls: expected the library of netty-tcnative-boringssl-static for "
              + System.getProperty("os.name")
              + ", "
              + System.getProperty("os.arch")
              + ", found that it does not load",
          cause);
    }
    return BoringEngines::new;
  }
}
