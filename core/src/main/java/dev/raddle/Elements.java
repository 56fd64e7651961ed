package dev.raddle;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Range over a channel. As an iterator it receives in hasNext; as a spliterator it receives nothing
 * that it does not give, and is never split: a part would have to wait for its elements.
 */
final class Elements<T extends @Nullable Object> implements Iterator<T>, Spliterator<T> {
  private final RecvChan<T> chan;
  private @Nullable Recv<T> next;

  Elements(RecvChan<T> chan) {
    this.chan = chan;
  }

  @Override
  public boolean hasNext() {
    return peek().ok();
  }

  @Override
  public T next() {
    Recv<T> r = peek();
    if (!r.ok()) {
      throw new NoSuchElementException("the channel is closed and drained");
    }
    next = null;
    return r.orFail();
  }

  private Recv<T> peek() {
    Recv<T> r = next;
    if (r == null) {
      r = receive();
      next = r;
    }
    return r;
  }

  private Recv<T> receive() {
    try {
      Recv<T> r = chan.receive();
      r.orFail();
      return r;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while ranging over " + chan);
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action"); // before an element is taken
    Recv<T> r = receive();
    if (r.ok()) {
      action.accept(r.orFail());
    }
    return r.ok();
  }

  @Override
  public void forEachRemaining(Consumer<? super T> action) {
    while (tryAdvance(action)) {}
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED;
  }
}
