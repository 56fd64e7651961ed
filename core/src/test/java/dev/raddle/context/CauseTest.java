package dev.raddle.context;

import static dev.raddle.context.Waits.classOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.raddle.Go;
import dev.raddle.RecvChan;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Why contexts ended; the tests named here are those of Go's context/x_test.go. */
@Timeout(60)
class CauseTest {
  private static final Duration FOREVER = Duration.ofHours(300);

  /** What a cause is recognised by. */
  private enum Why {
    PARENT,
    CHILD,
    SLOW,
    EARLY;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    final Exception cause = new Exception(name());
  }

  /**
   * What is made, and how it ends.
   *
   * @param err null if it does not end
   * @param cause null for the err itself
   */
  record Row(
      String name, Supplier<Context> make, @Nullable Class<?> err, @Nullable Throwable cause) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static Row canceled(String name, @Nullable Throwable cause, Supplier<Context> make) {
    return new Row(name, make, CanceledException.class, cause);
  }

  private static Row late(String name, @Nullable Throwable cause, Supplier<Context> make) {
    return new Row(name, make, DeadlineExceededException.class, cause);
  }

  private static Row open(String name, Supplier<Context> make) {
    return new Row(name, make, null, null);
  }

  private static CancelContext root() {
    return Context.background().withCancelCause();
  }

  /** A child of a parent, each cancelled when its turn comes. */
  private static Context two(
      boolean childFirst, @Nullable Throwable parent, @Nullable Throwable child) {
    var p = root();
    var c = p.withCancelCause();
    (childFirst ? c : p).cancel(childFirst ? child : parent);
    (childFirst ? p : c).cancel(childFirst ? parent : child);
    return c;
  }

  private static Context ended(CancelContext c, @Nullable Throwable cause) {
    c.cancel(cause);
    return c;
  }

  static List<Row> rows() {
    Context bg = Context.background();
    return List.of(
        open("background", Context::background),
        open("todo", Context::todo),
        canceled("withCancel", null, () -> ended(bg.withCancel(), null)),
        canceled("with cause", Why.PARENT.cause, () -> ended(root(), Why.PARENT.cause)),
        canceled("with null", null, () -> ended(root(), null)),
        canceled(
            "parent before child",
            Why.PARENT.cause,
            () -> two(false, Why.PARENT.cause, Why.CHILD.cause)),
        canceled(
            "parent after child",
            Why.CHILD.cause,
            () -> two(true, Why.PARENT.cause, Why.CHILD.cause)),
        canceled("parent before null", Why.PARENT.cause, () -> two(false, Why.PARENT.cause, null)),
        canceled("parent after null", null, () -> two(true, Why.PARENT.cause, null)),
        canceled("child after null", null, () -> two(false, null, Why.CHILD.cause)),
        canceled("child before null", Why.CHILD.cause, () -> two(true, null, Why.CHILD.cause)),
        late("timeout", null, () -> ended(bg.withTimeout(Duration.ZERO), null)),
        canceled("timeout canceled", null, () -> ended(bg.withTimeout(FOREVER), null)),
        late(
            "timeout cause",
            Why.SLOW.cause,
            () -> ended(bg.withTimeoutCause(Duration.ZERO, Why.SLOW.cause), null)),
        late(
            "deadline cause",
            Why.SLOW.cause,
            () -> ended(bg.withDeadlineCause(java.time.Instant.EPOCH, Why.SLOW.cause), null)),
        canceled(
            "timeout cause canceled",
            null,
            () -> ended(bg.withTimeoutCause(FOREVER, Why.SLOW.cause), null)),
        late(
            "stacked",
            Why.SLOW.cause,
            () -> {
              var parent = root();
              var c = parent.withTimeoutCause(Duration.ZERO, Why.SLOW.cause);
              parent.cancel(Why.EARLY.cause);
              return c;
            }),
        canceled(
            "stacked canceled",
            Why.EARLY.cause,
            () -> {
              var parent = root();
              var c = parent.withTimeoutCause(FOREVER, Why.SLOW.cause);
              parent.cancel(Why.EARLY.cause);
              return c;
            }),
        open("withoutCancel", bg::withoutCancel),
        open("withoutCancel canceled", () -> ended(root(), Why.EARLY.cause).withoutCancel()),
        open(
            "withoutCancel timeout",
            () -> bg.withTimeoutCause(Duration.ZERO, Why.SLOW.cause).withoutCancel()),
        canceled(
            "custom, parent not canceled",
            null,
            () -> {
              var c = new Custom(root());
              c.cancel();
              return c;
            }),
        canceled(
            "custom, parent canceled before",
            Why.PARENT.cause,
            () -> {
              var parent = root();
              var c = new Custom(parent);
              parent.cancel(Why.PARENT.cause);
              c.cancel();
              return c;
            }),
        // The parent's cause though it came later: nobody can tell which of the two was first.
        canceled(
            "custom, parent canceled after",
            Why.PARENT.cause,
            () -> {
              var parent = root();
              var c = new Custom(parent);
              c.cancel();
              parent.cancel(Why.PARENT.cause);
              return c;
            }));
  }

  /** Follows TestCause. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void theFirstToEndItGivesTheCause(Row row) {
    Context c = row.make.get();
    assertEquals(row.err, classOf(c.err()));
    assertSame(row.cause == null ? c.err() : row.cause, c.cause());
    try (var below = c.withValue(Context.Key.of("k"), "v").withCancel()) {
      assertSame(c.err(), below.err());
      assertSame(c.cause(), below.cause());
    }
  }

  /** Follows TestCauseRace. */
  @Test
  void theCauseIsThereAsSoonAsTheContextHasEnded() {
    for (int i = 0; i < 500; i++) {
      var c = root();
      Go.go(() -> c.cancel(Why.CHILD.cause));
      Throwable seen;
      while ((seen = c.cause()) == null) {
        Go.gosched();
      }
      assertSame(Why.CHILD.cause, seen);
    }
  }

  /** A context that is not ours, with a channel of its own, that may be cancelled by itself. */
  private static final class Custom extends Wrapped {
    private final CancelContext own = root();

    Custom(Context parent) {
      super(parent);
      parent.afterFunc(own::cancel);
    }

    void cancel() {
      own.cancel();
    }

    @Override
    public RecvChan<Void> done() {
      return own.done();
    }

    @Override
    public @Nullable CanceledException err() {
      return own.err();
    }
  }
}
