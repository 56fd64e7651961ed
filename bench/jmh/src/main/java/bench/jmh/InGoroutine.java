package bench.jmh;

import org.openjdk.jmh.annotations.Fork;

/** A benchmark whose threads are goroutines, as those of users are, unless there is no fork. */
@Fork(
    value = 3,
    jvmArgsPrepend = {"-Djmh.executor=CUSTOM", "-Djmh.executor.class=bench.jmh.Goroutines"})
public abstract class InGoroutine extends Timed {
  /** For benchmarks. */
  protected InGoroutine() {}
}
