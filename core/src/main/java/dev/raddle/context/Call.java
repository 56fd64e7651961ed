package dev.raddle.context;

import dev.raddle.Go;
import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Sched;
import dev.raddle.runtime.Body;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A body that runs when a context has ended. Who takes the body runs or stops it. */
final class Call extends Child implements Context.Stop {
  private final Sched sched = Sched.current();
  private final Context current = Context.current();
  private @Nullable Body body; // guarded by this lock

  Call(Body body) {
    this.body = body;
  }

  private @Nullable Body take() {
    lock();
    Body b = body;
    body = null;
    unlock();
    return b;
  }

  @Override
  void end(CanceledException why, Throwable cause) {
    Body b = take();
    if (b == null) {
      return;
    }
    var g = new Run(b);
    g.inherit(current); // not what the canceller runs in
    try {
      sched.spawn(g);
    } catch (IllegalStateException closed) {
      Go.afterFunc(Duration.ZERO, () -> current.run(b::run));
    }
  }

  @Override
  public boolean stop() {
    boolean stopped = take() != null;
    if (stopped) {
      detach();
    }
    return stopped;
  }

  private static final class Run extends G {
    private final Body body;

    Run(Body body) {
      this.body = body;
    }

    @Override
    protected void body() throws Exception {
      body.run();
    }
  }
}
