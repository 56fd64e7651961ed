package dev.raddle;

import static dev.raddle.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait that is used again: a wake-up or timer of the last one must not end the next one. */
@Timeout(120)
class SelectorStressTest {
  /** Timeouts of about the time that the partner takes, so that both often come at once. */
  @Test
  void timersThatFireLateEndNoLaterWait() throws Exception {
    int elements = 3000;
    Chan<Integer> a = Chan.make();
    Chan<Integer> b = Chan.make();
    Chan<Integer> unused = Chan.make();
    go(
        () -> {
          for (int i = 0; i < elements; i++) {
            if (i % 3 == 0) {
              Go.sleep(Duration.ofNanos(i % 50 * 1000L));
            }
            (i % 2 == 0 ? a : b).send(i);
          }
        });
    var s = new Selector();
    var evens = s.onRecv(a);
    var odds = s.onRecv(b);
    s.onRecv(unused);
    int next = 0;
    long timeouts = 0;
    while (next < elements) {
      Duration timeout = Duration.ofNanos(1 + next % 50 * 1000L);
      long start = System.nanoTime();
      switch (s.select(timeout)) {
        case 0 -> assertEquals(next++, evens.value());
        case 1 -> assertEquals(next++, odds.value());
        case Selector.NONE -> {
          assertEquals(true, System.nanoTime() - start >= timeout.toNanos(), "an early end");
          timeouts++;
        }
        default -> throw new AssertionError("nothing was sent there");
      }
    }
    assertEquals(true, timeouts > 0);
  }

  /** Many selectors over the same channels, both directions: each element arrives once. */
  @Test
  void manySelectorsShareChannelsAndLoseNothing() throws Exception {
    int users = 6;
    int each = 2000;
    List<Chan<Integer>> chans = List.of(Chan.make(), Chan.make(1), Chan.make());
    var seen = new AtomicIntegerArray(users * each);
    List<Threads.Running> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      int base = u * each;
      all.add(
          Threads.of(u)
              .start(
                  () -> {
                    var s = new Selector();
                    List<Selector.RecvCase<Integer>> in = new ArrayList<>();
                    List<Selector.SendCase<Integer>> out = new ArrayList<>();
                    for (var c : chans) {
                      in.add(s.onRecv(c));
                      out.add(s.onSend(c));
                    }
                    int sent = 0;
                    int received = 0;
                    // Every user receives as many as it sends, so all end.
                    while (sent < each || received < each) {
                      for (int i = 0; i < chans.size(); i++) {
                        in.get(i)
                            .chan(
                                received < each ? chans.get((i + received) % chans.size()) : null);
                        out.get(i).withdraw();
                      }
                      if (sent < each) {
                        for (var o : out) {
                          o.offer(base + sent);
                        }
                      }
                      int c = s.select();
                      if (c % 2 == 0) {
                        seen.incrementAndGet(in.get(c / 2).value());
                        received++;
                      } else {
                        sent++;
                      }
                    }
                  }));
    }
    for (var user : all) {
      user.join();
    }
    for (int i = 0; i < users * each; i++) {
      assertEquals(1, seen.get(i), "element " + i);
    }
  }
}
