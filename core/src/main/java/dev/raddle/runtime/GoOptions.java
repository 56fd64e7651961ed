package dev.raddle.runtime;

import org.jspecify.annotations.Nullable;

/**
 * How to start a goroutine.
 *
 * @param name in dumps and debuggers; null for none
 * @param priority its class
 */
public record GoOptions(@Nullable String name, Priority priority) {
  private static final GoOptions NONE = new GoOptions(null, Priority.NORMAL);

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
    return new GoOptions(name, priority);
  }

  /**
   * These options with another class.
   *
   * @param priority the class
   * @return the options
   */
  public GoOptions withPriority(Priority priority) {
    return new GoOptions(name, priority);
  }
}
