package dev.raddle.runtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start a goroutine.
 *
 * @param name in dumps and debuggers; null for none
 * @param priority its class
 * @param labels for dumps, as pprof's labels in Go
 * @param deadline how long after its {@code go} it should have ended; null for none
 * @param sheds whether it is not started any more once its deadline has passed
 */
public record GoOptions(
    @Nullable String name,
    Priority priority,
    Map<String, String> labels,
    @Nullable Duration deadline,
    boolean sheds) {
  private static final GoOptions NONE = new GoOptions(null, Priority.NORMAL, Map.of(), null, false);

  /**
   * Copies the labels.
   *
   * @throws IllegalArgumentException if it sheds without a deadline
   */
  public GoOptions {
    labels = Map.copyOf(labels);
    if (sheds && deadline == null) {
      throw new IllegalArgumentException("shedding: expected a deadline, found none");
    }
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
    return new GoOptions(name, priority, labels, deadline, sheds);
  }

  /**
   * These options with another class.
   *
   * @param priority the class
   * @return the options
   */
  public GoOptions withPriority(Priority priority) {
    return new GoOptions(name, priority, labels, deadline, sheds);
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
    return new GoOptions(name, priority, more, deadline, sheds);
  }

  /**
   * These options with a deadline. Of the goroutines of a class that can run, the one with the
   * earliest deadline is next, before those without. It orders, and ends nothing: for that there is
   * {@link dev.raddle.context.Context}. Who misses it is counted in {@link SchedulerStats#missed}.
   *
   * <p>Costs a place in one heap that all Ps share, each time the goroutine becomes runnable. On
   * the JDK's scheduler it orders nothing, but counts.
   *
   * @param afterGo how long after the {@code go} it should have ended
   * @return the options
   */
  public GoOptions withDeadline(Duration afterGo) {
    return new GoOptions(name, priority, labels, afterGo, sheds);
  }

  /**
   * These options, with which a goroutine is not started any more once its deadline has passed: it
   * ends as if its body were empty, and is counted in {@link SchedulerStats#shed}.
   *
   * @return the options
   * @throws IllegalArgumentException if there is no deadline
   */
  public GoOptions shedding() {
    return new GoOptions(name, priority, labels, deadline, true);
  }
}
