package dev.raddle.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The server's log: the JDK's System.Logger, found only when there is something to say. */
final class Log {
  private Log() {}

  private static final class Holder {
    static final Logger LOGGER = System.getLogger("dev.raddle.http");
  }

  static void log(Level level, String message, @Nullable Throwable cause) {
    Holder.LOGGER.log(level, message, cause);
  }
}
