package dev.raddle.context;

import dev.raddle.Chan;
import dev.raddle.RecvChan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A root. */
enum EmptyCtx implements Context {
  BACKGROUND("context.Background"),
  TODO("context.TODO");

  /** The done channel of what never ends. */
  static final RecvChan<Void> NEVER = Chan.<Void>nil().recvOnly();

  private final String text;

  EmptyCtx(String text) {
    this.text = text;
  }

  @Override
  public @Nullable Instant deadline() {
    return null;
  }

  @Override
  public RecvChan<Void> done() {
    return NEVER;
  }

  @Override
  public @Nullable CanceledException err() {
    return null;
  }

  @Override
  public <T> @Nullable T value(Key<T> key) {
    return null;
  }

  @Override
  public String toString() {
    return text;
  }
}
