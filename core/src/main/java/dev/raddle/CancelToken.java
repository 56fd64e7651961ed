package dev.raddle;

import org.jspecify.annotations.Nullable;

/**
 * What may end a wait from outside, above all {@link dev.raddle.context.Context}. Operations take
 * it first: {@code ch.recv(ctx)}, {@code ch.send(ctx, x)}.
 */
public interface CancelToken {
  /**
   * Becomes ready to receive from, best by a close, when this ends, and stays so.
   *
   * @return always the same channel; the nil channel if this never ends
   */
  RecvChan<? extends @Nullable Object> done();

  /**
   * Throws if this has ended; no later than {@link #done} is ready.
   *
   * @throws java.util.concurrent.CancellationException if it has ended
   */
  void check();
}
