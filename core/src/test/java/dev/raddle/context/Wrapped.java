package dev.raddle.context;

import dev.raddle.RecvChan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A context that is not ours and passes everything on to another. */
class Wrapped implements Context {
  private final Context inner;

  Wrapped(Context inner) {
    this.inner = inner;
  }

  @Override
  public @Nullable Instant deadline() {
    return inner.deadline();
  }

  @Override
  public RecvChan<Void> done() {
    return inner.done();
  }

  @Override
  public @Nullable CanceledException err() {
    return inner.err();
  }

  @Override
  public <T> @Nullable T value(Key<T> key) {
    return inner.value(key);
  }

  @Override
  public String toString() {
    return "wrapped";
  }
}
