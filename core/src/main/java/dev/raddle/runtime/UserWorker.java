package dev.raddle.runtime;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * States      of a call: NEW -> RUNNING -> DONE, or NEW -> DROPPED. The first step is one CAS, so that
 *             a call is run by the driving thread, given up by its caller, or dropped by close, and
 *             only one of these.
 * Ordering    A caller adds its call and then reads closed; close sets closed and then drops what is
 *             in the queue. One of the two sees the other, so no caller waits for ever.
 */
/**
 * Runs calls on a thread of the user's, for libraries that only one thread may use: windows,
 * OpenGL, some databases. Any goroutine or thread {@linkplain #call calls}, and parks until the
 * driving thread, which {@linkplain #run drives} the worker whenever it likes, has run the call.
 *
 * <p>Calls run in the order in which they came, and what happened before a call happens-before it.
 * The calls are no goroutines; {@link Goroutine#current} is null in them.
 */
public final class UserWorker implements AutoCloseable {
  private static final int NEW = 0;
  private static final int RUNNING = 1;
  private static final int DONE = 2;
  private static final int DROPPED = 3;

  private final LinkedBlockingQueue<Call<?>> calls = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  /** Makes one that nobody drives yet. */
  public UserWorker() {}

  private static final class Call<T extends @Nullable Object> {
    final AtomicInteger state = new AtomicInteger();
    private final Callable<T> body;
    private final @Nullable Caller caller;
    @Nullable T value;
    @Nullable Throwable failure;

    Call(Callable<T> body, @Nullable Caller caller) {
      this.body = body;
      this.caller = caller;
    }

    boolean run() {
      if (!state.compareAndSet(NEW, RUNNING)) {
        return false;
      }
      try {
        value = body.call();
      } catch (Throwable t) {
        failure = t;
      }
      state.set(DONE);
      readyCaller();
      return true;
    }

    void drop() {
      if (state.compareAndSet(NEW, DROPPED)) {
        readyCaller();
      }
    }

    private void readyCaller() {
      if (caller != null) {
        caller.ready();
      }
    }
  }

  private static final class Caller extends Waiter {
    private @Nullable Call<?> call;

    @Override
    protected boolean withdraw() {
      return call != null && call.state.compareAndSet(NEW, DROPPED);
    }
  }

  /**
   * Has {@code body} run by the driving thread, and waits for its end.
   *
   * @param body what to do there
   * @param <T> the value
   * @return what {@code body} returned
   * @throws InterruptedException if interrupted before it began; then it will not begin. Once it
   *     runs an interrupt is kept
   * @throws RejectedExecutionException if the worker is closed before it began
   * @throws Exception what {@code body} threw
   */
  public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    var caller = new Caller();
    var call = new Call<>(Objects.requireNonNull(body), caller);
    caller.call = call;
    calls.add(call);
    if (closed) {
      call.drop();
    }
    caller.await(WaitReason.USER_WORKER);
    return result(call);
  }

  @SuppressWarnings("NullAway") // null only if T may be
  private static <T extends @Nullable Object> T result(Call<T> call) throws Exception {
    if (call.state.get() == DROPPED) {
      throw new RejectedExecutionException("the user's worker is closed");
    }
    return switch (call.failure) {
      case null -> call.value;
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    };
  }

  /**
   * On the driving thread: runs what waits now, and returns at once if nothing does.
   *
   * @return how many calls ran
   */
  public int runPending() {
    int ran = 0;
    for (int n = calls.size(); n > 0; n--) {
      Call<?> call = calls.poll();
      ran += call != null && call.run() ? 1 : 0;
    }
    return ran;
  }

  /**
   * On the driving thread: runs calls for that long, for example until the next frame.
   *
   * @param time how long; the last call may take longer
   * @return how many calls ran
   * @throws InterruptedException if interrupted while it waits for a call
   */
  public int runFor(Duration time) throws InterruptedException {
    long end = Clock.after(Clock.nanos(time));
    int ran = 0;
    for (long left; !closed && (left = end - Clock.nanoTime()) > 0; ) {
      Call<?> call = calls.poll(left, TimeUnit.NANOSECONDS);
      ran += call != null && call.run() ? 1 : 0;
    }
    return ran;
  }

  /**
   * On the driving thread: runs calls until the worker is closed.
   *
   * @throws InterruptedException if interrupted while it waits for a call
   */
  public void run() throws InterruptedException {
    while (!closed) {
      calls.take().run();
    }
  }

  /** Ends {@link #run}. Calls that have not begun fail; one that runs goes on to its end. */
  @Override
  public void close() {
    closed = true;
    calls.forEach(Call::drop);
    calls.add(new Call<>(() -> null, null)); // wakes who drives
  }
}
