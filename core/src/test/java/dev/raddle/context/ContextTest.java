package dev.raddle.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.sync.ErrGroup;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ContextTest {
  @Test
  void aParentEndsItsChildren() throws Exception {
    try (var parent = Context.background().withCancel();
        var child = parent.withCancel().withCancel()) {
      assertNull(child.err());
      var reason = new IllegalStateException("reason");
      parent.cancel(reason);
      child.done().recv();
      assertEquals("context canceled", String.valueOf(child.err()).replaceAll(".*: ", ""));
      assertEquals(reason, child.cause());
    }
  }

  @Test
  void aTimeoutEndsWithGosWords() throws Exception {
    try (var ctx = Context.background().withTimeout(Duration.ofMillis(1))) {
      ctx.done().recv();
      assertInstanceOf(DeadlineExceededException.class, ctx.err());
    }
    try (var past = Context.background().withTimeout(Duration.ZERO)) {
      assertNotNull(past.err());
    }
  }

  @Test
  void theEarlierDeadlineWins() throws Exception {
    try (var parent = Context.background().withTimeout(Duration.ofMillis(1));
        var child = parent.withTimeout(Duration.ofHours(1))) {
      child.done().recv();
      assertInstanceOf(DeadlineExceededException.class, child.err());
    }
  }

  @Test
  void aChildOfAnEndedContextHasEnded() {
    try (var parent = Context.background().withCancel()) {
      parent.cancel();
      try (var child = parent.withCancel()) {
        assertNotNull(child.err());
      }
    }
    Context.background().close();
    assertThrows(UnsupportedOperationException.class, Context.background()::cancel);
  }

  @Test
  void theFirstFailureOfAGroupCancelsTheRestAndComesBack() {
    var cancelled = new AtomicInteger();
    var group = ErrGroup.withContext(Context.background());
    for (int i = 0; i < 3; i++) {
      group.go(
          ctx -> {
            ctx.done().recv();
            cancelled.incrementAndGet();
          });
    }
    group.go(
        () -> {
          throw new IllegalStateException("boom");
        });
    assertEquals("boom", assertThrows(IllegalStateException.class, group::await).getMessage());
    assertEquals(3, cancelled.get());
  }
}
