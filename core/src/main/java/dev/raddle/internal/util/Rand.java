package dev.raddle.internal.util;

import java.util.concurrent.ThreadLocalRandom;

/** The one place that draws random numbers: steal order and the fairness of select. */
public final class Rand {
  private Rand() {}

  /** A number in {@code [0, bound)}. */
  public static int below(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }
}
