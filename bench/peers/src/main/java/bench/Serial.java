package bench;

import java.util.Arrays;

/** The workloads of job systems without any parallelism, on one platform thread. */
public final class Serial extends JobBench {
  /** How many forks a parallel run of what was done last would make. */
  long forks;

  @Override
  int fib(int n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  }

  @Override
  int queens(int left, int columns, int down, int up, int all) {
    if (left == 0) {
      return 1;
    }
    int sum = 0;
    for (int free = all & ~(columns | down | up); free != 0; free &= free - 1) {
      int bit = free & -free;
      forks++;
      sum += queens(left - 1, columns | bit, (down | bit) << 1, (up | bit) >> 1, all);
    }
    return sum;
  }

  @Override
  double integrate(double x1, double y1, double x2, double y2, double area) {
    double half = (x2 - x1) / 2;
    double x0 = x1 + half;
    double y0 = f(x0);
    double left = (y1 + y0) / 2 * half;
    double right = (y0 + y2) / 2 * half;
    if (Math.abs(left + right - area) <= EPSILON) {
      return left + right;
    }
    forks++;
    return integrate(x1, y1, x0, y0, left) + integrate(x0, y0, x2, y2, right);
  }

  @Override
  long uts(Uts.Node node) {
    long sum = 1;
    int children = node.children();
    for (int i = 0; i < children; i++) {
      sum += uts(node.child(i));
    }
    return sum;
  }

  @Override
  void quicksort(int[] a, int from, int to) {
    if (to - from <= LEAF) {
      Arrays.sort(a, from, to);
      return;
    }
    int middle = partition(a, from, to);
    quicksort(a, from, middle);
    quicksort(a, middle, to);
  }

  @Override
  void sort(int[] a) {
    Arrays.sort(a);
  }

  @Override
  void loop(int n, Each body) {
    for (int i = 0; i < n; i++) {
      body.at(i);
    }
  }

  @Override
  Bench.Round graph(Dag dag) {
    return () -> loop(dag.size(), dag::run);
  }

  static long primes(int chunks) {
    long sum = 0;
    for (int i = 0; i < chunks; i++) {
      sum += primesOf(i);
    }
    return sum;
  }

  /** {@code WORKLOAD PROCS}. */
  public static void main(String[] args) throws Exception {
    Bench.start();
    if (!new Serial().run(args[0])) {
      Bench.notApplicable();
    }
  }
}
