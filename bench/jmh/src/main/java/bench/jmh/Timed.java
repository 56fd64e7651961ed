package bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** How everything here is timed unless the command line says otherwise. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class Timed {
  /** For benchmarks. */
  protected Timed() {}

  /**
   * A benchmark whose result is wrong fails instead of being timed. A branch that is never taken
   * costs nothing that shows, and keeps the JIT from dropping the work.
   *
   * @param ok what must be true
   */
  protected static void check(boolean ok) {
    if (!ok) {
      throw new IllegalStateException("the result of the benchmark is wrong");
    }
  }
}
