package dev.raddle.http;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.DeadlineExceededException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs a handler on a goroutine of its own, and does not wait longer than a time for it. */
final class TimeoutHandler implements Handler {
  private final Handler handler;
  private final Duration time;
  private final String message;

  TimeoutHandler(Handler handler, Duration time, String message) {
    this.handler = handler;
    this.time = time;
    this.message =
        message.isEmpty()
            ? "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>"
            : message;
  }

  @Override
  public void serveHttp(ResponseWriter w, Request r) throws Exception {
    TimeoutWriter buffered = new TimeoutWriter(message -> warn(w, message));
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    try (CancelContext context = r.context().withTimeout(time)) {
      Request limited = r.toBuilder().context(context).build();
      Chan<Boolean> done = Chan.make(1);
      Go.go(
          () -> {
            try {
              handler.serveHttp(buffered, limited);
            } catch (Throwable e) {
              failure.set(e);
            } finally {
              done.send(true);
            }
          });
      boolean finished =
          Go.select(done.onRecv(yes -> true), context.done().onRecv(nothing -> false));
      if (finished) {
        Throwable thrown = failure.get();
        if (thrown != null) {
          rethrow(thrown);
        }
        buffered.copyTo(w);
      } else {
        boolean late = context.err() instanceof DeadlineExceededException;
        buffered.expire();
        w.writeHeader(Http.STATUS_SERVICE_UNAVAILABLE);
        if (late) {
          w.write(message);
        }
      }
    }
  }

  /** Into the log of the server whose writer it is; one of a test has none. */
  private static void warn(ResponseWriter w, String message) {
    ResponseWriter inner = w;
    while (inner != null && !(inner instanceof ServerResponse)) {
      inner = inner.unwrap();
    }
    if (inner instanceof ServerResponse response) {
      response.log().warn(message);
    }
  }

  private static void rethrow(Throwable thrown) throws Exception {
    if (thrown instanceof Exception e) {
      throw e;
    }
    throw new IllegalStateException("handler failed", thrown);
  }
}
