package dev.raddle.context;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.Timer;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries cancellation and a deadline from a caller to all the goroutines that work for it. Safe
 * for use by any number of threads. Close what you derive, best by try-with-resources: {@link
 * #close} is Go's {@code defer cancel()}, and a context that is not closed stays in its parent
 * until it ends.
 *
 * @see <a href="https://pkg.go.dev/context">Go: package context</a>
 */
public final class Context implements AutoCloseable {
  private static final Context BACKGROUND = new Context(null, Chan.nil(), null);

  private final @Nullable Context parent;
  private final Chan<Void> done;
  private final @Nullable Long deadlineNanos;
  private final Object lock = new Object();
  private final Set<Context> children = new LinkedHashSet<>(); // guarded by lock
  private volatile @Nullable CanceledException err; // written under lock, before done is closed
  private volatile @Nullable Throwable cause; // as err
  private @Nullable Timer timer; // guarded by lock

  private Context(@Nullable Context parent, Chan<Void> done, @Nullable Long deadlineNanos) {
    this.parent = parent;
    this.done = done;
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * The root of all contexts: never cancelled, no deadline.
   *
   * @return always the same
   */
  public static Context background() {
    return BACKGROUND;
  }

  /**
   * A context that ends when it is cancelled or this one ends.
   *
   * @return the child, to be closed
   */
  public Context withCancel() {
    return child(deadlineNanos);
  }

  /**
   * A context that ends after that time, when it is cancelled, or when this one ends.
   *
   * @param timeout zero or negative: it has ended already. An earlier deadline of this context
   *     counts
   * @return the child, to be closed
   */
  public Context withTimeout(Duration timeout) {
    long nanos = Clock.nanos(timeout);
    long when = Clock.after(nanos);
    Long own = deadlineNanos;
    if (own != null && own - when <= 0) {
      return child(own);
    }
    Context c = child(when);
    if (nanos <= 0) {
      c.end(new DeadlineExceededException(), null);
      return c;
    }
    // In a goroutine: closing a channel takes locks, which the scheduler's thread must not wait
    // for.
    Timer t = Go.afterFunc(timeout, () -> c.end(new DeadlineExceededException(), null));
    synchronized (c.lock) {
      if (c.err == null) {
        c.timer = t;
        return c;
      }
    }
    t.stop(); // the parent ended meanwhile
    return c;
  }

  private Context child(@Nullable Long deadline) {
    var c = new Context(this, Chan.make(), deadline);
    CanceledException ended;
    synchronized (lock) {
      ended = err;
      if (ended == null && this != BACKGROUND) {
        children.add(c);
      }
    }
    if (ended != null) {
      c.end(ended, cause);
    }
    return c;
  }

  /**
   * Closed when this context ends. In a select: {@code ctx.done().onRecv(..)}.
   *
   * @return the channel; the nil channel for {@link #background}
   */
  public RecvChan<Void> done() {
    return done;
  }

  /**
   * Why the context ended.
   *
   * @return null while it has not; set no later than {@link #done} is closed
   */
  public @Nullable CanceledException err() {
    return err;
  }

  /**
   * What the canceller gave as the reason, else {@link #err}.
   *
   * @return null while the context has not ended
   */
  public @Nullable Throwable cause() {
    Throwable c = cause;
    return c == null ? err : c;
  }

  /**
   * The time left until the deadline.
   *
   * @return zero or negative when it has passed; null when there is none
   */
  public @Nullable Duration remaining() {
    Long d = deadlineNanos;
    return d == null ? null : Duration.ofNanos(d - Clock.nanoTime());
  }

  /** Ends this context and all that were derived from it. Does nothing when it has ended. */
  public void cancel() {
    cancel(null);
  }

  /**
   * As {@link #cancel()}, with a reason that {@link #cause} returns.
   *
   * @param reason null for none
   * @throws UnsupportedOperationException on {@link #background}
   */
  public void cancel(@Nullable Throwable reason) {
    if (this == BACKGROUND) {
      throw new UnsupportedOperationException("cancel: the background context cannot be cancelled");
    }
    end(new CanceledException(), reason);
  }

  /** As {@link #cancel()}; does nothing on {@link #background}. */
  @Override
  public void close() {
    if (this != BACKGROUND) {
      cancel();
    }
  }

  private void end(CanceledException why, @Nullable Throwable reason) {
    List<Context> below;
    Timer t;
    synchronized (lock) {
      if (err != null) {
        return;
      }
      cause = reason;
      err = why;
      below = new ArrayList<>(children);
      children.clear();
      t = timer;
      timer = null;
    }
    if (t != null) {
      t.stop();
    }
    done.close();
    for (Context c : below) {
      c.end(why, reason == null ? why : reason);
    }
    Context p = parent;
    if (p != null && p != BACKGROUND) {
      synchronized (p.lock) {
        p.children.remove(this);
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return this == BACKGROUND
        ? "context.Background"
        : "context " + Objects.requireNonNullElse(err, "active");
  }
}
