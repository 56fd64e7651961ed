package dev.raddle.context;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A context of ours that stands on another. Chains may be long: nothing here recurs. */
sealed interface Derived extends Context permits CancelCtx, ValueCtx, WithoutCancelCtx {
  /** What it stands on. */
  Context parent();

  /** Its part of {@link #text}. */
  String suffix();

  @Override
  @SuppressWarnings("unchecked") // a key's value has the key's type
  default <T> @Nullable T value(Key<T> key) {
    Context c = this;
    while (c instanceof Derived d) {
      if (d instanceof ValueCtx v) {
        if (v.key == key) {
          return (T) v.value;
        }
      } else if (d instanceof CancelCtx) {
        if (key == CancelCtx.SELF) {
          return (T) d;
        }
      } else if (key == CancelCtx.SELF || key == Scope.SELF) {
        return null; // what is above no longer concerns us
      }
      c = d.parent();
    }
    return c.value(key);
  }

  /** As Go's String: how it was derived, from the root on. */
  default String text() {
    var suffixes = new ArrayDeque<String>();
    Context c = this;
    for (; c instanceof Derived d; c = d.parent()) {
      suffixes.push(d.suffix());
    }
    return c + String.join("", suffixes);
  }
}
