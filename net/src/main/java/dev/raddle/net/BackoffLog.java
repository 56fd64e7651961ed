package dev.raddle.net;

import java.lang.System.Logger.Level;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/*
 * The line that says that accept has no descriptors, written when nothing can be opened.
 *
 * The first line of the JDK's log opens files: its configuration, and the time zones. Tried without a
 * descriptor that fails, and leaves the JDK's class of time zones broken for as long as the JVM
 * lives. So what a line needs is loaded before, by a thread of its own, some time after the first
 * listener: it takes some 50 ms of a fresh JVM, which a program needs to start. Until then a line
 * goes to System.err, which is open.
 *
 * States      zone == null: not loaded, or it failed -> zone != null: loaded
 * Ordering    Who sees zone sees what was loaded before it was set: volatile.
 * Late        Lines that come while nothing is loaded put the loading off: no descriptor is there.
 *             exhausted: set by who warns, cleared by the loader before it waits. A line at that
 *             moment may be missed; accept says another one while nothing changes.
 * Once        SocketListener's initializer prepares it: one thread a process, that ends.
 * Why not     A spare descriptor, closed before the line: another thread may take it first.
 *             Loading in the listener: it would delay every program that listens.
 * Checked by  ChildTest.withoutDescriptorsNobodyIsLost.
 */
/** What a listener says that has to wait. */
final class BackoffLog {
  /** More than accept waits, so that one that goes on failing is noticed. */
  private static final long DELAY_MILLIS = 2 * SocketListener.LONGEST_BACKOFF_MILLIS;

  private static volatile @Nullable ZoneId zone; // of the lines
  private static volatile boolean exhausted; // a line came since the loader waits

  private BackoffLog() {}

  /** Made with the rest: it takes its time, too. */
  private static final class Log {
    static final System.Logger LOGGER = System.getLogger("dev.raddle.net");
  }

  /** Has a line's needs loaded, soon; called once. */
  static void prepare() {
    Thread.ofPlatform().daemon().name("raddle-net-log").start(BackoffLog::load);
  }

  private static void load() {
    try {
      do {
        exhausted = false;
        Thread.sleep(DELAY_MILLIS);
      } while (exhausted);
      zone = Log.LOGGER.isLoggable(Level.WARNING) ? ZoneId.systemDefault() : ZoneOffset.UTC;
    } catch (InterruptedException | RuntimeException | Error e) {
      // Lines go on to System.err.
    }
  }

  /** Whether lines go to the log. */
  static boolean isReady() {
    return zone != null;
  }

  static void warn(String line) {
    try {
      if (isReady()) {
        Log.LOGGER.log(Level.WARNING, line);
        return;
      }
      exhausted = true;
    } catch (RuntimeException | Error e) {
      // A log that wants to open more: better there than nowhere.
    }
    System.err.println("dev.raddle.net: WARNING: " + line);
  }
}
