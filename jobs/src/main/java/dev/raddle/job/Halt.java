package dev.raddle.job;

/** Ends a piece of work because another one has failed or all of it was cancelled. */
final class Halt extends Exception {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack and no state
  static final Halt INSTANCE = new Halt();

  private Halt() {
    super("another piece of the same work has failed, or it was cancelled", null, false, false);
  }
}
