package dev.raddle.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** A server's log: the one it was given, or the JDK's System.Logger, found when there is need. */
final class Log {
  private final @Nullable Logger given;

  Log(@Nullable Logger given) {
    this.given = given;
  }

  private static final class Holder {
    static final Logger LOGGER = System.getLogger("dev.raddle.http");
  }

  private Logger logger() {
    return given != null ? given : Holder.LOGGER;
  }

  void warn(String message) {
    logger().log(Level.WARNING, message);
  }

  void error(String message, Throwable cause) {
    logger().log(Level.ERROR, message, cause);
  }

  void debug(String message, Throwable cause) {
    logger().log(Level.DEBUG, message, cause);
  }
}
