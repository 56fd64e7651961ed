package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.Goroutine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits says for what, and what is waited for knows how many do. */
@Timeout(120)
class WaitReasonTest {
  private record Waiting(Goroutine who, CompletableFuture<String> end) {}

  private static Waiting start(Body body) throws Exception {
    var who = new CompletableFuture<Goroutine>();
    var end = new CompletableFuture<String>();
    Go.go(
        () -> {
          who.complete(Objects.requireNonNull(Goroutine.current()));
          try {
            body.run();
            end.complete("done");
          } catch (Throwable t) {
            end.complete(t.toString());
          }
        });
    return new Waiting(who.get(60, TimeUnit.SECONDS), end);
  }

  /** Two wait, each says why; {@code release} ends both. */
  private static void two(String reason, Body waits, Supplier<String> counts, Body release)
      throws Exception {
    List<Waiting> all = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Waiting w = start(waits);
      all.add(w);
      while (!reason.equals(w.who().waitReason())) { // ends by the time limit
        assertTrue(!w.end().isDone(), () -> "did not wait: " + w.end().join());
        Thread.yield();
      }
    }
    assertTrue(counts.get().contains("waiting=2"), () -> counts.get());
    release.run();
    for (Waiting w : all) {
      assertEquals("done", w.end().get(60, TimeUnit.SECONDS));
    }
    assertTrue(!counts.get().contains("waiting=2"), () -> counts.get());
  }

  @Test
  void aMutex() throws Exception {
    var mutex = new Mutex();
    mutex.lock();
    two("sync.Mutex.Lock", () -> pass(mutex), mutex::toString, mutex::unlock);
  }

  private static void pass(Locker l) {
    l.lock();
    l.unlock();
  }

  @Test
  void readersAndWriters() throws Exception {
    var lock = new RWMutex();
    lock.lock();
    two("sync.RWMutex.RLock", () -> pass(lock.readLocker()), lock::toString, lock::unlock);
    lock.lock();
    two("sync.RWMutex.Lock", () -> pass(lock), lock::toString, lock::unlock);
  }

  @Test
  void aWaitGroup() throws Exception {
    var group = new WaitGroup();
    group.add(1);
    two("sync.WaitGroup.Wait", group::await, group::toString, group::done);
  }

  @Test
  void aCond() throws Exception {
    var mutex = new Mutex();
    var cond = new Cond(mutex);
    two(
        "sync.Cond.Wait",
        () -> {
          mutex.lock();
          cond.await();
          mutex.unlock();
        },
        cond::toString,
        cond::broadcast);
  }

  @Test
  void aOnce() throws Exception {
    var once = new Once();
    var end = new WaitGroup();
    end.add(1);
    Waiting first = start(() -> once.run(() -> uninterrupted(end)));
    while (!"sync.WaitGroup.Wait".equals(first.who().waitReason())) {
      Thread.yield();
    }
    two("sync.Once.Do", () -> once.run(() -> {}), once::toString, end::done);
    assertEquals("Once done waiting=0", once.toString());
  }

  private static void uninterrupted(WaitGroup end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSemaphoreWithAndWithoutAContext() throws Exception {
    var semaphore = new Semaphore(2);
    semaphore.acquire(2);
    two(
        "semaphore.Weighted.Acquire",
        () -> semaphore.acquire(1),
        semaphore::toString,
        () -> semaphore.release(2));
    try (var ctx = Context.background().withCancel()) {
      two(
          "semaphore.Weighted.Acquire",
          () -> semaphore.acquire(ctx, 1),
          semaphore::toString,
          () -> semaphore.release(2));
    }
  }

  @Test
  void aSingleFlight() throws Exception {
    var flight = new SingleFlight<String, Integer>();
    var end = new WaitGroup();
    end.add(1);
    Waiting first =
        start(
            () ->
                flight.call(
                    "k",
                    () -> {
                      end.await();
                      return 1;
                    }));
    while (!"sync.WaitGroup.Wait".equals(first.who().waitReason())) {
      Thread.yield();
    }
    two("singleflight.Group.Do", () -> flight.call("k", () -> 2), flight::toString, end::done);
    assertEquals("done", first.end().get(60, TimeUnit.SECONDS));
  }

  @Test
  void anErrGroup() throws Exception {
    var group = new ErrGroup();
    var end = new WaitGroup();
    end.add(1);
    group.setLimit(1);
    group.go(() -> end.await());
    two("errgroup.Group.Go", () -> group.go(() -> {}), group::toString, end::done);
    group.await();
  }
}
