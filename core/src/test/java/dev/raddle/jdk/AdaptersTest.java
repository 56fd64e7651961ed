package dev.raddle.jdk;

import static dev.raddle.Go.goexit;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * What of the JDK a scheduler can be given as: ThreadFactory, ExecutorService, CompletableFuture.
 */
class AdaptersTest {
  @OnEach
  void aThreadOfTheFactoryHasLabelsAndADeadlineFromItsStart(On on) throws Exception {
    Scheduler s = on.scheduler();
    long missed = s.stats().missed();
    var options = GoOptions.name("w").withLabel("tenant", "a").withDeadline(Duration.ofHours(1));
    var labels = new CompletableFuture<Map<String, String>>();
    var deadline = new CompletableFuture<Long>();
    Thread t =
        s.threadFactory(options)
            .newThread(
                () -> {
                  Goroutine me = Objects.requireNonNull(Goroutine.current());
                  labels.complete(me.labels());
                  deadline.complete(me.deadline().orElse(0));
                });
    long beforeStart = System.nanoTime();
    t.start();
    assertEquals(Map.of("tenant", "a"), labels.get(On.LIMIT_SECONDS, SECONDS));
    long fromStart = deadline.get(On.LIMIT_SECONDS, SECONDS) - beforeStart;
    assertTrue(fromStart >= Duration.ofHours(1).toNanos(), () -> "from start: " + fromStart);
    assertTrue(t.join(On.LIMIT));

    Thread late = s.threadFactory(options.withDeadline(Duration.ofNanos(-1))).newThread(() -> {});
    late.start();
    assertTrue(late.join(On.LIMIT));
    assertEquals(missed + 1, s.stats().missed());
    s.close();
  }

