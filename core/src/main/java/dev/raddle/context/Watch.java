package dev.raddle.context;

import static dev.raddle.Go.select;

import dev.raddle.Chan;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;

/** The same as {@link Call} for a context that is not ours: a goroutine that waits for its end. */
final class Watch implements Context.Stop {
  private static final GoOptions WATCH = GoOptions.name("context watch");

  /** Set by who runs or stops the body. */
  private final AtomicBoolean taken = new AtomicBoolean();

  private final Chan<Void> stopped = Chan.make();

  Watch(Context foreign, Body body) {
    Scheduler.current()
        .go(
            WATCH,
            () -> {
              boolean ended =
                  select(foreign.done().onRecv(nil -> true), stopped.onRecv(nil -> false));
              if (ended && taken.compareAndSet(false, true)) {
                body.run();
              }
            });
  }

  @Override
  public boolean stop() {
    boolean won = taken.compareAndSet(false, true);
    if (won) {
      stopped.close();
    }
    return won;
  }
}
