package dev.raddle.internal.sched;

/** Unwinds a goroutine that called {@code goexit}: its finally blocks run, nothing is reported. */
public final class Goexit extends Error {
  private static final long serialVersionUID = 1;

  /** The only instance: it has no stack and no state. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // there is nothing in it that could mislead
  public static final Goexit INSTANCE = new Goexit();

  private Goexit() {
    super("goexit: let this pass; it ends the goroutine", null, false, false);
  }
}
