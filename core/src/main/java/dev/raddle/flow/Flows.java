package dev.raddle.flow;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.context.Context;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Channels as publishers, and publishers, iterators and streams as channels. */
public final class Flows {
  private Flows() {}

  /**
   * A channel as a publisher. Each subscriber has a goroutine, which receives an element only when
   * one was requested: so the back-pressure of the subscriber is that of the channel. Several
   * subscribers share the elements, as several receivers do.
   *
   * <p>A close completes the subscriber, one with a cause fails it with that. Both are seen when
   * the next element would be given. After a cancel nothing more is received.
   *
   * @param chan the channel
   * @param <T> type of the elements; null elements fail the subscriber, as {@code Flow} has none
   * @return the publisher
   */
  public static <T> Flow.Publisher<T> publisher(RecvChan<T> chan) {
    Objects.requireNonNull(chan, "publisher of nil channel");
    return subscriber -> {
      var s = new ChanSubscription<T>(chan, Objects.requireNonNull(subscriber));
      Go.go(s::run);
    };
  }

  /**
   * A publisher as a channel. At most {@code window} elements are requested that nobody has
   * received yet. The channel is closed when the publisher completes, with the failure as cause
   * when it fails, and with the context's cause when the context ends; then the subscription is
   * cancelled, even if the publisher makes it later. A publisher that sends more than was requested
   * is cancelled, and the channel closed with an {@link IllegalStateException} after what was
   * requested.
   *
   * @param ctx ends the subscription
   * @param publisher whose elements to receive
   * @param window from 1
   * @param <T> type of the elements
   * @return the channel; who stops receiving before its end has to end the context
   * @throws IllegalArgumentException if the window is not positive
   */
  public static <T> RecvChan<T> receive(Context ctx, Flow.Publisher<T> publisher, int window) {
    if (window < 1) {
      throw new IllegalArgumentException("window: expected at least 1, found " + window);
    }
    var s = new ChanSubscriber<T>(window);
    publisher.subscribe(s);
    Go.go(() -> s.run(ctx));
    return s.out().recvOnly();
  }

  /**
   * A stream as a channel: a goroutine sends its elements, and closes the stream and the channel
   * after the last one. What the stream throws is the cause of that close; a {@link
   * CancellationException} counts as the end of the context only if that has ended.
   *
   * @param ctx ends it early
   * @param stream used by that goroutine alone
   * @param <T> type of the elements
   * @return an unbuffered channel; who stops receiving before its end has to end the context
   */
  public static <T> RecvChan<T> from(Context ctx, BaseStream<T, ?> stream) {
    return from(ctx, stream.iterator(), stream::close);
  }

  /**
   * An iterator as a channel.
   *
   * @param ctx ends it early
   * @param elements used by a goroutine alone
   * @param <T> type of the elements
   * @return an unbuffered channel; who stops receiving before its end has to end the context
   * @see #from(Context, BaseStream)
   */
  public static <T> RecvChan<T> from(Context ctx, Iterator<T> elements) {
    return from(ctx, elements, () -> {});
  }

  private static <T> RecvChan<T> from(Context ctx, Iterator<T> elements, Runnable last) {
    Chan<T> out = Chan.make();
    Go.go(
        () -> {
          Throwable cause = null;
          try {
            while (elements.hasNext()) {
              out.send(ctx, elements.next());
            }
          } catch (Throwable failure) {
            cause = cause(ctx, failure);
          } finally {
            try {
              last.run();
            } finally {
              out.close(cause);
            }
          }
        });
    return out.recvOnly();
  }

  /** Why a receiver gets no more: the end of the context, or what else was thrown. */
  static @Nullable Throwable cause(Context ctx, Throwable failure) {
    boolean ended = failure instanceof CancellationException && ctx.err() != null;
    return ended ? ctx.cause() : failure;
  }
}
