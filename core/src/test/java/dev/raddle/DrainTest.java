package dev.raddle;

import static dev.raddle.Go.newTicker;
import static dev.raddle.Go.newTimer;
import static dev.raddle.Times.HOUR;
import static dev.raddle.Times.ms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches: what is there, from channels of every kind. */
@Timeout(60)
class DrainTest {
  @Test
  void aTimerThatIsDueGivesItsValueOnce() {
    var due = newTimer(Duration.ZERO);
    List<Instant> got = new ArrayList<>();
    assertEquals(1, due.c().drainTo(got, 10));
    assertEquals(1, got.size());
    assertEquals(0, due.c().drainTo(got, 10));
    assertEquals(0, newTimer(HOUR).c().drainTo(got, 10));
  }

  @Test
  void aTickerGivesTheOldestTickThatWasMissed() {
    var ticker = newTicker(ms(1));
    List<Instant> got = new ArrayList<>();
    Waits.until(() -> ticker.c().drainTo(got, 10) > 0);
    assertEquals(1, got.size()); // the rest is dropped
    ticker.stop();
    assertEquals(0, ticker.c().drainTo(got, 10));
  }

  @Test
  void noMoreIsTakenThanAskedFor() throws Exception {
    Chan<Integer> ch = Chan.unbounded();
    for (int i = 0; i < 1000; i++) {
      ch.send(i);
    }
    List<Integer> got = new ArrayList<>();
    assertEquals(0, ch.drainTo(got, 0));
    assertEquals(700, ch.drainTo(got, 700));
    assertEquals(300, ch.len());
    assertEquals(300, ch.drainTo(got, Integer.MAX_VALUE));
    assertEquals(IntStream.range(0, 1000).boxed().toList(), got);
    assertNull(ch.tryRecv());
  }

  /** A batch takes elements that its sender wrote while others take single ones: each once. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16})
  void batchesAndSingleReceivesShareTheElements(int capacity) throws Exception {
    int senders = 4;
    int each = 2000;
    Chan<Integer> ch = Chan.make(capacity);
    List<Integer> got = Collections.synchronizedList(new ArrayList<>());
    var sending = new WaitGroup();
    var receiving = new WaitGroup();
    for (int s = 0; s < senders; s++) {
      int base = s * each;
      sending.go(
          () -> {
            for (int i = 0; i < each; i++) {
              ch.send(base + i);
            }
          });
    }
    receiving.go(() -> ch.forEach(got::add));
    receiving.go(
        () -> {
          while (ch.closed().tryRecv() == null || ch.len() > 0) {
            List<Integer> batch = new ArrayList<>();
            ch.drainTo(batch, 100);
            got.addAll(batch);
            Go.gosched();
          }
        });
    sending.await();
    ch.close();
    receiving.await();
    got.sort(null);
    assertEquals(IntStream.range(0, senders * each).boxed().toList(), got);
  }
}
