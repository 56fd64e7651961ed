package dev.raddle.sync;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.internal.sched.WaitReason;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that want the same thing at the same time share one call: Go's {@code
 * singleflight.Group} (golang.org/x/sync). Nothing is remembered once a call has returned.
 *
 * @param <K> what identifies a call; by equals
 * @param <V> what it gives
 * @see <a href="https://pkg.go.dev/golang.org/x/sync/singleflight">Go: x/sync/singleflight</a>
 */
public final class SingleFlight<K, V extends @Nullable Object> {
  private final Mutex mutex = new Mutex();
  private final Map<K, Call<V>> calls = new HashMap<>(); // guarded by mutex

  /** Makes one without calls. */
  public SingleFlight() {}

  /**
   * What a call gave.
   *
   * @param value what it gave
   * @param shared whether it was given to several callers
   * @param <V> type of the value
   */
  public record Result<V extends @Nullable Object>(V value, boolean shared) {}

  private static final class Call<V extends @Nullable Object> {
    final WaitGroup done = new WaitGroup();
    boolean shared; // guarded by the mutex
    @Nullable V value; // before done
    @Nullable Throwable failure; // before done

    Call() {
      done.add(1);
    }

    @SuppressWarnings("NullAway") // null only if V may be
    Result<V> result() throws Exception {
      switch (failure) {
        case null -> {}
        case Exception e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new IllegalStateException(t);
      }
      return new Result<>(value, shared);
    }
  }

  /**
   * Calls {@code what}, or waits for a call with that key that is under way, and gives what that
   * gives. (Go's Do.)
   *
   * @param key identifies the call
   * @param what runs on the goroutine of the first caller
   * @return the value
   * @throws InterruptedException if interrupted while waiting for the call of another; it goes on
   * @throws Exception whatever {@code what} threw, the same object for all who share the call
   */
  public Result<V> call(K key, Callable<V> what) throws Exception {
    Objects.requireNonNull(what, "call of nil func value");
    Call<V> mine = new Call<>();
    Call<V> call = join(key, mine);
    if (call == mine) {
      run(key, mine, what);
    } else {
      call.done.await(WaitReason.SINGLE_FLIGHT);
    }
    return call.result();
  }

  /**
   * As {@link #call}, without waiting: a first call runs on a goroutine of its own. (Go's DoChan.)
   *
   * @param key identifies the call
   * @param what runs once for all who share the call
   * @return gives the value once; or is closed with what {@code what} threw as the cause
   */
  public RecvChan<Result<V>> start(K key, Callable<V> what) {
    Objects.requireNonNull(what, "start of nil func value");
    Chan<Result<V>> result = Chan.make(1);
    Call<V> mine = new Call<>();
    Call<V> call = join(key, mine);
    Go.go(
        () -> {
          if (call == mine) {
            run(key, mine, what);
          } else {
            call.done.await(WaitReason.SINGLE_FLIGHT);
          }
          pass(call, result);
        });
    return result.recvOnly();
  }

  private static <V extends @Nullable Object> void pass(Call<V> call, Chan<Result<V>> result) {
    try {
      result.trySend(call.result());
    } catch (Throwable failure) {
      result.close(failure);
    }
  }

  private Call<V> join(K key, Call<V> mine) {
    mutex.lock();
    try {
      Call<V> other = calls.putIfAbsent(key, mine);
      if (other == null) {
        return mine;
      }
      other.shared = true;
      return other;
    } finally {
      mutex.unlock();
    }
  }

  private void run(K key, Call<V> call, Callable<V> what) {
    try {
      call.value = what.call();
    } catch (Throwable failure) {
      call.failure = failure;
    } finally {
      mutex.lock();
      calls.remove(key, call);
      mutex.unlock();
      call.done.done();
    }
  }

  /**
   * Makes the next call with that key run anew, even if one is under way.
   *
   * @param key identifies the call
   */
  public void forget(K key) {
    mutex.lock();
    try {
      calls.remove(key);
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public String toString() {
    mutex.lock();
    try {
      int waiting = 0;
      for (Call<V> c : calls.values()) {
        waiting += c.done.waiting();
      }
      return "SingleFlight calls=" + calls.size() + " waiting=" + waiting;
    } finally {
      mutex.unlock();
    }
  }
}
