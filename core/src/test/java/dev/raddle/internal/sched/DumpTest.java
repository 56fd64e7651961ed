package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Body;
import dev.raddle.sync.Cond;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.RWMutex;
import dev.raddle.sync.Semaphore;
import dev.raddle.sync.WaitGroup;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dump says what each goroutine waits for, by name, and keeps nothing of it. */
@Timeout(120)
class DumpTest {
  /**
   * One goroutine that runs {@code body} is seen waiting for {@code what}, until {@code release}.
   */
  private static void waits(String reason, Supplier<?> what, Body body, Body release)
      throws Exception {
    var who = new CompletableFuture<G>();
    var end = new CompletableFuture<@Nullable String>();
    Go.go(
        () -> {
          G self = Objects.requireNonNull(Sched.currentG());
          who.complete(self);
          body.run();
          end.complete(self.waitText());
        });
    G g = who.get(60, TimeUnit.SECONDS);
    while (!isParked(g, reason)) { // ends by the time limit
      Thread.yield();
    }
    String header = g + " [" + reason + " on " + what.get() + "]:";
    assertEquals(header, dumped(g));
    release.run();
    assertNull(end.get(60, TimeUnit.SECONDS), "held after the wait");
  }

  private static boolean isParked(G g, String reason) {
    WaitReason now = g.waitReason();
    Thread t = g.thread();
    return now != null
        && now.toString().equals(reason)
        && t != null
        && t.getState() == Thread.State.WAITING;
  }

  private static @Nullable String dumped(G g) {
    return Dump.of(List.of(g.scheduler()))
        .lines()
        .filter(l -> l.startsWith(g + " ["))
        .findFirst()
        .orElse(null);
  }

  @Test
  void aChannel() throws Exception {
    Chan<Integer> full = Chan.make(1);
    full.send(1);
    waits("chan send", () -> full, () -> full.send(2), full::recv);
    Chan<Integer> empty = Chan.make(4);
    waits("chan receive", () -> empty, empty::recv, () -> empty.send(1));
  }

  @Test
  void theChannelsOfASelect() throws Exception {
    Chan<Integer> a = Chan.make();
    Chan<Integer> b = Chan.make(3);
    Chan<Integer> nil = Chan.nil();
    waits(
        "select",
        () -> a + ", " + b + ", nil chan",
        () -> Go.select(a.onRecv(v -> v), b.onRecv(v -> v), nil.onRecv(v -> v)),
        () -> b.send(1));
  }

  @Test
  void aMutexAndItsConds() throws Exception {
    var mutex = new Mutex();
    mutex.lock();
    waits("sync.Mutex.Lock", () -> "Mutex locked waiting=1", mutex::lock, mutex::unlock);
    mutex.unlock();
    var cond = new Cond(mutex);
    waits(
        "sync.Cond.Wait",
        () -> "Cond waiting=1",
        () -> {
          mutex.lock();
          cond.await();
          mutex.unlock();
        },
        cond::signal);
  }

  @Test
  void anRwMutex() throws Exception {
    var lock = new RWMutex();
    lock.lock();
    waits("sync.RWMutex.RLock", () -> lock, lock::readLock, lock::unlock);
    waits("sync.RWMutex.Lock", () -> lock, lock::lock, lock::readUnlock);
  }

  @Test
  void aWaitGroup() throws Exception {
    var group = new WaitGroup();
    group.add(1);
    waits("sync.WaitGroup.Wait", () -> "WaitGroup counter=1 waiting=1", group::await, group::done);
  }

  @Test
  void aSemaphore() throws Exception {
    var semaphore = new Semaphore(2);
    semaphore.acquire(2);
    waits(
        "semaphore.Weighted.Acquire",
        () -> "Semaphore taken=2 of 2 waiting=1",
        () -> semaphore.acquire(1),
        () -> semaphore.release(2));
  }
}
