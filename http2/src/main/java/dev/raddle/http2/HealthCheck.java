package dev.raddle.http2;

import dev.raddle.Go;
import dev.raddle.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that is silent whether it is there, and gives the connection up if nothing comes
 * then. Whatever comes is an answer.
 */
final class HealthCheck {
  private final long silenceNanos;
  private final long answerNanos;
  private final Runnable ask;
  private final Runnable giveUp;
  private volatile long heardAt = System.nanoTime();
  private @Nullable Timer timer; // guarded by this, as the rest
  private boolean stopped;
  private boolean asked;
  private long askedAt;

  /** With no time of silence it does nothing. */
  HealthCheck(long silenceNanos, long answerNanos, Runnable ask, Runnable giveUp) {
    this.silenceNanos = silenceNanos;
    this.answerNanos = answerNanos;
    this.ask = ask;
    this.giveUp = giveUp;
  }

  synchronized void start() {
    if (silenceNanos > 0 && !stopped) {
      timer = Go.afterFunc(Duration.ofNanos(silenceNanos), this::look);
    }
  }

  synchronized void stop() {
    stopped = true;
    if (timer != null) {
      timer.stop();
    }
  }

  /** Something has come. */
  void heard() {
    if (silenceNanos > 0) {
      heardAt = System.nanoTime();
    }
  }

  private void look() {
    Runnable action = null;
    synchronized (this) {
      Timer mine = timer;
      if (stopped || mine == null) {
        return;
      }
      long now = System.nanoTime();
      long left;
      if (asked && heardAt - askedAt < 0) {
        left = answerNanos - (now - askedAt);
        action = left <= 0 ? giveUp : null;
      } else {
        left = silenceNanos - (now - heardAt);
        asked = left <= 0;
        if (asked) {
          askedAt = now;
          left = answerNanos;
          action = ask;
        }
      }
      if (left > 0) {
        mine.reset(Duration.ofNanos(left));
      }
    }
    if (action != null) {
      action.run();
    }
  }
}
