package dev.raddle.context;

import dev.raddle.internal.sched.Inherited;
import org.jspecify.annotations.Nullable;

/** The context that a thread runs in. */
final class Current {
  private Current() {}

  static Context get() {
    return Inherited.current() instanceof Context c ? c : EmptyCtx.BACKGROUND;
  }

  static <R extends @Nullable Object, X extends Throwable> R call(
      Context ctx, ScopedValue.CallableOp<? extends R, X> body) throws X {
    return Inherited.call(ctx, body);
  }
}
