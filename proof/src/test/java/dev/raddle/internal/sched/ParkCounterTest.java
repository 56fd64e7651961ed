package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.raddle.runtime.Scheduler;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts park/ready pairs, and says how long they took: {@code -Draddle.proof.pairs=1000000000} is
 * the long run. A pair is one wait that one ready() ended; where the ready() comes before the park,
 * the wait does not park, and that race is what the run is for. A lost wake-up stops two goroutines
 * for ever; then no pair is counted any more.
 */
class ParkCounterTest {
  private static final long PAIRS = Long.getLong("raddle.proof.pairs", 10_000_000) / 3;
  private static final long STALL_SECONDS = 60;

  @ParameterizedTest
  @Timeout(value = 2, unit = TimeUnit.HOURS) // of the long runs in docs/hacking.md
  @ValueSource(ints = {1, 2, 4})
  void noWakeUpIsLost(int processors) throws Exception {
    int players = 2 * processors; // of two goroutines each: every P has others to run meanwhile
    long turns = PAIRS / players / 2;
    var done = new CountDownLatch(players);
    var all = new Player[players];
    long start = System.nanoTime();
    String name = "parks" + processors;
    try (var sched = Scheduler.builder().name(name).processors(processors).build()) {
      for (int i = 0; i < players; i++) {
        all[i] = new Player(turns);
        all[i].start(sched, done);
      }
      for (long before = -1; !done.await(STALL_SECONDS, TimeUnit.SECONDS); ) {
        long now = sum(all);
        if (now == before) {
          fail("stuck after " + now + " pairs\n" + Dump.of(Sysmon.watched()));
        }
        before = now;
      }
    }
    long took = System.nanoTime() - start;
    assertEquals(turns * 2 * players, sum(all));
    System.out.println(
        String.format(
            Locale.ROOT,
            "park/ready: %d Ps, %,d pairs, none lost, in %.1f s (%.0f ns each)",
            processors,
            sum(all),
            took / 1e9,
            (double) took / sum(all)));
  }

  private static long sum(Player[] all) {
    long sum = 0;
    for (Player p : all) {
      sum += p.counted.get();
    }
    return sum;
  }

  /** Two goroutines that wake each other in turn. */
  private static final class Player {
    private final long turns;
    private final Side one = new Side();
    private final Side two = new Side();
    final AtomicLong counted = new AtomicLong();

    Player(long turns) {
      this.turns = turns;
    }

    void start(Scheduler sched, CountDownLatch done) {
      sched.go(
          () -> {
            Wait first = two.post();
            sched.go(
                () -> {
                  play(one, two, one.post());
                  done.countDown();
                });
            play(two, one, first);
          });
    }

    /** Wakes the other, which has posted its wait, then waits; ends without a wait of its own. */
    private void play(Side mine, Side other, Wait first) throws InterruptedException {
      boolean leads = mine == one;
      Wait wait = first;
      for (long n = 0; n < turns; n++) {
        if (leads) {
          other.take().ready();
        }
        wait.await(WaitReason.CHAN_RECEIVE);
        wait = mine.post();
        if (!leads) {
          other.take().ready();
        }
        if (leads) {
          counted.lazySet(2 * (n + 1)); // this side's waits and the other's
        }
      }
    }
  }

  private static final class Side {
    private volatile @Nullable Wait posted;

    Wait post() {
      var w = new Wait();
      posted = w;
      return w;
    }

    Wait take() {
      Wait w = posted;
      if (w == null) {
        throw new AssertionError("woken before the other side has posted its wait");
      }
      posted = null;
      return w;
    }
  }

  private static final class Wait extends Waiter {
    @Override
    protected boolean withdraw() {
      return false;
    }
  }
}
