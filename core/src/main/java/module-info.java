/**
 * Goroutines for the JVM: scheduler, channels, select, sync, context and time.
 *
 * <p>Own-scheduler mode needs {@code --add-opens java.base/java.lang=ALL-UNNAMED} (class path) or
 * {@code --add-opens java.base/java.lang=dev.raddle} (module path); without it goroutines run on
 * the JDK's own scheduler for virtual threads.
 */
@SuppressWarnings("module") // qualified exports name modules that are built after this one
@org.jspecify.annotations.NullMarked
module dev.raddle {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;

  exports dev.raddle;
  exports dev.raddle.runtime;
  exports dev.raddle.context;
  exports dev.raddle.flow;
  exports dev.raddle.sync;
  exports dev.raddle.internal.jdk to
      dev.raddle.net;
  exports dev.raddle.internal.sched to
      dev.raddle.job,
      dev.raddle.net;
  exports dev.raddle.internal.timer to
      dev.raddle.net;
  exports dev.raddle.internal.util to
      dev.raddle.job,
      dev.raddle.net;
}
