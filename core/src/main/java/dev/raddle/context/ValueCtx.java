package dev.raddle.context;

import dev.raddle.RecvChan;
import dev.raddle.runtime.Body;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A context with a value; all else is as in the nearest one below it that has more. */
final class ValueCtx implements Derived {
  final Key<?> key;
  final @Nullable Object value;

  /** Not a ValueCtx. */
  final Context source;

  private final Context parent;

  ValueCtx(Context parent, Key<?> key, @Nullable Object value) {
    this.parent = parent;
    this.source = parent instanceof ValueCtx v ? v.source : parent;
    this.key = key;
    this.value = value;
  }

  @Override
  public Context parent() {
    return parent;
  }

  @Override
  public @Nullable Instant deadline() {
    return source.deadline();
  }

  @Override
  public @Nullable Duration remaining() {
    return source.remaining();
  }

  @Override
  public RecvChan<Void> done() {
    return source.done();
  }

  @Override
  public @Nullable CanceledException err() {
    return source.err();
  }

  @Override
  public @Nullable Throwable cause() {
    return source.cause();
  }

  @Override
  public Stop afterFunc(Body body) {
    return source.afterFunc(body);
  }

  @Override
  public String suffix() {
    return ".WithValue(" + key + ", " + (value == null ? "<nil>" : value) + ")";
  }

  @Override
  public String toString() {
    return text();
  }
}
