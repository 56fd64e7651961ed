package dev.raddle.runtime;

import dev.raddle.internal.sched.Sched;

/** On whose scheduler goroutines run. */
public enum Mode {
  /** Raddle's own. */
  OWN,
  /** The JDK's, because the own one is closed or was switched off. */
  JDK;

  /**
   * The mode of this process.
   *
   * @return the mode
   */
  public static Mode current() {
    return Sched.OWN ? OWN : JDK;
  }

  /**
   * Says in one line what the mode means and, if it is {@link #JDK}, what opens the other.
   *
   * @return the line
   */
  public String explanation() {
    String why = Sched.whyNotOwn();
    return why == null ? "Raddle's own scheduler" : "the JDK's scheduler: " + why;
  }
}
