package dev.raddle.net.tls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The engines of the JDK, or of another JCA provider. */
final class JdkEngines implements EngineFactory {
  private final EngineSettings settings;
  private final SSLContext context;

  JdkEngines(EngineSettings settings, @Nullable Provider provider) throws GeneralSecurityException {
    this.settings = settings;
    context =
        provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
    context.init(
        new KeyManager[] {settings.keyManager()},
        new TrustManager[] {settings.trustManager()},
        null);
  }

  @Override
  public SSLEngine server() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    parameters.setUseCipherSuitesOrder(true);
    if (settings.clientAuth().requires()) {
      parameters.setNeedClientAuth(true);
    } else if (settings.clientAuth() != ClientAuth.NO_CLIENT_CERT) {
      parameters.setWantClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public SSLEngine client(String name, int port) {
    SSLEngine engine = context.createSSLEngine(name, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    settings.expect(parameters, name);
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(settings.protocols().toArray(String[]::new));
    parameters.setApplicationProtocols(settings.nextProtos().toArray(String[]::new));
    return parameters;
  }
}
