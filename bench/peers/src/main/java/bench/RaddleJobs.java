package bench;

import dev.raddle.job.Job;
import dev.raddle.job.JobGraph;
import dev.raddle.job.JobScope;
import dev.raddle.job.Jobs;
import dev.raddle.job.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The workloads of job systems in Raddle. */
final class RaddleJobs extends JobBench {
  @Override
  int fib(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    Job<Integer> left = Jobs.fork(() -> fib(n - 1));
    int right = fib(n - 2);
    return left.join() + right;
  }

  @Override
  int queens(int left, int columns, int down, int up, int all) throws Exception {
    if (left == 0) {
      return 1;
    }
    List<Job<Integer>> jobs = new ArrayList<>(left);
    for (int free = all & ~(columns | down | up); free != 0; free &= free - 1) {
      int bit = free & -free;
      jobs.add(
          Jobs.fork(
              () -> queens(left - 1, columns | bit, (down | bit) << 1, (up | bit) >> 1, all)));
    }
    int sum = 0;
    for (int i = jobs.size() - 1; i >= 0; i--) {
      sum += jobs.get(i).join();
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
    Job<Double> upper = Jobs.fork(() -> integrate(x0, y0, x2, y2, right));
    return integrate(x1, y1, x0, y0, left) + upper.join();
  }

  @Override
  long uts(Uts.Node node) throws Exception {
    int children = node.children();
    List<Job<Long>> jobs = new ArrayList<>(children);
    for (int i = 0; i < children; i++) {
      int number = i;
      jobs.add(Jobs.fork(() -> uts(node.child(number))));
    }
    long sum = 1;
    for (int i = children - 1; i >= 0; i--) {
      sum += jobs.get(i).join();
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
    try (var scope = JobScope.open()) {
      scope.go(() -> quicksort(a, from, middle));
      quicksort(a, middle, to);
      scope.join();
    }
  }

  @Override
  void sort(int[] a) throws Exception {
    Parallel.sort(a);
  }

  @Override
  void loop(int n, Each body) throws Exception {
    Jobs.parallelFor(0, n, body::at);
  }

  @Override
  Bench.Round graph(Dag dag) {
    var graph = new JobGraph();
    List<JobGraph.Node> nodes = new ArrayList<>();
    for (int i = 0; i < dag.size(); i++) {
      int number = i;
      JobGraph.Node node = graph.job("" + i, () -> dag.run(number));
      for (int b : dag.before(i)) {
        node.after(nodes.get(b));
      }
      nodes.add(node);
    }
    return graph::run;
  }
}
