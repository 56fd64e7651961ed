package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The deadline of a context must not hold up the scheduler's thread on which it comes. */
@Timeout(90)
class DeadlineFiringTest {
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of your own")
  void aDeadlineDoesNotWaitForTheLockOfItsChannel() throws Exception {
    try (var one = Scheduler.builder().name("one").processors(1).build()) {
      var made = new CompletableFuture<Context>();
      one.go(() -> made.complete(Context.background().withTimeout(Duration.ofMillis(200))));
      Context ctx = made.get(60, TimeUnit.SECONDS);
      Hchan done = (Hchan) chan(chan(ctx.done()));
      assertNotNull(done);
      var slept = new CountDownLatch(1);
      done.lock();
      try {
        one.go(
            () -> {
              Go.sleep(Duration.ofMillis(400)); // past the deadline
              slept.countDown();
            });
        // The goroutine that ends the context spins for the lock, and sysmon takes its P away.
        assertTrue(slept.await(30, TimeUnit.SECONDS), "the only P waits for the lock");
      } finally {
        done.unlock();
      }
      ctx.done().receive();
      assertNotNull(ctx.err());
    }
  }

  /** What a view, or a channel, is made of. */
  private static Object chan(Object of) throws ReflectiveOperationException {
    var field = of.getClass().getDeclaredField("chan");
    field.setAccessible(true);
    return Objects.requireNonNull(field.get(of));
  }
}
