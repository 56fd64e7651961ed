package dev.raddle.internal.sched;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a goroutine carries beyond its name; few do, so it costs the others no field.
 *
 * @param name null for none
 * @param labels of the user
 * @param site where it was made; null unless that is recorded
 * @param inherited see {@link Inherited}
 * @param deadline null for none
 */
public record Note(
    @Nullable String name,
    Map<String, String> labels,
    @Nullable StackTraceElement site,
    @Nullable Object inherited,
    @Nullable Deadline deadline) {
  static final Note NONE = new Note(null, Map.of(), null, null, null);

  /** {@code -Draddle.creationSites=true}: a few microseconds for each goroutine. */
  private static final boolean SITES = Boolean.getBoolean("raddle.creationSites");

  private static final StackWalker WALKER = StackWalker.getInstance();

  /** Whether sites are recorded. */
  static boolean recordsSites() {
    return SITES;
  }

  Note withName(@Nullable String newName) {
    return new Note(newName, labels, site, inherited, deadline);
  }

  Note withSite(@Nullable StackTraceElement where) {
    return new Note(name, labels, where, inherited, deadline);
  }

  Note withInherited(Object value) {
    return new Note(name, labels, site, value, deadline);
  }

  Note withDeadline(Deadline by) {
    return new Note(name, labels, site, inherited, by);
  }

  /** The first frame that is not ours. */
  static @Nullable StackTraceElement caller() {
    return WALKER.walk(
        frames ->
            frames
                .filter(f -> !isOurs(f.getClassName()))
                .findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement)
                .orElse(null));
  }

  /** A program's own classes may be in packages below ours, in our tests for example. */
  private static boolean isOurs(String className) {
    return className.startsWith("dev.raddle.internal.")
        || className.startsWith("dev.raddle.runtime.Scheduler")
        || className.startsWith("dev.raddle.sync.")
        || className.startsWith("dev.raddle.job.")
        || className.equals("dev.raddle.context.Scope")
        || className.equals("dev.raddle.Go");
  }
}
