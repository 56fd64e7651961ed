package bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Jobs that wait for others. Each gives a value made of the values before it. */
final class Dag {
  private final List<int[]> before = new ArrayList<>();
  private final List<List<Integer>> next = new ArrayList<>();
  private final int work;
  private final long[] values;
  private final long[] expected;

  private Dag(int work, List<int[]> all) {
    this.work = work;
    values = new long[all.size()];
    for (int[] some : all) {
      int i = before.size();
      before.add(some);
      next.add(new ArrayList<>());
      for (int b : some) {
        next.get(b).add(i);
      }
    }
    for (int i = 0; i < values.length; i++) {
      run(i);
    }
    expected = values.clone();
  }

  /** Every cell waits for those above it and to its left; some 10 us each. */
  static Dag wavefront(int side) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < side * side; i++) {
      boolean top = i < side;
      boolean left = i % side == 0;
      all.add(
          top && left
              ? new int[0]
              : top
                  ? new int[] {i - 1}
                  : left ? new int[] {i - side} : new int[] {i - 1, i - side});
    }
    return new Dag(10_000, all);
  }

  /** Each waits for up to 3 of the 1,000 jobs before it, and does next to nothing. */
  static Dag random(int n) {
    var random = new Random(7);
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int low = Math.max(0, i - 1000);
      int count = i == 0 ? 0 : random.nextInt(4);
      int bound = i;
      all.add(random.ints(count, low, Math.max(low + 1, bound)).distinct().toArray());
    }
    return new Dag(100, all);
  }

  int size() {
    return values.length;
  }

  int[] before(int i) {
    return before.get(i);
  }

  /** What job {@code i} does. */
  void run(int i) {
    long x = i + 1L;
    for (int b : before.get(i)) {
      x = x * 31 + values[b];
    }
    for (int k = 0; k < work; k++) {
      x = x * 6364136223846793005L + 1442695040888963407L;
    }
    values[i] = x;
  }

  /** Starts a job. */
  interface Start {
    void start(int job);
  }

  /** One round by counters, for rivals without graphs. */
  final class Counters {
    private final AtomicIntegerArray left = new AtomicIntegerArray(size());

    void startFirst(Start start) {
      for (int i = 0; i < size(); i++) {
        left.set(i, before.get(i).length);
      }
      for (int i = 0; i < size(); i++) {
        if (before.get(i).length == 0) {
          start.start(i);
        }
      }
    }

    void ended(int job, Start start) {
      for (int n : next.get(job)) {
        if (left.decrementAndGet(n) == 0) {
          start.start(n);
        }
      }
    }
  }

  Counters counters() {
    return new Counters();
  }

  /** Runs a round and fails unless it gave the values that one after another gives. */
  void check(Bench.Round round) throws Exception {
    Arrays.fill(values, 0);
    round.run();
    Bench.check(Arrays.equals(expected, values));
  }
}
