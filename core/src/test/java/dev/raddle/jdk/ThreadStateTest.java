package dev.raddle.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What belongs to a thread: it stays with its goroutine across parks, and with no other. */
class ThreadStateTest {
  private static final ThreadLocal<Integer> LOCAL = new ThreadLocal<>();
  private static final InheritableThreadLocal<Integer> INHERITABLE = new InheritableThreadLocal<>();
  private static final ScopedValue<Integer> SCOPED = ScopedValue.newInstance();
  private static final ClassLoader LOADER = new ClassLoader() {};

  private static List<String> traces() {
    Thread t = Thread.currentThread();
    List<String> found = new ArrayList<>();
    if (LOCAL.get() != null) {
      found.add("thread-local");
    }
    if (INHERITABLE.get() != null) {
      found.add("inheritable thread-local");
    }
    if (SCOPED.isBound()) {
      found.add("scoped value");
    }
    if (t.isInterrupted()) {
      found.add("interrupt");
    }
    if (!t.getName().isEmpty()) {
      found.add("name");
    }
    if (t.getContextClassLoader() == LOADER) {
      found.add("context class loader");
    }
    if (t.getUncaughtExceptionHandler() != t.getThreadGroup()) {
      found.add("uncaught handler");
    }
    return found;
  }

  private static void leaveTraces() {
    Thread t = Thread.currentThread();
    LOCAL.set(1);
    INHERITABLE.set(1);
    ScopedValue.where(SCOPED, 1).run(() -> assertEquals(1, SCOPED.get()));
    t.setName("left behind");
    t.setContextClassLoader(LOADER);
    t.setUncaughtExceptionHandler((thread, e) -> {});
    t.interrupt();
  }

  /** From both ends: a body that returns, and one that throws with a scoped value bound. */
  @OnEach
  void nothingLeaksFromOneGoroutineToTheNext(On on) throws Exception {
    var leaks = new CopyOnWriteArrayList<String>();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    int n = 1000;
    on.run(
        () -> {
          for (int i = 0; i < n; i++) {
            boolean throwing = i % 2 == 0;
            Go.go(
                () -> {
                  leaks.addAll(traces());
                  threads.add(Thread.currentThread());
                  leaveTraces();
                  if (throwing) {
                    ScopedValue.where(SCOPED, 2)
                        .run(
                            () -> {
                              throw new IllegalStateException("expected by the test");
                            });
                  }
                });
          }
        });
    assertEquals(List.of(), leaks);
    boolean oneEach =
        on.processors() == 0 || "false".equals(System.getProperty("raddle.reuseThreads"));
    assertTrue(
        oneEach ? threads.size() == n : threads.size() < n,
        () -> n + " goroutines on " + threads.size() + " threads");
  }

  @OnEach
  void itStaysWithItsGoroutineAcrossParks(On on) throws Exception {
    on.run(
        () ->
            On.all(
                50,
                i -> {
                  Thread t = Thread.currentThread();
                  Goroutine g = Goroutine.current();
                  assertNotNull(g);
                  LOCAL.set(i);
                  t.setName("number " + i);
                  ScopedValue.where(SCOPED, i)
                      .call(
                          () -> {
                            for (int r = 0; r < 20; r++) {
                              if (r % 5 == 0) {
                                Thread.sleep(On.SHORT);
                              } else {
                                Go.gosched();
                              }
                              assertEquals(i, LOCAL.get());
                              assertEquals(i, SCOPED.get());
                              assertEquals("number " + i, Thread.currentThread().getName());
                              assertEquals(t, Thread.currentThread());
                              assertEquals(g, Goroutine.current());
                            }
                            return i;
                          });
                }));
  }

  @OnEach
  void aGoroutineInheritsNothingFromItsSpawner(On on) throws Exception {
    on.run(
        () -> {
          leaveTraces();
          assertTrue(Thread.interrupted());
          var seen =
              ScopedValue.where(SCOPED, 3)
                  .call(() -> Scheduler.current().submit(ThreadStateTest::traces));
          var expected = on.processors() == 0 ? seen.get() : List.of();
          assertEquals(expected, seen.get(On.LIMIT_SECONDS, SECONDS));
        });
  }

  @OnEach
  void aVirtualThreadStartedInsideIsNoGoroutineAndRunsBesideThem(On on) throws Exception {
    on.run(
        () -> {
          var sum = new AtomicInteger();
          INHERITABLE.set(7);
          List<Thread> threads = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            threads.add(
                Thread.startVirtualThread(
                    () -> {
                      if (Goroutine.current() == null) {
                        Thread.yield();
                        sum.addAndGet(INHERITABLE.get());
                      }
                    }));
          }
          for (Thread t : threads) {
            assertTrue(t.join(On.LIMIT));
          }
          assertEquals(50 * 7, sum.get());
          var platform = new CompletableFuture<Boolean>();
          Thread.ofPlatform().start(() -> platform.complete(Goroutine.current() == null));
          assertTrue(platform.get(On.LIMIT_SECONDS, SECONDS));
        });
  }
}
