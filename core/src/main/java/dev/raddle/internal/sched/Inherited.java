package dev.raddle.internal.sched;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value that a goroutine takes over from its maker: the current context. As long as nobody has
 * bound one, a spawn pays one read of a field for it; the value is kept in the goroutine's note, so
 * that it takes no field of those that have none.
 */
public final class Inherited {
  /** Not volatile: who runs inside a binding, or was started there, has seen it set. */
  private static boolean used;

  private Inherited() {}

  /** The value that is bound on this thread; null if none is. */
  public static @Nullable Object current() {
    return used ? Bound.get() : null;
  }

  /** Runs {@code op} with a value bound. */
  public static <R extends @Nullable Object, X extends Throwable> R call(
      Object value, ScopedValue.CallableOp<? extends R, X> op) throws X {
    if (!used) {
      used = true;
    }
    return ScopedValue.where(Bound.VALUE, value).<R, X>call(op);
  }

  /** Gives {@code g} what its maker has, unless it was given something. */
  static void pass(G g) {
    if (used) {
      Object value = g.inherited() == null ? Bound.get() : null;
      if (value != null) {
        g.inherit(value);
      }
    }
  }

  /** Runs the body of a goroutine that was given a value. */
  static void run(Object value, G g) throws Throwable {
    Inherited.<@Nullable Object, Throwable>call(value, new Body(g));
  }

  /** No lambda: if a full heap has no room for the first one, there is never another. */
  private record Body(G g) implements ScopedValue.CallableOp<@Nullable Object, Throwable> {
    @Override
    public @Nullable Object call() throws Throwable {
      g.body();
      return null;
    }
  }

  /** Apart, so that the JDK's class is not touched before it is used. */
  private static final class Bound {
    static final ScopedValue<Object> VALUE = ScopedValue.newInstance();
    private static final Object NONE = Map.of();

    static @Nullable Object get() {
      Object value = VALUE.orElse(NONE);
      return value == NONE ? null : value;
    }
  }
}
