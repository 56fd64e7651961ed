package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.internal.jdk.Cpus;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where those that run do so. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's Ps")
class PlacesTest {
  private static final long LIMIT_NANOS = 30_000_000_000L;

  private static SchedConfig config(int processors, int[]... places) {
    return new SchedConfig(
        "places",
        processors,
        places,
        SchedConfig.QUEUE_CAPACITY,
        0,
        true,
        new SchedConfig.Bounds(100, 0, 0, false),
        null,
        null);
  }

  private interface Body<T> {
    @Nullable T run() throws Exception;
  }

  private static <T> CompletableFuture<T> run(ProcSched sched, Body<T> body) {
    var result = new CompletableFuture<T>();
    sched.spawn(
        new G() {
          @Override
          protected void body() {
            try {
              result.complete(body.run());
            } catch (Throwable t) {
              result.completeExceptionally(t);
            }
          }
        });
    return result;
  }

  private static final class Job extends G {
    @Override
    protected void body() {}

    @Override
    protected boolean counts() {
      return false;
    }
  }

  private static void spinUntil(AtomicInteger there, int all) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (there.get() < all) {
      assertTrue(System.nanoTime() < end, "the other never ran");
      Thread.onSpinWait();
    }
  }

  /**
   * Two that run at the same time tell their CPUs; null if one of them was handed off just then.
   */
  private static @Nullable Set<Integer> whereTwoRun(ProcSched sched) throws Exception {
    var there = new AtomicInteger();
    var told = new AtomicInteger();
    Body<Integer> body =
        () -> {
          there.incrementAndGet();
          spinUntil(there, 2);
          int cpu = Cpus.current();
          P p = sched.heldP();
          boolean runs = p != null && p.isRunning();
          told.incrementAndGet();
          spinUntil(told, 2);
          return runs ? cpu : -1;
        };
    var first = run(sched, body);
    var second = run(sched, body);
    int a = first.get(60, TimeUnit.SECONDS);
    int b = second.get(60, TimeUnit.SECONDS);
    return a < 0 || b < 0 ? null : Set.copyOf(List.of(a, b).stream().distinct().toList());
  }

  private static void assertBothInUse(ProcSched sched, int[] cpus, String when) throws Exception {
    Set<Integer> seen = null;
    for (int i = 0; i < 50 && seen == null; i++) {
      seen = whereTwoRun(sched);
    }
    assertNotNull(seen, "never two at the same time");
    assertEquals(Set.of(cpus[0], cpus[1]), seen, when);
  }

  @Test
  void handOffsLeaveNoPlaceEmpty() throws Exception {
    int[] cpus = Cpus.allowed();
    assumeTrue(cpus.length > 1, "two CPUs");
    var sched = ProcSched.isolated(config(2, new int[] {cpus[0]}, new int[] {cpus[1]}));
    assertBothInUse(sched, cpus, "at first");
    for (int round = 0; round < 6; round++) {
      int at = cpus[round % 2];
      Boolean handedOff = null;
      for (int i = 0; i < 100 && !Boolean.TRUE.equals(handedOff); i++) {
        handedOff =
            run(
                    sched,
                    () -> {
                      P p = Objects.requireNonNull(sched.heldP());
                      if (Cpus.current() != at || !p.isRunning()) {
                        Thread.sleep(1);
                        return false;
                      }
                      sched.procs.handOff(p); // as if it hogged
                      return !p.isRunning();
                    })
                .get(60, TimeUnit.SECONDS);
      }
      assertBothInUse(sched, cpus, "after " + round + " hand-offs");
    }
    sched.close();
  }

  /** Whoever blocks and comes back goes on in the place of the right that it gets. */
  @Test
  void whoRegainsARightGoesToItsPlace() throws Exception {
    int[] cpus = Cpus.allowed();
    assumeTrue(cpus.length > 1, "two CPUs");
    var sched = ProcSched.isolated(config(2, new int[] {cpus[0]}, new int[] {cpus[1]}));
    var moved = new AtomicInteger();
    for (int round = 0; round < 20; round++) {
      run(
              sched,
              () -> {
                P p = Objects.requireNonNull(sched.heldP());
                int[] before = p.place();
                sched.procs.handOff(p);
                long end = System.nanoTime() + LIMIT_NANOS;
                while (sched.procs.idle.size() < 2 && System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
                P same = idleAt(sched, before);
                sched.spawnForked(new Job()); // takes the right of one that is idle
                if (same != null) {
                  sched.procs.idle.push(same);
                }
                int[] place = Objects.requireNonNull(Objects.requireNonNull(sched.heldP()).place());
                moved.addAndGet(place == before ? 0 : 1);
                assertEquals(place[0], Cpus.current());
                return null;
              })
          .get(60, TimeUnit.SECONDS);
    }
    sched.close();
    assertTrue(moved.get() > 0, "always the place that it had");
  }

  /** Takes the idle P of that place out, so that the other one is found. */
  private static @Nullable P idleAt(ProcSched sched, int @Nullable [] place) {
    P top = sched.procs.idle.pop();
    if (top == null || top.place() == place) {
      return top;
    }
    sched.procs.idle.push(top);
    return null;
  }

  /** Whatever slots have come and gone, the first places are in use, each as often as the next. */
  @Test
  void resizesLeaveNoPlaceEmpty() throws Exception {
    int[][] places = {Cpus.allowed(), Cpus.allowed(), Cpus.allowed()};
    var sched = ProcSched.isolated(config(1, places));
    var random = new Random(11);
    for (int round = 0; round < 200; round++) {
      int n = 1 + random.nextInt(7);
      sched.gomaxprocs(n);
      List<int[]> used = placesOfIdle(sched, n);
      for (int i = 0; i < places.length; i++) {
        int[] place = places[i];
        long times = used.stream().filter(p -> p == place).count();
        assertEquals((n - i + places.length - 1) / places.length, times, "place " + i + " of " + n);
      }
    }
    sched.close();
  }

  /** Once so many are idle; ends by the time limit of the class. */
  private static List<int[]> placesOfIdle(ProcSched sched, int n) {
    for (; ; Thread.onSpinWait()) {
      List<int[]> used =
          Arrays.stream(sched.procs.all())
              .filter(p -> p.status() == P.IDLE)
              .map(p -> Objects.requireNonNull(p.place()))
              .toList();
      if (used.size() == n) {
        return used;
      }
    }
  }

  /** To the system a CPU that is offline is as one that there is not. */
  @Test
  void aPlaceThatTheSystemRefusesIsToldOnceAndNobodyStops() throws Exception {
    var told = new CompletableFuture<String>();
    var times = new AtomicInteger();
    Logger logger = Logger.getLogger("dev.raddle");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (record.getMessage().contains("refused the CPUs")) {
              times.incrementAndGet();
              told.complete(Arrays.toString(record.getParameters()));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      int[] cpus = Cpus.allowed();
      var sched = ProcSched.isolated(config(2, new int[] {1023}, new int[] {cpus[0]}));
      for (int i = 0; i < 100; i++) {
        run(
                sched,
                () -> {
                  Thread.sleep(1);
                  return null;
                })
            .get(60, TimeUnit.SECONDS);
      }
      assertTrue(told.get(60, TimeUnit.SECONDS).contains("[1023]"));
      sched.close();
      assertEquals(1, times.get());
    } finally {
      logger.removeHandler(handler);
    }
  }
}
