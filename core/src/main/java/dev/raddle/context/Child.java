package dev.raddle.context;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What ends with a context: another context, or a call. Its own lock guards what it adds. */
abstract class Child extends SpinLock {
  private static final VarHandle NEXT =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "next", VarHandle.class, Child.class, Child.class);

  /** The {@link CancelCtx} that has it in its list, or the stop of a foreign context. */
  private @Nullable Object above;

  /** Neighbours in the list of the one above; guarded by its lock, see there for the end. */
  @Nullable Child next;

  @Nullable Child prev;

  /** The one above has ended. */
  abstract void end(CanceledException why, Throwable cause);

  /** Before anybody else sees this: from now on it ends with {@code parent}, or has ended. */
  final void attach(Context parent) {
    Context source = parent instanceof ValueCtx v ? v.source : parent;
    if (!Contexts.canEnd(source)) {
      return;
    }
    if (!(source instanceof CancelCtx) && source.done().tryRecv() != null) {
      end(Contexts.err(source), Contexts.reason(source)); // its own words, whatever it wraps
      return;
    }
    CancelCtx own = Contexts.own(source);
    if (own != null) {
      above = own;
      own.add(this);
    } else {
      above = source.afterFunc(() -> end(Contexts.err(source), Contexts.reason(source)));
    }
  }

  /** The one above forgets it. */
  final void detach() {
    switch (above) {
      case CancelCtx own -> own.remove(this);
      case Context.Stop stop -> stop.stop();
      case null, default -> {}
    }
  }

  final @Nullable Child nextAcquire() {
    return (Child) NEXT.getAcquire(this);
  }

  final void nextRelease(@Nullable Child n) {
    NEXT.setRelease(this, n);
  }
}