  @Test
  void aFactoryRefusesToShed() {
    var options = GoOptions.none().withDeadline(Duration.ZERO).shedding();
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Scheduler.current().threadFactory(options));
    assertEquals("threadFactory: expected options that do not shed", e.getMessage());
  }

  @OnEach
  void aThreadOfTheFactoryIsAGoroutine(On on) throws Exception {
    Scheduler s = on.scheduler();
    var seen = new CompletableFuture<@Nullable Goroutine>();
    var go = new CountDownLatch(1);
    Thread t =
        s.threadFactory(GoOptions.name("worker").withPriority(Priority.HIGH))
            .newThread(
                () -> {
                  seen.complete(Goroutine.current());
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    seen.obtrudeException(e);
                  }
                });
    assertTrue(t.isVirtual());
    assertEquals(Thread.State.NEW, t.getState());
    assertEquals("worker", t.getName());
    assertEquals(0, s.numGoroutine());
    t.setName("renamed");
    t.start();
    Goroutine g = seen.get(On.LIMIT_SECONDS, SECONDS);
    assertNotNull(g);
    assertEquals("renamed", g.name());
    assertEquals(Priority.HIGH, g.priority());
    assertEquals(s, g.scheduler());
    assertEquals(1, s.numGoroutine());
    assertTrue(t.isAlive());
    assertThrows(IllegalThreadStateException.class, t::start);
    go.countDown();
    assertTrue(t.join(On.LIMIT));
    assertEquals(Thread.State.TERMINATED, t.getState());
    s.close();
  }

  @OnEach
  void aThreadOfTheFactoryRunsNothingButItsTask(On on) throws Exception {
    on.run(
        () -> {
          var factory = Scheduler.current().threadFactory();
          List<Thread> threads = new ArrayList<>();
          var strangers = new AtomicInteger();
          for (int i = 0; i < 200; i++) {
            var own = new AtomicReference<@Nullable Thread>();
            Thread t = factory.newThread(() -> own.set(Thread.currentThread()));
            t.start();
            Scheduler.current().go(() -> strangers.addAndGet(Thread.currentThread() == t ? 1 : 0));
            threads.add(t);
            if (i % 10 == 0) {
              assertTrue(t.join(On.LIMIT));
              assertSame(t, own.get());
            }
          }
          for (Thread t : threads) {
            assertTrue(t.join(On.LIMIT));
          }
          assertEquals(0, strangers.get());
        });
  }

  @OnEach
  void aThreadInheritsWhatJdkThreadsDo(On on) throws Exception {
    var inherited = new InheritableThreadLocal<String>();
    var plain = new ThreadLocal<String>();
    on.run(
        () -> {
          var loader = new ClassLoader() {};
          Thread.currentThread().setContextClassLoader(loader);
          inherited.set("from the maker");
          plain.set("for the maker");
          var seen = new CompletableFuture<List<Object>>();
          Thread t =
              Scheduler.current()
                  .threadFactory()
                  .newThread(
                      () ->
                          seen.complete(
                              List.of(
                                  inherited.get(),
                                  String.valueOf(plain.get()),
                                  Thread.currentThread().getContextClassLoader())));
          t.start();
          assertEquals(
              List.of("from the maker", "null", loader), seen.get(On.LIMIT_SECONDS, SECONDS));
        });
  }

  @OnEach
  void aThreadsOwnHandlerComesBeforeTheSchedulers(On on) throws Exception {
    var caught = new CompletableFuture<Throwable>();
    var boom = new IllegalStateException("boom");
    on.run(
        () -> {
          Thread t =
              Scheduler.current()
                  .threadFactory()
                  .newThread(
                      () -> {
                        throw boom;
                      });
          t.setUncaughtExceptionHandler((thread, e) -> caught.complete(e));
          t.start();
          assertSame(boom, caught.get(On.LIMIT_SECONDS, SECONDS));
        });
  }

  @OnEach
  void closeWaitsForStartedThreads(On on) throws Exception {
    Scheduler s = on.scheduler();
    var began = new CountDownLatch(20);
    var ended = new AtomicInteger();
    var factory = s.threadFactory();
    for (int i = 0; i < 20; i++) {
      factory
          .newThread(
              () -> {
                began.countDown();
                Thread.yield();
                ended.incrementAndGet();
              })
          .start();
    }
    assertTrue(began.await(On.LIMIT_SECONDS, SECONDS));
    s.close();
    assertEquals(20, ended.get());
  }

  @Test
  @Timeout(60)
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "a start fails only on a scheduler of our own")
  void noThreadStartsAfterTheClose() {
    Scheduler s = new On(1).scheduler();
    Thread t = s.threadFactory().newThread(() -> {});
    s.close();
    var refused = assertThrows(RejectedExecutionException.class, t::start);
    assertEquals("scheduler jdk1 is closed", refused.getMessage());
    assertEquals(Thread.State.TERMINATED, t.getState());
  }

  @OnEach
  void theExecutorHasTheJdksContract(On on) throws Exception {
    on.run(
        () -> {
          ExecutorService executor = Scheduler.current().executor();
          var interrupted = new CompletableFuture<String>();
          var began = new CountDownLatch(1);
          try (executor) {
            List<Future<Integer>> squares = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
              int n = i;
              squares.add(executor.submit(() -> n * n));
            }
            for (int i = 0; i < 100; i++) {
              assertEquals(i * i, squares.get(i).get(On.LIMIT_SECONDS, SECONDS));
            }
            assertEquals(
                "first",
                executor.invokeAny(List.of(() -> "first", () -> sleepLong(new CountDownLatch(1)))));
            Future<String> long1 =
                executor.submit(
                    () -> {
                      try {
                        return sleepLong(began);
                      } catch (InterruptedException e) {
                        interrupted.complete("interrupted");
                        throw e;
                      }
                    });
            assertTrue(began.await(On.LIMIT_SECONDS, SECONDS));
            long1.cancel(true);
            assertEquals("interrupted", interrupted.get(On.LIMIT_SECONDS, SECONDS));
            assertFalse(executor.isShutdown());
          }
          assertTrue(executor.isTerminated());
          assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
        });
  }

  private static String sleepLong(CountDownLatch began) throws InterruptedException {
    began.countDown();
    Thread.sleep(On.LIMIT);
    return "late";
  }

  @OnEach
  void closingTheExecutorWaitsForItsTasks(On on) throws Exception {
    Scheduler s = on.scheduler();
    var ended = new AtomicInteger();
    List<Future<Integer>> tasks = new ArrayList<>();
    try (var executor = s.executor()) {
      for (int i = 0; i < 50; i++) {
        tasks.add(
            executor.submit(
                () -> {
                  assertNotNull(Goroutine.current());
                  Thread.sleep(On.SHORT);
                  return ended.incrementAndGet();
                }));
      }
      executor.shutdown();
      assertTrue(executor.awaitTermination(On.LIMIT_SECONDS, SECONDS));
    }
    assertTrue(tasks.stream().allMatch(t -> t.state() == Future.State.SUCCESS));
    assertEquals(50, ended.get());
    s.close();
  }

  @OnEach
  void aGoroutineYieldsACompletableFuture(On on) throws Exception {
    Scheduler s = on.scheduler();
    CompletableFuture<Goroutine> first =
        s.submit(
            () -> {
              Thread.sleep(On.SHORT);
              return self();
            });
    Goroutine second = first.thenApplyAsync(g -> self()).get(On.LIMIT_SECONDS, SECONDS);
    assertEquals(s, first.get().scheduler());
    assertEquals(s, second.scheduler());
    assertFalse(first.get().equals(second));

    var boom = new java.io.IOException("boom");
    CompletableFuture<String> failed =
        s.submit(
            () -> {
              throw boom;
            });
    assertSame(boom, assertThrows(ExecutionException.class, failed::get).getCause());
    CompletableFuture<String> exited =
        s.submit(
            () -> {
              goexit();
              return "not reached";
            });
    assertThrows(CancellationException.class, exited::get);
    assertNull(s.submit(() -> null).get(On.LIMIT_SECONDS, SECONDS));
    s.close();
  }

  private static Goroutine self() {
    Goroutine g = Goroutine.current();
    if (g == null) {
      throw new AssertionError("not a goroutine");
    }
    return g;
  }
}
