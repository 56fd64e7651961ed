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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * States      of a call: NEW -> RUNNING -> DONE, or NEW -> DROPPED. The first step is one CAS, so that
 *             a call is run by the driving thread, given up by its caller, or dropped by close, and
 *             only one of these.
 * Driver      The first thread that drives, until it has ended: libraries of one thread are not passed
 *             on. A call from it runs at once, as there is nobody else to wait for.
 * Retention   A call that is taken back leaves the queue, and one that ran or was dropped its body: nobody
 *             may ever drive.
 * Ordering    A caller adds its call and then reads closed; close sets closed and then drops what is
 *             in the queue. One of the two sees the other, so no caller waits for ever.
 * Checked by  UserWorkerTest; proof: UserWorkerClose.
 */
/**
 * Runs calls on a thread of the user's, for libraries that only one thread may use: windows,
 * OpenGL, some databases. Any goroutine or thread {@linkplain #call calls}, and parks until the
 * driving thread, which {@linkplain #run drives} the worker whenever it likes, has run the call.
 *
 * <p>Calls run in the order in which they came, but for those of the driving thread itself: they
 * run at once, in the middle of what it does, as SWT's {@code syncExec} has it. What happened
 * before a call happens-before it. The calls are no goroutines; {@link Goroutine#current} is null
 * in them unless a goroutine drives.
 *
 * <p>The first thread that drives is the driving thread until it has ended; others are refused.
 */
public final class UserWorker implements AutoCloseable {
  private static final int NEW = 0;
  private static final int RUNNING = 1;
  private static final int DONE = 2;
  private static final int DROPPED = 3;

  private final LinkedBlockingQueue<Call<?>> calls = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Thread> driver = new AtomicReference<>();
  private volatile boolean closed;

  /** Makes one that nobody drives yet. */
  public UserWorker() {}

  private static final class Call<T extends @Nullable Object> {
    final AtomicInteger state = new AtomicInteger();
    private @Nullable Callable<T> body; // of whoever makes the step out of NEW
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
      Callable<T> b = body;
      body = null;
      try {
        if (b != null) {
          value = b.call();
        }
      } catch (Throwable t) {
        failure = t;
      }
      state.set(DONE);
      readyCaller();
      return true;
    }

    void drop() {
      if (state.compareAndSet(NEW, DROPPED)) {
        body = null;
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
   * Has {@code body} run by the driving thread, and waits for its end. The driving thread runs it
   * at once, also while it does not drive.
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
    Objects.requireNonNull(body, "body");
    if (driver.get() == Thread.currentThread()) {
      if (closed) {
        throw refused();
      }
      return body.call();
    }
    var caller = new Caller();
    var call = new Call<>(body, caller);
    caller.call = call;
    calls.add(call);
    if (closed) {
      calls.remove(call);
      call.drop();
    }
    try {
      caller.await(WaitReason.USER_WORKER);
    } catch (InterruptedException e) {
      calls.remove(call); // one look at each: few wait at the same time
      throw e;
    }
    return result(call);
  }

  @SuppressWarnings("NullAway") // null only if T may be
  private static <T extends @Nullable Object> T result(Call<T> call) throws Exception {
    if (call.state.get() == DROPPED) {
      throw refused();
    }
    return switch (call.failure) {
      case null -> call.value;
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    };
  }

  private static RejectedExecutionException refused() {
    return new RejectedExecutionException("the user's worker is closed");
  }

  /** Makes the current thread the one that drives. */
  private void drive() {
    Thread me = Thread.currentThread();
    Thread now = driver.get();
    while (now != me) {
      if (now != null && now.isAlive()) {
        throw new IllegalStateException(
            "drive: expected the driving thread " + now + ", found " + me);
      }
      now = driver.compareAndSet(now, me) ? me : driver.get();
    }
  }

  /** How many calls wait. */
  int queued() {
    return calls.size();
  }

  /**
   * On the driving thread: runs what waits now, and returns at once if nothing does.
   *
   * @return how many calls ran
   * @throws IllegalStateException if another thread drives
   */
  public int runPending() {
    drive();
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
   * @throws IllegalStateException if another thread drives
   */
  public int runFor(Duration time) throws InterruptedException {
    drive();
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
   * @throws IllegalStateException if another thread drives
   */
  public void run() throws InterruptedException {
    drive();
    while (!closed) {
      calls.take().run();
    }
  }

  /** Ends {@link #run}. Calls that have not begun fail; one that runs goes on to its end. */
  @Override
  public void close() {
    closed = true;
    for (Call<?> call; (call = calls.poll()) != null; ) {
      call.drop();
    }
    calls.add(new Call<>(() -> null, null)); // wakes who drives
  }
}
