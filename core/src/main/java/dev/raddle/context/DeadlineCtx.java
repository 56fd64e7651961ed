package dev.raddle.context;

import dev.raddle.Go;
import dev.raddle.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A context with a timer of its own. */
final class DeadlineCtx extends CancelCtx {
  private final Deadline own;
  private boolean stopped; // guarded by the lock
  private @Nullable Timer timer; // guarded by the lock

  private DeadlineCtx(Context parent, Deadline own) {
    super(parent, own);
    this.own = own;
  }

  static CancelCtx of(Context parent, Deadline own, @Nullable Throwable cause) {
    Deadline above = Deadline.of(parent);
    if (above != null && above.isBefore(own)) {
      return CancelCtx.of(parent, above);
    }
    var c = new DeadlineCtx(parent, own);
    c.attach(parent);
    long left = own.left();
    if (left <= 0) {
      c.expire(cause);
    } else if (c.err() == null) {
      // In a goroutine: closing a channel takes locks, which the scheduler's thread must not wait
      // for.
      c.set(Go.afterFunc(Duration.ofNanos(left), () -> c.expire(cause)));
    }
    return c;
  }

  private void expire(@Nullable Throwable cause) {
    endHere(new DeadlineExceededException((Throwable) null), cause);
  }

  private void set(Timer t) {
    lock();
    boolean late = stopped;
    if (!late) {
      timer = t;
    }
    unlock();
    if (late) {
      t.stop();
    }
  }

  @Override
  void ended() {
    lock();
    stopped = true;
    Timer t = timer;
    timer = null;
    unlock();
    if (t != null) {
      t.stop();
    }
  }

  @Override
  public String suffix() {
    return ".WithDeadline(" + own.at() + " [" + remaining() + "])";
  }
}
