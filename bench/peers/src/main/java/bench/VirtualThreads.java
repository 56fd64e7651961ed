package bench;

import static bench.Bench.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The workloads in plain virtual threads on the JDK's scheduler, whose parallelism the driver sets.
 * An unbuffered channel becomes a SynchronousQueue, a result a FutureTask, a WaitGroup a
 * CountDownLatch.
 */
public final class VirtualThreads {
  private VirtualThreads() {}

  static void start(ChannelBench.Body body) {
    Thread.startVirtualThread(
        () -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void spawn(int n) throws Exception {
    Bench.measure(
        n,
        () -> {
          var count = new LongAdder();
          var done = new CountDownLatch(n);
          for (int i = 0; i < n; i++) {
            Thread.startVirtualThread(
                () -> {
                  count.increment();
                  done.countDown();
                });
          }
          done.await();
          check(count.sum() == n);
        });
  }

  private static long skynet(long number, int size) throws Exception {
    if (size == 1) {
      return number;
    }
    List<FutureTask<Long>> children = new ArrayList<>(10);
    for (int i = 0; i < 10; i++) {
      long first = number + i * (size / 10L);
      var child = new FutureTask<>(() -> skynet(first, size / 10));
      Thread.startVirtualThread(child);
      children.add(child);
    }
    long sum = 0;
    for (var child : children) {
      sum += child.get();
    }
    return sum;
  }

  private static int fib(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    var left = new FutureTask<>(() -> fib(n - 1));
    Thread.startVirtualThread(left);
    int right = fib(n - 2);
    return left.get() + right;
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

  private static void yields(int threads, int n) throws Exception {
    Bench.measure(
        (long) threads * n,
        () -> {
          var count = new LongAdder();
          var done = new CountDownLatch(threads);
          for (int g = 0; g < threads; g++) {
            start(
                () -> {
                  for (int i = 0; i < n; i++) {
                    Thread.yield();
                  }
                  count.add(n);
                  done.countDown();
                });
          }
          done.await();
          check(count.sum() == (long) threads * n);
        });
  }

  private static void mutex(int n) throws Exception {
    Bench.measure(
        64L * n,
        () -> {
          var mutex = new ReentrantLock();
          var done = new CountDownLatch(64);
          long[] count = new long[1];
          for (int g = 0; g < 64; g++) {
            start(
                () -> {
                  for (int i = 0; i < n; i++) {
                    mutex.lock();
                    try {
                      count[0]++;
                    } finally {
                      mutex.unlock();
                    }
                  }
                  done.countDown();
                });
          }
          done.await();
          check(count[0] == 64L * n);
        });
  }

  private static void sleepers(int n) throws Exception {
    Bench.measureSleepers(
        n,
        () -> {
          var count = new LongAdder();
          var done = new CountDownLatch(n);
          for (int i = 0; i < n; i++) {
            Duration time = Duration.ofNanos(Bench.sleepNanos(i));
            start(
                () -> {
                  Thread.sleep(time);
                  count.increment();
                  done.countDown();
                });
          }
          done.await();
          check(count.sum() == n);
        });
  }

  private static void park(int n, Bench.Round parked) throws Exception {
    var gate = new CountDownLatch(1);
    var ready = new CountDownLatch(n);
    var done = new CountDownLatch(n);
    for (int i = 0; i < n; i++) {
      start(
          () -> {
            ready.countDown();
            gate.await();
            done.countDown();
          });
    }
    ready.await();
    parked.run();
    gate.countDown();
    done.await();
  }

  private static void parked(int n) throws Exception {
    Bench.warmUp(() -> park(20_000, () -> {}));
    var memory = new Bench.Memory();
    park(n, () -> memory.print(n));
  }

  private static Bench.Ticker ticker(int hogs, int ticks) throws Exception {
    var ticker = new Bench.Ticker(ticks);
    var done = new CountDownLatch(1);
    start(
        () -> {
          do {
            Thread.sleep(Duration.ofNanos(ticker.delay()));
          } while (ticker.tick());
          done.countDown();
        });
    for (int i = 0; i < hogs; i++) {
      start(ticker::hog);
    }
    done.await();
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
            start(pauses::allocate);
          }
          ticker(0, Bench.WARMUP_TICKS);
          pauses.measure(() -> ticker(0, Pauses.TICKS).print());
        });
  }

  private static void wakeup() throws Exception {
    var wakeUp = new Bench.WakeUp();
    var posts = new ArrayBlockingQueue<Long>(1);
    wakeUp.start(posts::put);
    for (int i = 0; i < wakeUp.count(); i++) {
      wakeUp.woken(i, posts.take());
    }
    wakeUp.print();
  }

  private static void run(String workload, int procs) throws Exception {
    switch (workload) {
      case "spawn" -> spawn(Bench.scaled(1_000_000));
      case "skynet" -> {
        int leaves = Bench.leaves();
        Bench.measure(leaves, () -> check(skynet(0, leaves) == Bench.sum(leaves)));
      }
      case "forkjoin" -> forkjoin(Bench.scaled(10)); // some 30 times slower than the others
      case "yield" -> yields(2 * procs, Bench.scaled(500_000));
      case "mutex" -> mutex(Bench.scaled(20_000));
      case "sleepers" -> sleepers(Bench.scaled(1_000_000));
      case "parked", "parkedmax" -> parked(Bench.parked(workload));
      case "ticker" -> {
        ticker(4 * procs, Bench.WARMUP_TICKS);
        ticker(4 * procs, Bench.TICKS).print();
      }
      case "gcpause" -> gcpause(Bench.scaled(1_000_000));
      case "wakeup" -> wakeup();
      case "priority" ->
          new Bench.Load(procs, b -> start(b::run), Thread::yield).measure(b -> start(b::run));
      case "timers" -> timers(Bench.scaled(100));
      case "timers1m" -> millionTimers();
      default -> {
        if (!new Queues(false).run(workload) && !new VirtualThreadJobs().run(workload)) {
          Bench.notApplicable();
        }
      }
    }
  }

  private static void millionTimers() throws Exception {
    try (var pool = new ScheduledThreadPoolExecutor(1)) {
      pool.setRemoveOnCancelPolicy(true);
      Future<?>[] timers = new Future<?>[Bench.timers()];
      Bench.timers(
          new Bench.Timers() {
            @Override
            public void set(int i, long nanos, Runnable fires) {
              timers[i] = pool.schedule(fires, nanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public boolean stop(int i) {
              return timers[i].cancel(false);
            }
          });
    }
  }

  /** A thousand timers, set and stopped. */
  private static void timers(int times) throws Exception {
    try (var timer = new ScheduledThreadPoolExecutor(1)) {
      timer.setRemoveOnCancelPolicy(true);
      Bench.measure(
          1000L * times,
          () -> {
            for (int t = 0; t < times; t++) {
              List<Future<?>> timers = new ArrayList<>(1000);
              for (int i = 0; i < 1000; i++) {
                timers.add(timer.schedule(() -> check(false), 1, TimeUnit.HOURS));
              }
              for (Future<?> f : timers) {
                check(f.cancel(false));
              }
            }
          });
    }
  }

  /** Runs it in a virtual thread and waits, as main is a goroutine in Go. */
  static void asVirtualThread(ChannelBench.Body body) throws Exception {
    var main =
        new FutureTask<>(
            () -> {
              body.run();
              return true;
            });
    Thread.startVirtualThread(main);
    main.get();
  }

  /** {@code WORKLOAD PROCS}. */
  public static void main(String[] args) throws Exception {
    Bench.start();
    asVirtualThread(() -> run(args[0], Integer.parseInt(args[1])));
  }
}
