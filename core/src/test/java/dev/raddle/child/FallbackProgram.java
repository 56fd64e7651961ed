package dev.raddle.child;

import static dev.raddle.Go.after;
import static dev.raddle.Go.go;
import static dev.raddle.Go.gomaxprocs;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.numGoroutine;
import static dev.raddle.Go.select;
import static dev.raddle.Go.sleep;

import dev.raddle.Chan;
import dev.raddle.context.Context;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Mode;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.ErrGroup;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;

/** Uses everything that must work without the flag; run by {@link FallbackTest} in its own JVM. */
final class FallbackProgram {
  private FallbackProgram() {}

  public static void main(String[] args) throws Exception {
    System.out.println("mode " + Mode.current());
    Chan<Integer> numbers = Chan.make();
    var wg = new WaitGroup();
    for (int i = 0; i < 1_000; i++) {
      int n = i;
      wg.go(() -> numbers.send(n));
    }
    go(
        () -> {
          wg.await();
          numbers.close();
        });
    long sum = 0;
    for (int n : numbers) {
      sum += n;
    }
    System.out.println("sum " + sum);

    Chan<String> never = Chan.make();
    String chosen =
        select(never.onRecv(v -> "value"), after(Duration.ofMillis(5), () -> "timeout"));
    System.out.println("select " + chosen);

    Chan<String> told = Chan.make();
    go(
        GoOptions.name("teller"),
        () -> {
          gosched();
          sleep(Duration.ofMillis(1));
          Goroutine self = Goroutine.current();
          told.send(self == null ? "nobody" : String.valueOf(self.name()));
        });
    System.out.println("goroutine " + told.recv());

    try (var timeout = Context.background().withTimeout(Duration.ofMillis(5))) {
      String end = select(timeout.done().onReceive(r -> "done"), never.onRecv(v -> "value"));
      System.out.println("context " + end + " " + timeout.err());
    }
    var group = ErrGroup.withContext(Context.background());
    group.go(
        () -> {
          throw new java.io.IOException("broken");
        });
    try {
      group.await();
    } catch (Exception e) {
      System.out.println("group " + e.getMessage());
    }
    try {
      gomaxprocs(2);
    } catch (UnsupportedOperationException e) {
      System.out.println(e.getMessage());
    }
    var late = Context.background().withTimeout(Duration.ofMillis(50));
    Scheduler.current().close();
    late.done().receive();
    System.out.println("late " + late.err());
    System.out.println("left " + numGoroutine());
  }
}
