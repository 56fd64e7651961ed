package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A goroutine stays on its scheduler, whoever wakes it. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "several schedulers")
class HomeTest {
  private static void assertAt(Scheduler home, String after) {
    assertEquals(home, Scheduler.current(), after);
    assertTrue(
        Thread.currentThread().isVirtual()
            && home.equals(Objects.requireNonNull(Goroutine.current()).scheduler()),
        after);
  }

  @Test
  void whoIsWokenFromAnotherSchedulerWakesAtHome() throws Exception {
    var home = Scheduler.builder().name("home").processors(1).build();
    var away = Scheduler.builder().name("away").processors(1).build();
    Chan<Integer> values = Chan.make();
    Chan<Integer> back = Chan.make();
    var mutex = new Mutex();
    var group = new WaitGroup();
    var jdk = new SynchronousQueue<Integer>();
    var ended = new LinkedBlockingQueue<String>();
    int rounds = 100;
    var stays =
        home.submit(
            () -> {
              for (int i = 0; i < rounds; i++) {
                values.recv();
                assertAt(home, "receive");
                back.send(i);
                assertAt(home, "send");
                Go.select(values.onRecv(v -> v), back.onRecv(v -> v));
                assertAt(home, "select");
                mutex.lock();
                assertAt(home, "lock");
                mutex.unlock();
                group.await();
                assertAt(home, "group");
                jdk.take();
                assertAt(home, "the JDK's queue");
                Go.sleep(Duration.ofNanos(1));
                assertAt(home, "timer");
              }
              ended.add("home");
              return null;
            });
    var wakes =
        away.submit(
            () -> {
              for (int i = 0; i < rounds; i++) {
                group.add(1);
                mutex.lock();
                values.send(i);
                back.recv();
                values.send(i);
                mutex.unlock();
                Go.gosched();
                group.done();
                jdk.put(i);
                assertAt(away, "everything");
              }
              ended.add("away");
              return null;
            });
    stays.get(50, TimeUnit.SECONDS);
    wakes.get(50, TimeUnit.SECONDS);
    home.close();
    away.close();
    List<String> both = new ArrayList<>(ended);
    both.sort(null);
    assertEquals(List.of("away", "home"), both);
  }
}
