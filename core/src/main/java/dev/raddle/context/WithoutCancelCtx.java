package dev.raddle.context;

import dev.raddle.RecvChan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A context that keeps the values of another and does not end with it. */
record WithoutCancelCtx(Context parent) implements Derived {
  @Override
  public @Nullable Instant deadline() {
    return null;
  }

  @Override
  public RecvChan<Void> done() {
    return EmptyCtx.NEVER;
  }

  @Override
  public @Nullable CanceledException err() {
    return null;
  }

  @Override
  public String suffix() {
    return ".WithoutCancel";
  }

  @Override
  public String toString() {
    return text();
  }
}
