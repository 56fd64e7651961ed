package dev.raddle;

import static dev.raddle.Go.after;
import static dev.raddle.Go.afterFunc;
import static dev.raddle.Go.go;
import static dev.raddle.Go.newTicker;
import static dev.raddle.Go.newTimer;
import static dev.raddle.Go.select;
import static dev.raddle.Go.sleep;
import static dev.raddle.Go.tick;
import static dev.raddle.Times.HOUR;
import static dev.raddle.Times.ms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tickers; the tests named here are those of Go's time/tick_test.go unless said otherwise. */
@Timeout(120)
class TickerTest {
  private static final Duration NANO = Duration.ofNanos(1);

  /** Follows TestTicker. */
  @Test
  void ticksComeNoFasterThanTheirPeriodAlsoAfterReset() throws Exception {
    long start = System.nanoTime();
    var ticker = newTicker(ms(10));
    for (int i = 0; i < 5; i++) {
      ticker.c().recv();
    }
    assertTrue(System.nanoTime() - start >= ms(50).toNanos());
    start = System.nanoTime();
    ticker.reset(ms(20));
    for (int i = 0; i < 5; i++) {
      ticker.c().recv();
    }
    assertTrue(System.nanoTime() - start >= ms(100).toNanos());
    ticker.stop();
    assertNull(ticker.c().tryRecv());
    ticker.stop();
  }

  @Test
  void aSlowReceiverMissesTicksButNotThePhase() throws Exception {
    long period = ms(100).toNanos();
    for (int i = 0; i < 50; i++) {
      var ticker = newTicker(Duration.ofNanos(period));
      sleep(ms(380));
      assertNotNull(ticker.c().tryRecv(), "the oldest that was missed");
      long start = System.nanoTime();
      ticker.c().recv();
      if (System.nanoTime() - start < period / 2) { // else this machine was late, or the phase lost
        return;
      }
    }
    throw new AssertionError("the tick after a missed one always comes a whole period later");
  }

  /** Follows TestTickTimes. */
  @Test
  void aLateLookGetsTheTimeWhenTheTickWasDue() throws Exception {
    for (int i = 0; i < 10; i++) {
      Instant start = Instant.now();
      var c = tick(ms(10));
      sleep(ms(400));
      if (Duration.between(start, c.recv()).compareTo(ms(300)) < 0) {
        return;
      }
    }
    throw new AssertionError("always late");
  }

  /** Follows TestTeardown. */
  @Test
  void tickersComeAndGo() throws Exception {
    for (int i = 0; i < 3; i++) {
      var ticker = newTicker(ms(5));
      ticker.c().recv();
      ticker.stop();
    }
  }

  /** Follows TestTick. */
  @Test
  void tickOfNoPeriodIsTheNilChannel() {
    assertEquals("nil chan", tick(Duration.ofNanos(-1)).toString());
    assertEquals("nil chan", tick(Duration.ZERO).toString());
  }

  /** Follows TestNewTickerLtZeroDuration and TestTickerResetLtZeroDuration. */
  @Test
  void aPeriodThatIsNotPositiveIsRefused() {
    assertEquals(
        "non-positive interval for NewTicker: found PT0S",
        assertThrows(IllegalArgumentException.class, () -> newTicker(Duration.ZERO)).getMessage());
    var ticker = newTicker(HOUR);
    assertEquals(
        "non-positive interval for Ticker.Reset: found PT-1S",
        assertThrows(IllegalArgumentException.class, () -> ticker.reset(Duration.ofSeconds(-1)))
            .getMessage());
  }

  /** Follows TestTickerStress and TestTickerConcurrentStress (time/sleep_test.go). */
  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void aFastTickerServesItsReceiversDuringCollections(int receivers) throws Exception {
    var stop = new AtomicBoolean();
    var all = new WaitGroup();
    all.go(
        () -> {
          while (!stop.get()) {
            System.gc();
            sleep(NANO);
          }
        });
    var ticker = newTicker(NANO);
    var wg = new WaitGroup();
    for (int i = 0; i < receivers; i++) {
      wg.go(
          () -> {
            for (int j = 0; j < 100; j++) {
              ticker.c().recv();
            }
          });
    }
    wg.await();
    ticker.stop();
    stop.set(true);
    all.await();
  }

  /** Follows TestMultiWakeupTicker (time/sleep_test.go). */
  @Test
  void manyGoroutinesWaitForOneTickerOrATimer() throws Exception {
    var ticker = newTicker(Duration.ofNanos(1000));
    var wg = new WaitGroup();
    for (int i = 0; i < 4; i++) {
      wg.go(
          () -> {
            for (int j = 0; j < 10_000; j++) {
              select(ticker.c().onRecv(v -> 1), after(ms(1)).onRecv(v -> 2));
            }
          });
    }
    wg.await();
  }

