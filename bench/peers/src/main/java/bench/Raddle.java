package bench;

import static bench.Bench.check;
import static dev.raddle.Go.go;
import static dev.raddle.Go.gomaxprocs;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.sleep;

import dev.raddle.Chan;
import dev.raddle.job.Job;
import dev.raddle.job.Jobs;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** The workloads in Raddle. {@code dev.raddle.cli.Exec} runs it, so that main is a goroutine. */
public final class Raddle {
  private Raddle() {}

  private static void spawn(int n) throws Exception {
    Bench.measure(
        n,
        () -> {
          var count = new LongAdder();
          var wg = new WaitGroup();
          wg.add(n);
          for (int i = 0; i < n; i++) {
            go(
                () -> {
                  count.increment();
                  wg.done();
                });
          }
          wg.await();
          check(count.sum() == n);
        });
  }

  private static void skynet(Chan<Long> to, long number, int size) throws Exception {
    if (size == 1) {
      to.send(number);
      return;
    }
    Chan<Long> from = Chan.make();
    for (int i = 0; i < 10; i++) {
      long first = number + i * (size / 10L);
      go(() -> skynet(from, first, size / 10));
    }
    long sum = 0;
    for (int i = 0; i < 10; i++) {
      sum += from.recv();
    }
    to.send(sum);
  }

  private static void skynet(int leaves) throws Exception {
    Bench.measure(
        leaves,
        () -> {
          Chan<Long> top = Chan.make();
          go(() -> skynet(top, 0, leaves));
          check(top.recv() == Bench.sum(leaves));
        });
  }

  private static int fib(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    Job<Integer> left = Jobs.fork(() -> fib(n - 1));
    int right = fib(n - 2);
    return left.join() + right;
  }

  private static void forkjoin(int times) throws Exception {
    Bench.measure(
        (long) times * Bench.FIB_FORKS,
        () -> {
          for (int i = 0; i < times; i++) {
            check(fib(20) == Bench.FIB_20);
          }
        });
  }

  private static void yields(int goroutines, int n) throws Exception {
    Bench.measure(
        (long) goroutines * n,
        () -> {
          var count = new LongAdder();
          var wg = new WaitGroup();
          wg.add(goroutines);
          for (int g = 0; g < goroutines; g++) {
            go(
                () -> {
                  for (int i = 0; i < n; i++) {
                    gosched();
                  }
                  count.add(n);
                  wg.done();
                });
          }
          wg.await();
          check(count.sum() == (long) goroutines * n);
        });
  }

  private static void mutex(int n) throws Exception {
    Bench.measure(
        64L * n,
        () -> {
          var mutex = new Mutex();
          var wg = new WaitGroup();
          long[] count = new long[1];
          wg.add(64);
          for (int g = 0; g < 64; g++) {
            go(
                () -> {
                  for (int i = 0; i < n; i++) {
                    mutex.lock();
                    try {
                      count[0]++;
                    } finally {
                      mutex.unlock();
                    }
                  }
                  wg.done();
                });
          }
          wg.await();
          check(count[0] == 64L * n);
        });
  }

  private static void sleepers(int n) throws Exception {
    Bench.measureSleepers(
        n,
        () -> {
          var count = new LongAdder();
          var wg = new WaitGroup();
          wg.add(n);
          for (int i = 0; i < n; i++) {
            Duration time = Duration.ofNanos(Bench.sleepNanos(i));
            go(
                () -> {
                  sleep(time);
                  count.increment();
                  wg.done();
                });
          }
          wg.await();
          check(count.sum() == n);
        });
  }

  private static void park(int n, Bench.Round parked) throws Exception {
    Chan<Integer> gate = Chan.make();
    var ready = new WaitGroup();
    var done = new WaitGroup();
    ready.add(n);
    done.add(n);
    for (int i = 0; i < n; i++) {
      go(
          () -> {
            ready.done();
            check(gate.recv() == null);
            done.done();
          });
    }
    ready.await();
    parked.run();
    gate.close();
    done.await();
  }

  private static void parked(int n) throws Exception {
    Bench.warmUp(() -> park(20_000, () -> {}));
    var memory = new Bench.Memory();
    park(n, () -> memory.print(n));
  }

  private static Bench.Ticker ticker(int hogs, int ticks) throws Exception {
    var ticker = new Bench.Ticker(ticks);
    var wg = new WaitGroup();
    wg.go(
        () -> {
          do {
            sleep(Duration.ofNanos(ticker.delay()));
          } while (ticker.tick());
        });
    for (int i = 0; i < hogs; i++) {
      go(ticker::hog);
    }
    wg.await();
    return ticker;
  }

  /** A ticker beside a million that are parked and some that allocate. */
  private static void gcpause(int n) throws Exception {
    Bench.warmUp(() -> park(20_000, () -> {}));
    var pauses = new Pauses();
    park(
        n,
        () -> {
          for (int i = 0; i < Pauses.ALLOCATORS; i++) {
            go(pauses::allocate);
          }
          ticker(0, Bench.WARMUP_TICKS);
          pauses.measure(() -> ticker(0, Pauses.TICKS).print());
        });
  }

  private static void wakeup() throws Exception {
    var wakeUp = new Bench.WakeUp();
    Chan<Long> posts = Chan.make(1);
    wakeUp.start(posts::send);
    for (int i = 0; i < wakeUp.count(); i++) {
      wakeUp.woken(i, posts.recv());
    }
    wakeUp.print();
  }

  private static void startstop(int procs, int n) throws Exception {
    Bench.measure(
        n,
        () -> {
          for (int i = 0; i < n; i++) {
            var wg = new WaitGroup();
            wg.add(1);
            try (var own = Scheduler.builder().processors(procs).build()) {
              own.go(wg::done);
              wg.await();
            }
          }
        });
  }

  /** {@code WORKLOAD PROCS}. */
  public static void main(String[] args) throws Exception {
    Bench.start();
    int procs = Integer.parseInt(args[1]);
    if (!"jdk".equals(System.getProperty("raddle.scheduler"))) {
      gomaxprocs(procs); // the JDK's has a property of its own
    }
    switch (args[0]) {
      case "spawn" -> spawn(Bench.scaled(1_000_000));
      case "skynet" -> skynet(Bench.leaves());
      case "forkjoin" -> forkjoin(Bench.scaled(100));
      case "yield" -> yields(2 * procs, Bench.scaled(500_000));
      case "mutex" -> mutex(Bench.scaled(20_000));
      case "sleepers" -> sleepers(Bench.scaled(1_000_000));
      case "parked", "parkedmax" -> parked(Bench.parked(args[0]));
      case "ticker" -> {
        ticker(4 * procs, Bench.WARMUP_TICKS);
        ticker(4 * procs, Bench.TICKS).print();
      }
      case "gcpause" -> gcpause(Bench.scaled(1_000_000));
      case "wakeup" -> wakeup();
      case "timers" -> RaddleChannels.timers(Bench.scaled(100));
      case "timers1m" -> RaddleChannels.millionTimers();
      case "startstop" -> startstop(procs, Bench.scaled(1000));
      default -> {
        if (!new RaddleChannels().run(args[0])
            && !new RaddleJobs().run(args[0])
            && !RaddleControls.run(args[0], procs)
            && !GoBench.run(args[0], procs)) {
          Bench.notApplicable();
        }
      }
    }
  }
}
