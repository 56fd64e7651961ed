package dev.raddle.net.internal;

import java.util.function.BooleanSupplier;

/** Waits on a {@link PollSide} up to the point where it would park: there it stops instead. */
final class Reader extends PollSide {
  /** What {@link #stopped} returns when it would park. */
  static final int PARKED = -1;

  private static final class Parks extends RuntimeException {
    private static final long serialVersionUID = 1;

    Parks() {
      super(null, null, false, false);
    }
  }

  @Override
  protected void arm() {
    throw new Parks();
  }

  /** How its wait ends. */
  int stopped(BooleanSupplier given) {
    try {
      return await(given);
    } catch (Parks e) {
      return PARKED;
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts", e);
    }
  }
}
