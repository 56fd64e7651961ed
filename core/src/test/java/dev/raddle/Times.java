package dev.raddle;

import static dev.raddle.Go.afterFunc;
import static dev.raddle.Go.newTimer;

import java.time.Duration;
import java.time.Instant;

/** What the tests of timers share. */
final class Times {
  static final Duration HOUR = Duration.ofHours(1);

  private Times() {}

  static Duration ms(long n) {
    return Duration.ofMillis(n);
  }

  /** A timer or what looks like one. */
  record Any(RecvChan<Instant> c, Timer t) {
    boolean stop() {
      return t.stop();
    }

    boolean reset(Duration d) {
      return t.reset(d);
    }
  }

  /** How its value comes: by its channel, or by afterFunc and a channel of ours. */
  enum Kind {
    CHAN,
    FUNC;

    Any timer(Duration d) {
      if (this == CHAN) {
        Timer t = newTimer(d);
        return new Any(t.c(), t);
      }
      Chan<Instant> c = Chan.make(1);
      return new Any(c, afterFunc(d, () -> c.send(Instant.now())));
    }
  }
}
