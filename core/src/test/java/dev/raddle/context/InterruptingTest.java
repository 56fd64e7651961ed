package dev.raddle.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A context that ends interrupts the calls that know none. */
@Timeout(120)
class InterruptingTest {
  private static final Duration RACE =
      Duration.ofMillis(Long.getLong("raddle.context.stress.millis", 700));

  /** On which thread a block runs. */
  enum On {
    GOROUTINE,
    PLATFORM;

    <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
      if (this == PLATFORM) {
        return body.call();
      }
      try {
        return Scheduler.current().submit(body).get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }

    void run(dev.raddle.runtime.Body body) throws Exception {
      call(
          () -> {
            body.run();
            assertFalse(Thread.interrupted(), "an interrupt was left behind");
            return "ended";
          });
    }
  }

  /** Ends the context once the thread waits; called in the block, which else might not start. */
  private static void cancelWhenWaiting(CancelContext ctx) {
    Thread t = Thread.currentThread();
    Go.go(
        () -> {
          Waits.until(
              "a wait",
              () ->
                  t.getState() == Thread.State.WAITING
                      || t.getState() == Thread.State.TIMED_WAITING);
          ctx.cancel();
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void itEndsASleepAndAQueue(On on) throws Exception {
    on.run(
        () -> {
          for (int i = 0; i < 2; i++) {
            boolean sleep = i == 0;
            try (var ctx = Context.background().withCancel()) {
              var e =
                  assertThrows(
                      CanceledException.class,
                      () ->
                          ctx.interrupting(
                              () -> {
                                cancelWhenWaiting(ctx);
                                if (sleep) {
                                  Thread.sleep(Waits.LONG);
                                } else {
                                  new LinkedBlockingQueue<String>().take();
                                }
                              }));
              assertInstanceOf(InterruptedException.class, e.getCause());
              assertFalse(Thread.currentThread().isInterrupted());
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void theDeadlineEndsAChannelOperation(On on) throws Exception {
    on.run(
        () -> {
          try (var ctx = Context.background().withTimeout(Duration.ofMillis(20))) {
            assertThrows(
                DeadlineExceededException.class, () -> ctx.interrupting(() -> Chan.make().recv()));
          }
        });
  }

  @Test
  void itEndsARead() throws Exception {
    On.GOROUTINE.run(
        () -> {
          try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
              var socket = new Socket(server.getInetAddress(), server.getLocalPort());
              var ctx = Context.background().withCancel()) {
            var e =
                assertThrows(
                    CanceledException.class,
                    () ->
                        ctx.interrupting(
                            () -> {
                              cancelWhenWaiting(ctx);
                              socket.getInputStream().read();
                            }));
            assertInstanceOf(SocketException.class, e.getCause());
          }
        });
  }

  /** Called by the database. */
  public static final class Functions {
    private Functions() {}

    public static int slow() throws InterruptedException {
      Thread.sleep(Waits.LIMIT);
      return 1;
    }
  }

  @Test
  void itEndsAQueryOfJdbc() throws Exception {
    On.GOROUTINE.run(
        () -> {
          try (var db = DriverManager.getConnection("jdbc:h2:mem:interrupting");
              var statement = db.createStatement()) {
            statement.execute("create alias slow for '" + Functions.class.getName() + ".slow'");
            statement.executeQuery("select 1");
            try (var ctx = Context.background().withCancel()) {
              var e =
                  assertThrows(
                      CanceledException.class,
                      () ->
                          ctx.interrupting(
                              () -> {
                                cancelWhenWaiting(ctx);
                                statement.executeQuery("select slow()");
                              }));
              assertInstanceOf(SQLException.class, e.getCause());
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void aBlockThatEndsInTimeIsNotConcerned(On on) throws Exception {
    on.run(
        () -> {
          try (var ctx = Context.background().withCancel()) {
            assertEquals("value", ctx.<String, RuntimeException>interrupting(() -> "value"));
            var e = new IOException("its own");
            assertSame(
                e,
                assertThrows(
                    IOException.class,
                    () ->
                        ctx.interrupting(
                            () -> {
                              throw e;
                            })));
            assertEquals(0, ((CancelCtx) ctx).countChildren());
            ctx.cancel();
          }
          assertNull(Context.background().interrupting(() -> null));
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void aResultIsReturnedThoughTheContextEnded(On on) throws Exception {
    on.run(
        () -> {
          try (var ctx = Context.background().withCancel()) {
            boolean seen =
                ctx.<Boolean, RuntimeException>interrupting(
                    () -> {
                      ctx.cancel();
                      while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                      }
                      return true;
                    });
            assertTrue(seen);
            assertFalse(Thread.currentThread().isInterrupted());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void afterTheEndNothingRuns(On on) throws Exception {
    on.run(
        () -> {
          var ctx = Context.background().withCancelCause();
          var cause = new Exception("cause");
          ctx.cancel(cause);
          var ran = new AtomicBoolean();
          var e =
              assertThrows(CanceledException.class, () -> ctx.interrupting(() -> ran.set(true)));
          assertSame(cause, e.getCause());

          Thread.currentThread().interrupt();
          assertThrows(
              InterruptedException.class,
              () -> Context.background().interrupting(() -> ran.set(true)));
          assertFalse(ran.get());
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void anInterruptFromElsewhereStaysWhatItIs(On on) throws Exception {
    on.run(
        () -> {
          try (var ctx = Context.background().withCancel()) {
            assertThrows(
                InterruptedException.class,
                () ->
                    ctx.interrupting(
                        () -> {
                          Thread.currentThread().interrupt();
                          Thread.sleep(Waits.LONG);
                        }));
            ctx.interrupting(() -> Thread.currentThread().interrupt());
            assertTrue(Thread.interrupted(), "it was not ours to clear");
          }
        });
  }

  @ParameterizedTest
  @EnumSource(On.class)
  void theOuterOfTwoBlocksIsInterruptedAlsoAfterTheInnerOne(On on) throws Exception {
    on.run(
        () -> {
          var outer = Context.background().withCancel();
          var inner = Context.background().withCancel();
          assertThrows(
              CanceledException.class,
              () ->
                  outer.interrupting(
                      () -> {
                        inner.interrupting(
                            () -> {
                              outer.cancel();
                              untilInterrupted(); // by the outer one
                              inner.cancel();
                              untilInterrupted(); // by the inner one
                              Thread.currentThread().interrupt(); // as if it were still pending
                            });
                        Thread.sleep(Waits.LONG);
                      }));
        });
  }

  private static void untilInterrupted() {
    while (!Thread.interrupted()) {
      Thread.onSpinWait();
    }
  }

  /** The end of the context and of the block race: nothing is ever left of the interrupt. */
  @ParameterizedTest
  @EnumSource(On.class)
  void noInterruptComesAfterTheBlock(On on) throws Exception {
    on.run(
        () -> {
          long end = System.nanoTime() + RACE.toNanos();
          int interrupted = 0;
          int rounds = 0;
          for (; System.nanoTime() - end < 0; rounds++) {
            var ctx = Context.background().withCancel();
            var ready = new CountDownLatch(1);
            Chan<Void> canceled = Chan.make();
            Go.go(
                () -> {
                  ready.await();
                  ctx.cancel();
                  canceled.close();
                });
            int spins = rounds % 200;
            try {
              ctx.interrupting(
                  () -> {
                    ready.countDown();
                    for (int i = 0; i < spins; i++) {
                      Thread.onSpinWait();
                    }
                    if (spins > 100) {
                      Thread.sleep(Duration.ofNanos(spins));
                    }
                  });
            } catch (CanceledException e) {
              interrupted++;
            }
            assertFalse(Thread.currentThread().isInterrupted(), "left behind");
            canceled.receive(); // would throw if one came late
            assertFalse(Thread.currentThread().isInterrupted(), "came late");
          }
          assertTrue(rounds > interrupted);
        });
  }
}
