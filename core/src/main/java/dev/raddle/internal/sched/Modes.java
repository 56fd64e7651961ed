package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.VirtualThreads;
import java.lang.invoke.MethodHandles;

/** Chooses between our scheduler and the JDK's, once. */
final class Modes {
  /** {@code own}: ours or an error; {@code jdk}: the JDK's; unset: ours if it is open. */
  static final String PROPERTY = "raddle.scheduler";

  static final boolean OWN = choose();

  private Modes() {}

  private static boolean choose() {
    boolean own = asked();
    if (own) {
      VirtualThreads.define(MethodHandles.lookup(), "M");
    }
    return own;
  }

  private static boolean asked() {
    String asked = System.getProperty(PROPERTY, "auto");
    return switch (asked) {
      case "jdk" -> false;
      case "own" -> {
        if (!VirtualThreads.open()) {
          throw new IllegalStateException(
              "-D"
                  + PROPERTY
                  + "=own, but java.lang is closed; start Java with "
                  + VirtualThreads.FLAG,
              VirtualThreads.whyClosed());
        }
        yield true;
      }
      case "auto" -> {
        if (!VirtualThreads.open()) {
          System.getLogger("dev.raddle")
              .log(
                  System.Logger.Level.WARNING,
                  "Raddle runs on the JDK's scheduler; its own needs " + VirtualThreads.FLAG);
        }
        yield VirtualThreads.open();
      }
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + ": expected own, jdk or auto, found " + asked);
    };
  }
}
