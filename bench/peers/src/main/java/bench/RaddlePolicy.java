package bench;

import static bench.Bench.check;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Policy;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a policy costs: spawn, yield and ping-pong on a scheduler without one, and beside it on one
 * whose policy is first come, first served.
 */
final class RaddlePolicy {
  private static final int SPAWNS = 200_000;
  private static final int YIELDS = 100_000;
  private static final int ROUND_TRIPS = 200_000;

  private RaddlePolicy() {}

  /** As the default, but for the slot of what runs next. */
  private static final class Fifo implements Policy {
    @Override
    public Policy.Queue newQueue(int processor) {
      return new Policy.Queue() {
        private final ArrayDeque<Goroutine> queue = new ArrayDeque<>();

        @Override
        public void add(Goroutine g) {
          queue.add(g);
        }

        @Override
        public @Nullable Goroutine next() {
          return queue.poll();
        }
      };
    }
  }

  static void run(int procs) throws Exception {
    measure(procs, "", Scheduler.builder().name("default"));
    measure(procs, "_fifo", Scheduler.builder().name("fifo").policy(new Fifo()));
  }

  private static void measure(int procs, String kind, Scheduler.Builder builder) throws Exception {
    try (Scheduler s = builder.processors(procs).build()) {
      int spawns = Bench.scaled(SPAWNS);
      Bench.measure("_spawn" + kind, spawns, () -> inside(s, () -> spawn(s, spawns)));
      int yields = Bench.scaled(YIELDS);
      int all = 2 * procs * yields;
      Bench.measure("_yield" + kind, all, () -> inside(s, () -> yields(s, 2 * procs, yields)));
      int trips = Bench.scaled(ROUND_TRIPS);
      Bench.measure("_pingpong" + kind, trips, () -> inside(s, () -> toss(s, trips)));
    }
  }

  private static void inside(Scheduler s, Body body) throws Exception {
    var done = new WaitGroup();
    done.go(s, body);
    done.await();
  }

  private static void spawn(Scheduler s, int n) throws Exception {
    var count = new LongAdder();
    var done = new WaitGroup();
    done.add(n);
    for (int i = 0; i < n; i++) {
      s.go(
          () -> {
            count.increment();
            done.done();
          });
    }
    done.await();
    check(count.sum() == n);
  }

  private static void yields(Scheduler s, int goroutines, int n) throws Exception {
    var done = new WaitGroup();
    for (int g = 0; g < goroutines; g++) {
      done.go(
          s,
          () -> {
            for (int i = 0; i < n; i++) {
              Go.gosched();
            }
          });
    }
    done.await();
  }

  private static void toss(Scheduler s, int n) throws Exception {
    Chan<Integer> ping = Chan.make();
    Chan<Integer> pong = Chan.make();
    s.go(
        () -> {
          for (int v : ping) {
            pong.send(v);
          }
        });
    long sum = 0;
    for (int i = 0; i < n; i++) {
      ping.send(i);
      Integer v = pong.recv();
      sum += v == null ? 0 : v;
    }
    ping.close();
    check(sum == Bench.sum(n));
  }
}
