package dev.raddle.cli;

import static dev.raddle.Go.after;
import static dev.raddle.Go.go;
import static dev.raddle.Go.select;
import static dev.raddle.Go.sleep;

import dev.raddle.Chan;
import dev.raddle.runtime.Program;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;

/**
 * What an AOT cache is trained on: a short tour of what programs use, without side effects. A
 * user's own program would be run twice by training.
 */
public final class Train {
  private Train() {}

  /** Does not return. */
  public static void main(String[] args) {
    Program.run(Train::tour);
  }

  private static void tour() throws Exception {
    Chan<Integer> numbers = Chan.make(4);
    var group = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      int n = i;
      group.go(() -> numbers.send(n));
    }
    go(
        () -> {
          group.await();
          numbers.close();
        });
    int sum = 0;
    for (int n : numbers) {
      sum += n;
    }
    String end =
        select(numbers.onReceive(r -> "closed"), after(Duration.ofSeconds(1), () -> "timeout"));
    sleep(Duration.ofMillis(1));
    System.out.println(sum + " " + end);
  }
}