  /** Follows TestLongAdjustTimers: hand-overs beside afters that hardly ever are due. */
  @Test
  void aftersThatAreNotDueDoNotPileUp() throws Exception {
    var sleepers = new WaitGroup();
    for (int i = 0; i < 1000; i++) {
      sleepers.go(() -> sleep(Duration.ofNanos(10_000)));
    }
    Chan<Integer> in = Chan.make();
    Chan<Integer> out = Chan.make();
    var done = new AtomicBoolean();
    var limit = afterFunc(Duration.ofSeconds(100), () -> done.set(true));
    go(
        () -> {
          var queue = new ArrayDeque<Integer>();
          var open = new AtomicBoolean(true);
          while (open.get()) {
            Integer head = queue.peek();
            select(
                head == null ? null : out.onSend(head, queue::remove),
                in.onRecv(v -> v == null ? open.getAndSet(false) : queue.add(v)));
          }
        });
    for (int i = 0; i < 1000; i++) {
      for (int j = 0; j < 20; j++) {
        in.send(j);
      }
      for (int j = 0; j < 20; j++) {
        int expected = j;
        boolean right =
            select(
                out.onRecv(n -> n == expected), after(Duration.ofSeconds(60)).onRecv(v -> false));
        assertTrue(right);
      }
      assertFalse(done.get());
    }
    in.close();
    assertTrue(limit.stop());
    sleepers.await();
  }

  /** Follows TestChan, timer and ticker in turn. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theChannelBehavesAsUnbuffered(boolean ticks) throws Exception {
    Clockwork t =
        ticks ? new Clockwork(null, newTicker(HOUR)) : new Clockwork(newTimer(HOUR), null);
    var c = t.c();

    t.stop(); // never in a heap
    assertNull(c.tryRecv());
    t.reset(HOUR);
    assertNull(c.tryRecv());

    t.reset(NANO);
    sleep(ms(10));
    assertEquals(0, c.len());
    assertEquals(0, c.cap());
    assertNotNull(c.tryRecv());
    sleep(ms(10)); // due again, if a ticker
    t.reset(HOUR);
    assertNull(c.tryRecv(), "a tick from before the reset");

    Chan<Boolean> done = Chan.make(2);
    go(() -> done.send(c.receive().ok())); // in a heap now, or soon
    t.reset(HOUR.multipliedBy(2));
    sleep(ms(10));
    assertNull(done.tryRecv());
    t.stop();
    sleep(ms(10));
    assertNull(done.tryRecv());
    t.reset(NANO);
    assertTrue(done.recv());
    if (ticks) {
      sleep(ms(1));
      assertNotNull(c.tryRecv());
    } else {
      assertNull(c.tryRecv());
    }
    t.stop();
    assertNull(c.tryRecv());

    // two selects wait; a timer's value goes to one of them
    t.reset(HOUR);
    Chan<Void> end = Chan.make();
    var served = new AtomicInteger();
    var wg = new WaitGroup();
    for (int i = 0; i < 2; i++) {
      wg.go(() -> served.addAndGet(select(c.onRecv(v -> 1), end.onReceive(v -> 0))));
    }
    sleep(ms(10));
    assertEquals(0, served.get());
    t.reset(ms(5));
    while (served.get() == 0) {
      sleep(ms(1));
    }
    t.stop();
    end.close();
    wg.await();
    assertTrue(ticks ? served.get() >= 1 : served.get() == 1, served::toString);

    // two selects wait for what is stopped
    Chan<Void> end2 = Chan.make();
    var got = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      wg.go(() -> got.addAndGet(select(c.onRecv(v -> 1), end2.onReceive(v -> 0))));
    }
    sleep(ms(10));
    end2.close();
    wg.await();
    assertEquals(0, got.get());

    // stop and reset keep values of before from being received
    t.reset(NANO);
    sleep(ms(10));
    assertTrue(t.stop());
    assertNull(c.tryRecv());
    t.reset(HOUR);
    assertNull(c.tryRecv());
    assertTrue(t.reset(NANO));
    sleep(ms(1));
    assertNotNull(c.tryRecv());
    sleep(ms(10));
    assertEquals(ticks, c.tryRecv() != null);
    sleep(ms(10));
    assertEquals(ticks, t.reset(HOUR));
    assertNull(c.tryRecv());
    t.stop();
  }

  /** A timer, or a ticker in its shape. */
  private static final class Clockwork {
    private final @Nullable Timer timer;
    private final @Nullable Ticker ticker;
    private boolean stopped;

    Clockwork(@Nullable Timer timer, @Nullable Ticker ticker) {
      this.timer = timer;
      this.ticker = ticker;
    }

    RecvChan<Instant> c() {
      return timer != null ? timer.c() : ticker().c();
    }

    private Ticker ticker() {
      return Objects.requireNonNull(ticker);
    }

    boolean stop() {
      if (timer != null) {
        return timer.stop();
      }
      ticker().stop();
      boolean was = !stopped;
      stopped = true;
      return was;
    }

    boolean reset(Duration d) {
      if (timer != null) {
        return timer.reset(d);
      }
      ticker().reset(d);
      boolean was = !stopped;
      stopped = false;
      return was;
    }
  }
}
