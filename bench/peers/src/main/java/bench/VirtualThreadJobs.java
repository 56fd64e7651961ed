package bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/**
 * The workloads of job systems in virtual threads, one for each fork or 1 of 64 pieces of a loop.
 */
final class VirtualThreadJobs extends JobBench {
  private static final int PIECES = 64;

  @Override
  boolean isSlow() {
    return true;
  }

  private static <T> FutureTask<T> fork(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.startVirtualThread(task);
    return task;
  }

  @Override
  int fib(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    var left = fork(() -> fib(n - 1));
    int right = fib(n - 2);
    return left.get() + right;
  }

  @Override
  int queens(int left, int columns, int down, int up, int all) throws Exception {
    if (left == 0) {
      return 1;
    }
    List<FutureTask<Integer>> jobs = new ArrayList<>();
    for (int free = all & ~(columns | down | up); free != 0; free &= free - 1) {
      int bit = free & -free;
      jobs.add(
          fork(() -> queens(left - 1, columns | bit, (down | bit) << 1, (up | bit) >> 1, all)));
    }
    int sum = 0;
    for (var job : jobs) {
      sum += job.get();
    }
    return sum;
  }

  @Override
  double integrate(double x1, double y1, double x2, double y2, double area) throws Exception {
    double half = (x2 - x1) / 2;
    double x0 = x1 + half;
    double y0 = f(x0);
    double left = (y1 + y0) / 2 * half;
    double right = (y0 + y2) / 2 * half;
    if (Math.abs(left + right - area) <= EPSILON) {
      return left + right;
    }
    var upper = fork(() -> integrate(x0, y0, x2, y2, right));
    return integrate(x1, y1, x0, y0, left) + upper.get();
  }

  @Override
  long uts(Uts.Node node) throws Exception {
    List<FutureTask<Long>> jobs = new ArrayList<>();
    for (int i = 0; i < node.children(); i++) {
      int number = i;
      jobs.add(fork(() -> uts(node.child(number))));
    }
    long sum = 1;
    for (var job : jobs) {
      sum += job.get();
    }
    return sum;
  }

  @Override
  void quicksort(int[] a, int from, int to) throws Exception {
    if (to - from <= LEAF) {
      Arrays.sort(a, from, to);
      return;
    }
    int middle = partition(a, from, to);
    var lower =
        fork(
            () -> {
              quicksort(a, from, middle);
              return true;
            });
    quicksort(a, middle, to);
    lower.get();
  }

  @Override
  void sort(int[] a) throws Exception {
    quicksort(a, 0, a.length);
  }

  @Override
  void loop(int n, Each body) throws Exception {
    var done = new CountDownLatch(PIECES);
    for (int piece = 0; piece < PIECES; piece++) {
      int from = (int) ((long) n * piece / PIECES);
      int to = (int) ((long) n * (piece + 1) / PIECES);
      Thread.startVirtualThread(
          () -> {
            for (int i = from; i < to; i++) {
              body.at(i);
            }
            done.countDown();
          });
    }
    done.await();
  }

  @Override
  Bench.Round graph(Dag dag) {
    return () -> {
      var done = new CountDownLatch(dag.size());
      var counters = dag.counters();
      counters.startFirst(i -> start(dag, counters, done, i));
      done.await();
    };
  }

  private static void start(Dag dag, Dag.Counters counters, CountDownLatch done, int job) {
    Thread.startVirtualThread(
        () -> {
          dag.run(job);
          counters.ended(job, next -> start(dag, counters, done, next));
          done.countDown();
        });
  }
}
