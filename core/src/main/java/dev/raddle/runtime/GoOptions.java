package dev.raddle.runtime;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start a goroutine.
 *
 * @param name in dumps and debuggers; null for none
 * @param priority its class
 * @param labels for dumps, as pprof's labels in Go
 */
public record GoOptions(@Nullable String name, Priority priority, Map<String, String> labels) {
  private static final GoOptions NONE = new GoOptions(null, Priority.NORMAL, Map.of());

  /** Copies the labels. */
  public GoOptions {
    labels = Map.copyOf(labels);
  }

  /**
   * A nameless goroutine of class {@link Priority#NORMAL}.
   *
   * @return the options
   */
  public static GoOptions none() {
    return NONE;
  }

  /**
   * A goroutine with that name.
   *
   * @param name in dumps and debuggers
   * @return the options
   */
  public static GoOptions name(String name) {
    return NONE.withName(name);
  }

  /**
   * A goroutine of that class.
   *
   * @param priority the class
   * @return the options
   */
  public static GoOptions priority(Priority priority) {
    return NONE.withPriority(priority);
  }

  /**
   * These options with another name.
   *
   * @param name in dumps and debuggers
   * @return the options
   */
  public GoOptions withName(String name) {
    return new GoOptions(name, priority, labels);
  }

  /**
   * These options with another class.
   *
   * @param priority the class
   * @return the options
   */
  public GoOptions withPriority(Priority priority) {
    return new GoOptions(name, priority, labels);
  }

  /**
   * These options with one more label.
   *
   * @param key of the label
   * @param value of the label
   * @return the options
   */
  public GoOptions withLabel(String key, String value) {
    var more = new HashMap<>(labels);
    more.put(key, value);
    return new GoOptions(name, priority, more);
  }
}
