package bench;

import static bench.Bench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.atomic.LongAdder;

/** The workloads that a ForkJoinPool can do: tasks that never block. */
public final class ForkJoin {
  private ForkJoin() {}

  private static final class Spawn extends RecursiveAction {
    private static final long serialVersionUID = 1;
    private final int n;
    private final LongAdder count;

    Spawn(int n, LongAdder count) {
      this.n = n;
      this.count = count;
    }

    @Override
    protected void compute() {
      ForkJoinTask<?>[] children = new ForkJoinTask<?>[n];
      for (int i = 0; i < n; i++) {
        children[i] = ForkJoinTask.adapt(count::increment).fork();
      }
      for (int i = n - 1; i >= 0; i--) {
        children[i].join();
      }
    }
  }

  private static final class Skynet extends RecursiveTask<Long> {
    private static final long serialVersionUID = 1;
    private final long number;
    private final int size;

    Skynet(long number, int size) {
      this.number = number;
      this.size = size;
    }

    @Override
    protected Long compute() {
      if (size == 1) {
        return number;
      }
      List<Skynet> children = new ArrayList<>(10);
      for (int i = 0; i < 10; i++) {
        children.add(new Skynet(number + i * (size / 10L), size / 10));
      }
      long sum = 0;
      for (Skynet child : invokeAll(children)) {
        sum += child.join();
      }
      return sum;
    }
  }

  static final class Fib extends RecursiveTask<Integer> {
    private static final long serialVersionUID = 1;
    private final int n;

    Fib(int n) {
      this.n = n;
    }

    @Override
    protected Integer compute() {
      if (n < 2) {
        return n;
      }
      var left = new Fib(n - 1);
      left.fork();
      int right = new Fib(n - 2).compute();
      return left.join() + right;
    }
  }

  private static void spawn(ForkJoinPool pool, int n) throws Exception {
    Bench.measure(
        n,
        () -> {
          var count = new LongAdder();
          pool.invoke(new Spawn(n, count));
          check(count.sum() == n);
        });
  }

  private static void forkjoin(ForkJoinPool pool, int times) throws Exception {
    Bench.measure(
        (long) times * Bench.FIB_FORKS,
        () -> {
          for (int i = 0; i < times; i++) {
            check(pool.invoke(new Fib(20)) == Bench.FIB_20);
          }
        });
  }

  private static void startstop(int procs, int n) throws Exception {
    Bench.measure(
        n,
        () -> {
          for (int i = 0; i < n; i++) {
            try (var own = new ForkJoinPool(procs)) {
              own.submit(() -> {}).join();
            }
          }
        });
  }

  /** {@code WORKLOAD PROCS}. */
  public static void main(String[] args) throws Exception {
    Bench.start();
    int procs = Integer.parseInt(args[1]);
    try (var pool = new ForkJoinPool(procs)) {
      switch (args[0]) {
        case "spawn" -> spawn(pool, Bench.scaled(1_000_000));
        case "skynet" -> {
          int leaves = Bench.leaves();
          Bench.measure(
              leaves, () -> check(pool.invoke(new Skynet(0, leaves)) == Bench.sum(leaves)));
        }
        case "forkjoin" -> forkjoin(pool, Bench.scaled(100));
        case "startstop" -> startstop(procs, Bench.scaled(1000));
        default -> {
          if (!new ForkJoinJobs(pool).run(args[0])) {
            Bench.notApplicable();
          }
        }
      }
    }
  }
}
