package dev.raddle.runtime;

import dev.raddle.internal.jdk.Cpus;

/** The machine's CPUs, as the operating system numbers them. */
public final class Cpu {
  private Cpu() {}

  /**
   * The CPU that the caller runs on. It may change at any time unless the scheduler is pinned.
   *
   * @return the number, from 0
   * @throws UnsupportedOperationException if this is not Linux
   */
  public static int current() {
    return Cpus.current();
  }

  /**
   * The CPUs that this process may use.
   *
   * @return their numbers, ascending
   * @throws UnsupportedOperationException if this is not Linux
   */
  public static int[] available() {
    return Cpus.allowed();
  }
}
