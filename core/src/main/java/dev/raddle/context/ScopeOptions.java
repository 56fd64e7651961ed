package dev.raddle.context;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a scope behaves.
 *
 * @param name of the scope, in messages; its goroutines are called name/1, name/2 and so on. Null
 *     for none
 * @param timeout after which it is cancelled; null for none
 * @param policy what cancels it besides
 */
public record ScopeOptions(@Nullable String name, @Nullable Duration timeout, Policy policy) {
  private static final ScopeOptions NONE = new ScopeOptions(null, null, Policy.CANCEL_ON_FAILURE);

  /** Checks nothing but null. */
  public ScopeOptions {
    Objects.requireNonNull(policy, "policy");
  }

  /** What the end of one goroutine means for the others. */
  public enum Policy {
    /** The first failure cancels the others and comes back from join: all are needed. */
    CANCEL_ON_FAILURE,
    /** The first success cancels the others: one is enough. If none succeeds join fails. */
    CANCEL_ON_SUCCESS,
    /** They do not concern each other: what failed is to be asked of each task. */
    CANCEL_NEVER
  }

  /**
   * A scope without name and timeout that the first failure cancels.
   *
   * @return the options
   */
  public static ScopeOptions none() {
    return NONE;
  }

  /**
   * A scope with that name.
   *
   * @param name in messages and dumps
   * @return the options
   */
  public static ScopeOptions name(String name) {
    return NONE.withName(name);
  }

  /**
   * A scope with that timeout.
   *
   * @param timeout after which it is cancelled
   * @return the options
   */
  public static ScopeOptions timeout(Duration timeout) {
    return NONE.withTimeout(timeout);
  }

  /**
   * A scope with that policy.
   *
   * @param policy what cancels it
   * @return the options
   */
  public static ScopeOptions policy(Policy policy) {
    return NONE.withPolicy(policy);
  }

  /**
   * These options with another name.
   *
   * @param name in messages and dumps
   * @return the options
   */
  public ScopeOptions withName(String name) {
    return new ScopeOptions(name, timeout, policy);
  }

  /**
   * These options with another timeout.
   *
   * @param timeout after which it is cancelled
   * @return the options
   */
  public ScopeOptions withTimeout(Duration timeout) {
    return new ScopeOptions(name, timeout, policy);
  }

  /**
   * These options with another policy.
   *
   * @param policy what cancels it
   * @return the options
   */
  public ScopeOptions withPolicy(Policy policy) {
    return new ScopeOptions(name, timeout, policy);
  }
}
