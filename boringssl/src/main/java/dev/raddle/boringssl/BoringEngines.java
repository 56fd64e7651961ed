package dev.raddle.boringssl;

import dev.raddle.net.tls.EngineFactory;
import dev.raddle.net.tls.EngineSettings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The engines of one configuration. Those of servers and of clients share nothing. */
final class BoringEngines implements EngineFactory {
  private final EngineSettings settings;
  private final Side servers = new Side(false);
  private final Side clients = new Side(true);

  BoringEngines(EngineSettings settings) {
    this.settings = settings;
  }

  /** A context of the library, made when it is needed: most configurations are of one side. */
  private final class Side {
    private final boolean client;
    private @Nullable SslContext context; // guarded by this

    Side(boolean client) {
      this.client = client;
    }

    synchronized SslContext context() {
      SslContext made = context;
      if (made == null) {
        try {
          made = client ? clientContext() : serverContext();
        } catch (SSLException e) {
          throw new UncheckedIOException("tls: BoringSSL refuses the configuration", e);
        }
        context = made;
      }
      return made;
    }
  }

  private SslContext serverContext() throws SSLException {
    return common(SslContextBuilder.forServer(settings.keyManager()))
        .clientAuth(
            switch (settings.clientAuth()) {
              case NO_CLIENT_CERT -> ClientAuth.NONE;
              case REQUEST_CLIENT_CERT, VERIFY_CLIENT_CERT_IF_GIVEN -> ClientAuth.OPTIONAL;
              case REQUIRE_ANY_CLIENT_CERT, REQUIRE_AND_VERIFY_CLIENT_CERT -> ClientAuth.REQUIRE;
            })
        .build();
  }

  private SslContext clientContext() throws SSLException {
    return common(SslContextBuilder.forClient().keyManager(settings.keyManager())).build();
  }

  private SslContextBuilder common(SslContextBuilder builder) {
    return builder
        .sslProvider(SslProvider.OPENSSL) // frees what nobody refers to any more
        .trustManager(settings.trustManager())
        .protocols(settings.protocols())
        .applicationProtocolConfig(
            settings.nextProtos().isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    settings.nextProtos()));
  }

  @Override
  public SSLEngine server() {
    return servers.context().newEngine(ByteBufAllocator.DEFAULT);
  }

  @Override
  public SSLEngine client(String name, int port) {
    SSLEngine engine = clients.context().newEngine(ByteBufAllocator.DEFAULT, name, port);
    SSLParameters parameters = new SSLParameters(); // what is not set in it stays
    settings.expect(parameters, name);
    engine.setSSLParameters(parameters);
    return engine;
  }
}
