package dev.raddle.flow;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Recv;
import dev.raddle.context.Context;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Receives from a publisher for a channel. Signals never wait: there is room for all that was
 * requested. A goroutine passes the elements on and requests one more for each that was received.
 *
 * <p>Whoever cancels puts {@link #CANCELLED} in place of the subscription. So it is cancelled once,
 * nothing is requested after that, and one that comes only then is cancelled by {@link
 * #onSubscribe}: the publisher may take its time, and the context end before.
 */
final class ChanSubscriber<T> implements Flow.Subscriber<T> {
  private static final Flow.Subscription CANCELLED =
      new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
      };

  private final int window;
  private final Chan<T> in;
  private final Chan<T> out = Chan.make();
  private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

  ChanSubscriber(int window) {
    this.window = window;
    in = Chan.make(window);
  }

  Chan<T> out() {
    return out;
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    Objects.requireNonNull(s, "subscription");
    if (!subscription.compareAndSet(null, s)) {
      s.cancel(); // 2.5, or too late
      return;
    }
    s.request(window);
  }

  @Override
  public void onNext(T element) {
    Objects.requireNonNull(element, "element");
    try {
      if (!in.trySend(element)) {
        end(
            new IllegalStateException(
                "onNext (1.1): expected at most what was requested, found more"));
        cancel();
      }
    } catch (ChannelClosedException endedBefore) {
      // see end()
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public void onComplete() {
    end(null);
  }

  /** A publisher that signals after its end is not worth a failure here. */
  private void end(@Nullable Throwable cause) {
    try {
      in.close(cause);
    } catch (ChannelClosedException closedBefore) {
      // the first one counts
    }
  }

  void run(Context ctx) {
    Throwable cause = null;
    try {
      Recv<T> r = in.receive(ctx);
      for (; r.ok(); r = in.receive(ctx)) {
        out.send(ctx, Objects.requireNonNull(r.value()));
        Objects.requireNonNull(subscription.get()).request(1);
      }
      cause = r.cause();
    } catch (Throwable failure) {
      cause = Flows.cause(ctx, failure);
      cancel();
    } finally {
      out.close(cause);
    }
  }

  private void cancel() {
    Flow.Subscription s = subscription.getAndSet(CANCELLED);
    if (s != null) {
      s.cancel();
    }
  }
}
