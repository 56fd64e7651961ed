package dev.raddle.context;

import dev.raddle.runtime.Body;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What holds for every context, also for those that are not ours. */
final class Contexts {
  private Contexts() {}

  /** The context of ours with which {@code c} ends; null if there is none. */
  static @Nullable CancelCtx own(Context c) {
    if (c instanceof CancelCtx own) {
      return own;
    }
    if (c instanceof EmptyCtx || c instanceof WithoutCancelCtx) {
      return null;
    }
    if (c instanceof ValueCtx v) {
      return own(v.source);
    }
    CancelCtx inner = c.value(CancelCtx.SELF);
    return inner != null && inner.hasDone(c.done()) ? inner : null;
  }

  static boolean canEnd(Context c) {
    return c instanceof CancelCtx
        || (!(c instanceof EmptyCtx || c instanceof WithoutCancelCtx)
            && c.done() != EmptyCtx.NEVER);
  }

  /** Of a context that is done. */
  static CanceledException err(Context c) {
    CanceledException e = c.err();
    return e == null ? new CanceledException() : e; // its fault
  }

  /** Of a context that is done. */
  static Throwable reason(Context c) {
    Throwable cause = c.cause();
    return cause == null ? err(c) : cause;
  }

  static @Nullable Throwable cause(Context c) {
    CanceledException e = c.err();
    if (e == null) {
      return null;
    }
    CancelCtx inner = c.value(CancelCtx.SELF);
    Throwable cause = inner == null ? null : inner.cause();
    return cause == null ? e : cause;
  }

  static Context.Stop afterFunc(Context c, Body body) {
    Objects.requireNonNull(body, "afterFunc of nil func value");
    CancelCtx own = own(c);
    if (own == null && canEnd(c)) {
      return new Watch(c, body);
    }
    var call = new Call(body);
    if (own != null) {
      call.attach(own);
    }
    return call;
  }
}
