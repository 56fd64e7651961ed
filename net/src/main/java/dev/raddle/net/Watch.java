package dev.raddle.net;

import static dev.raddle.Go.select;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import dev.raddle.net.internal.NetFd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** While it is open: wakes those that wait for a socket when a context ends. */
final class Watch implements AutoCloseable {
  private final @Nullable Chan<Void> over;

  private Watch(@Nullable Chan<Void> over) {
    this.over = over;
  }

  static Watch of(Context context, NetFd fd) {
    if (context == Context.background()) {
      return new Watch(null);
    }
    Chan<Void> over = Chan.make();
    Go.go(
        () ->
            select(
                context
                    .done()
                    .onRecv(
                        end -> {
                          fd.kick();
                          return true;
                        }),
                over.onRecv(end -> false)));
    return new Watch(over);
  }

  @Override
  public void close() {
    if (over != null) {
      over.close();
    }
  }

  /** What an operation throws because its context has ended. */
  static IOException ended(String operation, @Nullable CanceledException why) {
    return why instanceof DeadlineExceededException
        ? NetException.timedOut(operation, why)
        : NetException.failed(operation, "operation was canceled", why);
  }
}
