package dev.raddle.http;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The context of one request on the server. It is made when it is first asked for, and only from
 * then on the connection is watched for the client's leaving: most handlers never ask.
 */
final class RequestScope implements Supplier<Context> {
  private final Context parent;
  private final Consumer<RequestScope> watch;
  private @Nullable CancelContext context; // guarded by this
  private boolean ended; // guarded by this

  RequestScope(Context parent, Consumer<RequestScope> watch) {
    this.parent = parent;
    this.watch = watch;
  }

  @Override
  public Context get() {
    CancelContext made;
    synchronized (this) {
      if (context != null) {
        return context;
      }
      made = parent.withCancel();
      context = made;
      if (ended) {
        made.cancel();
        return made;
      }
    }
    watch.accept(this);
    return made;
  }

  /** The handler has returned, or the client is gone. */
  void end() {
    CancelContext c;
    synchronized (this) {
      ended = true;
      c = context;
    }
    if (c != null) {
      c.cancel();
    }
  }
}
