package dev.raddle.http.internal;

import java.util.Objects;
import org.eclipse.jetty.http.HttpParser;

/**
 * Keeps SLF4J silent while Jetty's parser, its only user here, is loaded.
 *
 * <p>Without a logging back-end SLF4J prints three lines of warning on standard error the first
 * time it is used. A library must not bring a back-end, it would clash with the application's own;
 * so this asks SLF4J for errors only, by the property it has for that, reads the property's effect
 * into SLF4J by loading the parser, and takes the property back. A back-end that is there is used.
 */
public final class JettyLogging {
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private JettyLogging() {}

  /** To be called before another class of Jetty is used. */
  public static void quiet() {
    if (System.getProperty(VERBOSITY) != null) {
      return; // somebody has decided
    }
    System.setProperty(VERBOSITY, "ERROR");
    try {
      Objects.requireNonNull(HttpParser.CACHE); // initializes the class, and with it SLF4J
    } finally {
      System.clearProperty(VERBOSITY);
    }
  }
}
