package dev.raddle.internal.chan;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a channel or view of the API, for our other packages: they wait on it with a
 * reason of their own. Its class, which alone knows, says how when it is initialised; so whoever
 * has a channel may ask.
 */
public final class Behind {
  private static volatile @Nullable Function<Object, @Nullable Hchan> how;

  private Behind() {}

  /** Called once. */
  public static void how(Function<Object, @Nullable Hchan> of) {
    how = of;
  }

  /** What is behind {@code chan}, a {@code RecvChan}; null for the nil channel. */
  public static @Nullable Hchan of(Object chan) {
    Function<Object, @Nullable Hchan> f = how;
    if (f == null) {
      throw new IllegalStateException("expected a channel, found " + chan);
    }
    return f.apply(chan);
  }
}
