package dev.raddle.flow;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.Recv;
import dev.raddle.RecvChan;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber of a channel: its goroutine gives what was requested. All signals come from that
 * goroutine, so they are in order, and requests from inside a signal recurse nowhere. The numbers
 * in the code are rules of Reactive Streams.
 */
final class ChanSubscription<T> implements Flow.Subscription {
  private final RecvChan<T> chan;
  private final Flow.Subscriber<? super T> subscriber;
  private final AtomicLong demand = new AtomicLong();
  private final Chan<Boolean> requested = Chan.latest();
  private final CancelContext life = Context.background().withCancel();
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();

  ChanSubscription(RecvChan<T> chan, Flow.Subscriber<? super T> subscriber) {
    this.chan = chan;
    this.subscriber = subscriber;
  }

  @Override
  public void request(long n) {
    if (n <= 0) { // 3.9
      wrong.compareAndSet(
          null, new IllegalArgumentException("request (3.9): expected at least 1, found " + n));
      life.cancel();
      return;
    }
    demand.accumulateAndGet(n, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more); // 3.17
    requested.trySend(true);
  }

  @Override
  public void cancel() {
    life.cancel();
  }

  void run() {
    try (life) {
      signal();
    }
  }

  private void signal() {
    try {
      subscriber.onSubscribe(this);
      while (give()) {}
    } catch (CancellationException e) {
      if (life.err() == null) { // the subscriber's own
        throw e;
      }
      Throwable t = wrong.get();
      if (t != null) {
        subscriber.onError(t);
      }
    } catch (InterruptedException e) {
      subscriber.onError(e);
    }
  }

  /** False after the last signal. */
  private boolean give() throws InterruptedException {
    boolean closed = false;
    while (demand.get() == 0 && !(closed && chan.len() == 0)) { // 1.5: the end needs no request
      closed |=
          Go.<Boolean>select(
              requested.onReceive(r -> false),
              closed ? null : chan.closed().onReceive(r -> true),
              life.done().onReceive(r -> false));
      life.check();
    }
    Recv<T> next = chan.receive(life);
    if (!next.ok()) {
      end(next.cause());
      return false;
    }
    T value = next.value();
    if (value == null) { // 2.13
      subscriber.onError(new NullPointerException("a null element came from " + chan));
      return false;
    }
    demand.updateAndGet(d -> d == Long.MAX_VALUE ? d : d - 1);
    subscriber.onNext(value);
    return true;
  }

  private void end(@Nullable Throwable cause) {
    if (cause == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(cause);
    }
  }
}
