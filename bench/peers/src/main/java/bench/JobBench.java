package bench;

import static bench.Bench.check;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * The workloads of job systems, one subclass a rival; {@link Serial} is what they are compared
 * with. Sizes are those of the literature where it has one.
 */
abstract class JobBench {
  /** Whether a fork takes so long that the rival gets smaller trees; the figure is of a fork. */
  boolean isSlow() {
    return false;
  }

  private int sized(int whole, int ofSlow, int small) {
    return !Bench.isWhole() ? small : isSlow() ? ofSlow : whole;
  }

  /** Does something for an index. */
  interface Each {
    void at(int index);
  }

  /** fib(n) by a fork for each call. */
  abstract int fib(int n) throws Exception;

  /** Solutions of the n-queens problem, by a fork for each safe place. */
  abstract int queens(int left, int columns, int down, int up, int all) throws Exception;

  /** The integral of x^3 + x, by halves until both make no difference. */
  abstract double integrate(double x1, double y1, double x2, double y2, double area)
      throws Exception;

  /** The nodes of an unbalanced tree, by a fork for each. */
  abstract long uts(Uts.Node node) throws Exception;

  abstract void quicksort(int[] a, int from, int to) throws Exception;

  /** The library's own sort. */
  abstract void sort(int[] a) throws Exception;

  /** The library's parallel loop. */
  abstract void loop(int n, Each body) throws Exception;

  /** A round of all jobs of a graph. */
  abstract Bench.Round graph(Dag dag) throws Exception;

  /** Below that, ranges are sorted by the JDK or Go. */
  static final int LEAF = 4096;

  static double f(double x) {
    return (x * x + 1.0) * x;
  }

  static final double EPSILON = 1e-9;

  /** Where the two parts of a quicksort meet. */
  static int partition(int[] a, int from, int to) {
    int pivot = median(a[from], a[(from + to) >>> 1], a[to - 1]);
    int i = from;
    int j = to - 1;
    while (i <= j) {
      while (a[i] < pivot) {
        i++;
      }
      while (a[j] > pivot) {
        j--;
      }
      if (i <= j) {
        int t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    return i;
  }

  private static int median(int a, int b, int c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private static boolean isPrime(int n) {
    for (int d = 2; d * d <= n; d++) {
      if (n % d == 0) {
        return false;
      }
    }
    return n > 1;
  }

  private static int escape(double cr, double ci) {
    double r = 0;
    double i = 0;
    int n = 0;
    while (n < 1000 && r * r + i * i <= 4) {
      double t = r * r - i * i + cr;
      i = 2 * r * i + ci;
      r = t;
      n++;
    }
    return n;
  }

  /** Runs a workload; false if there is no such. */
  final boolean run(String workload) throws Exception {
    switch (workload) {
      case "fib" -> {
        int n = sized(30, 24, 20);
        var serial = new Serial();
        int expected = serial.fib(n);
        measure(serial.fib(n + 1) - 1L, () -> check(fib(n) == expected));
      }
      case "queens" -> {
        int n = Bench.isWhole() ? 10 : 7;
        var serial = new Serial();
        int expected = serial.queens(n, 0, 0, 0, (1 << n) - 1);
        measure(serial.forks, () -> check(queens(n, 0, 0, 0, (1 << n) - 1) == expected));
      }
      case "integrate" -> {
        double to = sized(1000, 100, 30);
        var serial = new Serial();
        double expected = serial.integrate(0, f(0), to, f(to), 0);
        measure(serial.forks, () -> check(integrate(0, f(0), to, f(to), 0) == expected));
      }
      case "uts" -> {
        int depth = sized(10, 8, 6);
        long expected = depth == 10 ? 4_130_071 : new Serial().uts(Uts.root(depth));
        measure(expected, () -> check(uts(Uts.root(depth)) == expected));
      }
      case "quicksort", "sort" -> sorts(workload);
      case "primes" -> primes();
      case "mandelbrot" -> mandelbrot();
      case "matmul" -> matmul();
      case "wavefront" -> {
        var dag = Dag.wavefront(Bench.isWhole() ? 64 : 8);
        var round = graph(dag);
        measure(dag.size(), () -> dag.check(round));
      }
      case "graph" -> {
        var dag = Dag.random(Bench.scaled(100_000));
        var round = graph(dag);
        measure(dag.size(), () -> dag.check(round));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void measure(long operations, Bench.Round round) throws Exception {
    Bench.measure(operations, round);
    Bench.print("operations", (double) operations);
    Bench.printPeak();
  }

  private void sorts(String workload) throws Exception {
    int n = Bench.scaled(10_000_000);
    int[] given = new Random(1).ints(n).toArray();
    int[] expected = given.clone();
    Arrays.sort(expected);
    int[] a = new int[n];
    measure(
        n,
        () -> {
          System.arraycopy(given, 0, a, 0, n);
          if (workload.equals("sort")) {
            sort(a);
          } else {
            quicksort(a, 0, n);
          }
          check(Arrays.equals(expected, a));
        });
  }

  private void primes() throws Exception {
    int chunks = Bench.scaled(2000);
    long expected = Serial.primes(chunks);
    measure(
        chunks * 1000L,
        () -> {
          var count = new LongAdder();
          loop(chunks, chunk -> count.add(primesOf(chunk)));
          check(count.sum() == expected);
        });
  }

  static int primesOf(int chunk) {
    int count = 0;
    for (int i = chunk * 1000; i < (chunk + 1) * 1000; i++) {
      if (isPrime(i)) {
        count++;
      }
    }
    return count;
  }

  private void mandelbrot() throws Exception {
    int size = Bench.scaled(600);
    long[] rows = new long[size];
    Each row =
        r -> {
          long sum = 0;
          for (int c = 0; c < size; c++) {
            sum += escape(3.0 * c / size - 2, 2.0 * r / size - 1);
          }
          rows[r] = sum;
        };
    new Serial().loop(size, row);
    long[] expected = rows.clone();
    measure(
        (long) size * size,
        () -> {
          Arrays.fill(rows, 0);
          loop(size, row);
          check(Arrays.equals(expected, rows));
        });
  }

  /** In blocks of 32 by 32. */
  private void matmul() throws Exception {
    int blocks = Bench.isWhole() ? 16 : 4;
    int n = 32 * blocks;
    double[] a = new Random(1).doubles((long) n * n).toArray();
    double[] b = new Random(2).doubles((long) n * n).toArray();
    double[] c = new double[n * n];
    Each block = i -> multiply(a, b, c, n, i / blocks * 32, i % blocks * 32);
    new Serial().loop(blocks * blocks, block);
    double[] expected = c.clone();
    measure(
        (long) n * n * n / 1000,
        () -> {
          Arrays.fill(c, 0);
          loop(blocks * blocks, block);
          check(Arrays.equals(expected, c));
        });
  }

  private static void multiply(double[] a, double[] b, double[] c, int n, int row, int column) {
    for (int i = row; i < row + 32; i++) {
      for (int k = 0; k < n; k++) {
        double x = a[i * n + k];
        for (int j = column; j < column + 32; j++) {
          c[i * n + j] += x * b[k * n + j];
        }
      }
    }
  }
}
