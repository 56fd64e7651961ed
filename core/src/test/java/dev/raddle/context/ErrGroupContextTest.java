package dev.raddle.context;

import static dev.raddle.context.Waits.assertCanceled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.sync.ErrGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group and its context; the tests named here are those of x/sync's errgroup_test.go. */
@Timeout(60)
class ErrGroupContextTest {
  /** Follows TestWithContext and TestCancelCause. */
  @Test
  void theGroupsEndIsThatOfItsContextWithTheFailureAsCause() throws Exception {
    var doom = new Exception("doomed");
    for (List<@Nullable Exception> errs :
        List.of(
            new ArrayList<@Nullable Exception>(),
            Arrays.asList((Exception) null),
            Arrays.<@Nullable Exception>asList(doom),
            Arrays.<@Nullable Exception>asList(doom, null))) {
      var group = ErrGroup.withContext(Context.background());
      for (Exception e : errs) {
        group.go(
            () -> {
              if (e != null) {
                throw e;
              }
            });
      }
      if (errs.contains(doom)) {
        assertSame(doom, assertThrows(Exception.class, group::await));
      } else {
        group.await();
      }
      assertCanceled(group.context());
      assertSame(errs.contains(doom) ? doom : group.context().err(), group.context().cause());
    }
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
