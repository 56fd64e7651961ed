package dev.raddle.child;

import static dev.raddle.Go.after;
import static dev.raddle.Go.afterFunc;
import static dev.raddle.Go.go;
import static dev.raddle.Go.gomaxprocs;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.newTicker;
import static dev.raddle.Go.newTimer;
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

    Chan<String> ran = Chan.make();
    afterFunc(Duration.ofMillis(1), () -> ran.send("ran"));
    var ticker = newTicker(Duration.ofMillis(1));
    ticker.c().recv();
    ticker.c().recv();
    ticker.stop();
    var timer = newTimer(Duration.ofHours(1));
    boolean active = timer.reset(Duration.ofMillis(1));
    timer.c().recv();
    after(Duration.ofMillis(1)).recv();
    System.out.println("timers " + ran.recv() + " " + active + " " + timer.stop());

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
    afterFunc(Duration.ofMillis(50), () -> ran.send("inherited"));
    Scheduler.current().close();
    System.out.println("call " + ran.recv());
    late.done().receive();
    System.out.println("late " + late.err());
    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (numGoroutine() > 0 && System.nanoTime() < limit) {
      Thread.onSpinWait(); // those that called and ended the context are about to end
    }
    System.out.println("left " + numGoroutine());
  }
}
