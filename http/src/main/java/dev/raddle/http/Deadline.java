package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A time by which something must have happened, moved often and reached seldom. Moving it to a
 * later time costs no timer: the timer that fires early looks again and is set once more.
 */
final class Deadline {
  private final Runnable onExpiry;
  private @Nullable Timer timer; // guarded by this, as all
  private boolean armed;
  private long firesAt;
  private long at; // 0: none

  Deadline(Runnable onExpiry) {
    this.onExpiry = onExpiry;
  }

  /** Nanoseconds from now, as System.nanoTime; never 0. */
  static long in(long nanos) {
    long t = System.nanoTime() + nanos;
    return t == 0 ? 1 : t;
  }

  synchronized void set(long nanoTime) {
    at = nanoTime;
    if (nanoTime != 0 && (!armed || nanoTime - firesAt < 0)) {
      arm(nanoTime - System.nanoTime());
    }
  }

  synchronized void clear() {
    at = 0;
  }

  /** Not needed any more. */
  synchronized void stop() {
    at = 0;
    armed = false;
    if (timer != null) {
      timer.stop();
    }
  }

  private void arm(long nanos) {
    armed = true;
    firesAt = at;
    Duration delay = Duration.ofNanos(Math.max(nanos, 0));
    if (timer == null) {
      timer = Go.afterFunc(delay, this::fired);
    } else {
      timer.reset(delay);
    }
  }

  private void fired() {
    synchronized (this) {
      armed = false;
      if (at == 0) {
        return;
      }
      long left = at - System.nanoTime();
      if (left > 0) {
        arm(left);
        return;
      }
      at = 0;
    }
    onExpiry.run();
  }
}
