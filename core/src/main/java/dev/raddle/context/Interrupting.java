package dev.raddle.context;

import org.jspecify.annotations.Nullable;

/*
 * A block whose thread is interrupted when a context ends.
 *
 * Roles       The block's thread enters and leaves. Another goroutine, started by the end of the
 *             context, interrupts it.
 * Guarded     over and interrupted, by this monitor, and the interrupt itself: after leave() has had the
 *             monitor none can come. What came before is cleared then. A monitor, as an interrupt may
 *             close a channel of the JDK and so run long.
 * Nesting     Clearing may take away the interrupt of a block around this one: it is given back if that
 *             block's context has ended.
 */
final class Interrupting {
  private static final ScopedValue<Interrupting> AROUND = ScopedValue.newInstance();

  private final Context ctx;
  private final Thread thread = Thread.currentThread();
  private @Nullable Interrupting around;
  private boolean over;
  private boolean interrupted;

  Interrupting(Context ctx) {
    this.ctx = ctx;
  }

  <R extends @Nullable Object, X extends Throwable> R call(
      ScopedValue.CallableOp<? extends R, X> body) throws X, InterruptedException {
    ctx.check();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Interrupting outer = AROUND.orElse(this);
    around = outer.thread == thread && outer != this ? outer : null;
    Context.Stop stop = ctx.afterFunc(this::interrupt);
    R result;
    try {
      result = ScopedValue.where(AROUND, this).<R, X>call(body);
    } catch (Throwable t) {
      boolean ours = leave(stop);
      CanceledException why = ctx.err();
      if (ours && why != null && t instanceof Exception && !(t instanceof CanceledException)) {
        throw why.here(t);
      }
      throw t;
    }
    leave(stop);
    return result;
  }

  private synchronized void interrupt() {
    if (!over) {
      interrupted = true;
      thread.interrupt();
    }
  }

  private synchronized boolean wasInterrupted() {
    return interrupted;
  }

  /** Returns whether the thread was interrupted. */
  private boolean leave(Context.Stop stop) {
    stop.stop();
    synchronized (this) {
      over = true;
      if (!interrupted) {
        return false;
      }
    }
    Thread.interrupted();
    for (Interrupting i = around; i != null; i = i.around) {
      if (i.wasInterrupted()) {
        thread.interrupt();
        break;
      }
    }
    return true;
  }
}
