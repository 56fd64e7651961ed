package bench;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.stream.IntStream;

/** The workloads of job systems in a ForkJoinPool; loops are parallel streams. */
final class ForkJoinJobs extends JobBench {
  private final ForkJoinPool pool;

  ForkJoinJobs(ForkJoinPool pool) {
    this.pool = pool;
  }

  @Override
  int fib(int n) {
    return pool.invoke(new ForkJoin.Fib(n));
  }

  private static final class Queens extends RecursiveTask<Integer> {
    private static final long serialVersionUID = 1;
    private final int left;
    private final int columns;
    private final int down;
    private final int up;
    private final int all;

    Queens(int left, int columns, int down, int up, int all) {
      this.left = left;
      this.columns = columns;
      this.down = down;
      this.up = up;
      this.all = all;
    }

    @Override
    protected Integer compute() {
      if (left == 0) {
        return 1;
      }
      int free = all & ~(columns | down | up);
      Queens[] jobs = new Queens[Integer.bitCount(free)];
      for (int i = 0; i < jobs.length; i++, free &= free - 1) {
        int bit = free & -free;
        jobs[i] = new Queens(left - 1, columns | bit, (down | bit) << 1, (up | bit) >> 1, all);
        jobs[i].fork();
      }
      int sum = 0;
      for (int i = jobs.length - 1; i >= 0; i--) {
        sum += jobs[i].join();
      }
      return sum;
    }
  }

  @Override
  int queens(int left, int columns, int down, int up, int all) {
    return pool.invoke(new Queens(left, columns, down, up, all));
  }

  private static final class Integral extends RecursiveTask<Double> {
    private static final long serialVersionUID = 1;
    private final double x1;
    private final double y1;
    private final double x2;
    private final double y2;
    private final double area;

    Integral(double x1, double y1, double x2, double y2, double area) {
      this.x1 = x1;
      this.y1 = y1;
      this.x2 = x2;
      this.y2 = y2;
      this.area = area;
    }

    @Override
    protected Double compute() {
      double half = (x2 - x1) / 2;
      double x0 = x1 + half;
      double y0 = f(x0);
      double left = (y1 + y0) / 2 * half;
      double right = (y0 + y2) / 2 * half;
      if (Math.abs(left + right - area) <= EPSILON) {
        return left + right;
      }
      var upper = new Integral(x0, y0, x2, y2, right);
      upper.fork();
      return new Integral(x1, y1, x0, y0, left).compute() + upper.join();
    }
  }

  @Override
  double integrate(double x1, double y1, double x2, double y2, double area) {
    return pool.invoke(new Integral(x1, y1, x2, y2, area));
  }

  private static final class Tree extends RecursiveTask<Long> {
    private static final long serialVersionUID = 1;
    private final transient Uts.Node parent;
    private final int number;

    Tree(Uts.Node parent, int number) {
      this.parent = parent;
      this.number = number;
    }

    @Override
    protected Long compute() {
      Uts.Node node = number < 0 ? parent : parent.child(number);
      Tree[] jobs = new Tree[node.children()];
      for (int i = 0; i < jobs.length; i++) {
        jobs[i] = new Tree(node, i);
        jobs[i].fork();
      }
      long sum = 1;
      for (int i = jobs.length - 1; i >= 0; i--) {
        sum += jobs[i].join();
      }
      return sum;
    }
  }

  @Override
  long uts(Uts.Node node) {
    return pool.invoke(new Tree(node, -1));
  }

  private static final class Quicksort extends RecursiveAction {
    private static final long serialVersionUID = 1;
    private final int[] a;
    private final int from;
    private final int to;

    Quicksort(int[] a, int from, int to) {
      this.a = a;
      this.from = from;
      this.to = to;
    }

    @Override
    protected void compute() {
      if (to - from <= LEAF) {
        Arrays.sort(a, from, to);
        return;
      }
      int middle = partition(a, from, to);
      invokeAll(new Quicksort(a, from, middle), new Quicksort(a, middle, to));
    }
  }

  @Override
  void quicksort(int[] a, int from, int to) {
    pool.invoke(new Quicksort(a, from, to));
  }

  @Override
  void sort(int[] a) {
    pool.submit(() -> Arrays.parallelSort(a)).join();
  }

  @Override
  void loop(int n, Each body) {
    pool.submit(() -> IntStream.range(0, n).parallel().forEach(body::at)).join();
  }

  private static final class DagTask extends RecursiveAction {
    private static final long serialVersionUID = 1;
    private final transient Dag dag;
    private final transient Dag.Counters counters;
    private final transient CountDownLatch done;
    private final int job;

    DagTask(Dag dag, Dag.Counters counters, CountDownLatch done, int job) {
      this.dag = dag;
      this.counters = counters;
      this.done = done;
      this.job = job;
    }

    @Override
    protected void compute() {
      dag.run(job);
      counters.ended(job, this::start);
      done.countDown();
    }

    void start(int next) {
      new DagTask(dag, counters, done, next).fork();
    }
  }

  @Override
  Bench.Round graph(Dag dag) {
    return () -> {
      var done = new CountDownLatch(dag.size());
      var counters = dag.counters();
      pool.execute(
          () ->
              counters.startFirst(
                  i -> {
                    ForkJoinTask<Void> task = new DagTask(dag, counters, done, i);
                    task.fork();
                  }));
      done.await();
    };
  }
}
