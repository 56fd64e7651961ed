package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Go;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * After Go's sync/atomic tests, with the JDK's atomics: what they promise to threads holds for
 * goroutines, which go from thread to thread.
 */
@Timeout(60)
class GoAtomicTest {
  private static final int GOROUTINES = 4;

  private interface Step {
    void at(int i);
  }

  private static void hammer(Step step) throws InterruptedException {
    var wg = new WaitGroup();
    for (int g = 0; g < GOROUTINES; g++) {
      wg.go(
          () -> {
            for (int i = 0; i < 10_000; i++) {
              step.at(i);
              if (i % 100 == 0) {
                Go.gosched();
              }
            }
          });
    }
    wg.await();
  }

  /** Follows TestHammer32 and TestHammer64: no addition is lost, by add or by compare and set. */
  @Test
  void noAdditionIsLost() throws Exception {
    var ints = new AtomicInteger();
    var longs = new AtomicLong();
    hammer(
        i -> {
          if (i % 2 == 0) {
            ints.incrementAndGet();
            longs.addAndGet(1L << 32);
          } else {
            for (int v = ints.get(); !ints.compareAndSet(v, v + 1); v = ints.get()) {
              Thread.onSpinWait();
            }
            for (long v = longs.get(); !longs.compareAndSet(v, v + (1L << 32)); v = longs.get()) {
              Thread.onSpinWait();
            }
          }
        });
    assertEquals(GOROUTINES * 10_000, ints.get());
    assertEquals(((long) GOROUTINES * 10_000) << 32, longs.get());
  }

  /** Follows TestHammerStoreLoad: both halves of a number are of one store. */
  @Test
  void bothHalvesAreOfOneStore() throws Exception {
    var ints = new AtomicInteger();
    var longs = new AtomicLong();
    var torn = new AtomicInteger();
    LongUnaryOperator next = low -> low == 10_000 ? 0 : low + 1;
    hammer(
        i -> {
          int v = ints.get();
          long w = longs.get();
          if ((v & 0xffff) != (v >>> 16) || (w & 0xffffffffL) != (w >>> 32)) {
            torn.incrementAndGet();
          }
          int a = (int) next.applyAsLong(v & 0xffff);
          ints.set((a << 16) | a);
          long b = next.applyAsLong(w & 0xffffffffL);
          longs.set((b << 32) | b);
        });
    assertEquals(0, torn.get());
  }

  private interface Cells {
    void set(int at, long value);

    long get(int at);
  }

  private static Cells cells(boolean wide, int n) {
    var ints = new AtomicIntegerArray(n);
    var longs = new AtomicLongArray(n);
    return new Cells() {
      @Override
      public void set(int at, long value) {
        if (wide) {
          longs.set(at, (value << 32) | value);
        } else {
          ints.set(at, (int) value);
        }
      }

      @Override
      public long get(int at) {
        return wide ? (int) longs.get(at) : ints.get(at);
      }
    };
  }

  /** Follows TestStoreLoadSeqCst32 and ..64: of two that store and look, one sees the other. */
  @Test
  void ofTwoThatStoreAndLookOneSeesTheOther() throws Exception {
    for (boolean wide : new boolean[] {false, true}) {
      int rounds = 2_000;
      Cells x = cells(wide, 2);
      Cells seen = cells(wide, 2 * rounds);
      var wrong = new AtomicInteger();
      var wg = new WaitGroup();
      for (int p = 0; p < 2; p++) {
        int me = p;
        int other = 1 - p;
        wg.go(
            () -> {
              for (int i = 1; i < rounds; i++) {
                x.set(me, i);
                long mine = x.get(other);
                seen.set(2 * i + me, mine + 1);
                long theirs;
                while ((theirs = seen.get(2 * i + other)) == 0) {
                  Go.gosched();
                }
                if ((mine != i && theirs - 1 != i) || mine < i - 1 || mine > i) {
                  wrong.incrementAndGet();
                }
              }
            });
      }
      wg.await();
      assertEquals(0, wrong.get(), "wide: " + wide);
    }
  }

  private static final class Data {
    final AtomicInteger signal = new AtomicInteger();
    final AtomicLong wideSignal = new AtomicLong();
    int number;
    double real;
  }

  /** Follows TestStoreLoadRelAcq32 and ..64: what was written before a signal is seen after it. */
  @Test
  void whatWasWrittenBeforeASignalIsSeenAfterIt() throws Exception {
    for (boolean wide : new boolean[] {false, true}) {
      var data = new Data();
      var wrong = new AtomicInteger();
      var wg = new WaitGroup();
      for (int p = 0; p < 2; p++) {
        int me = p;
        wg.go(
            () -> {
              for (int i = 1; i < 2_000; i++) {
                if ((i + me) % 2 == 0) {
                  data.number = i;
                  data.real = i;
                  if (wide) {
                    data.wideSignal.setRelease(i);
                  } else {
                    data.signal.setRelease(i);
                  }
                } else {
                  while ((wide ? data.wideSignal.getAcquire() : data.signal.getAcquire()) != i) {
                    Go.gosched();
                  }
                  if (data.number != i || data.real != i) {
                    wrong.incrementAndGet();
                  }
                }
              }
            });
      }
      wg.await();
      assertEquals(0, wrong.get(), "wide: " + wide);
    }
  }

  private record Pair(long a, long b) {}

  private static final List<Pair> PAIRS =
      List.of(new Pair(0, 0), new Pair(1, 2), new Pair(3, 6), new Pair(-1, -2));

  /** Follows TestValueConcurrent: what is loaded is one of those that were stored, whole. */
  @Test
  void whatIsLoadedWasStored() throws Exception {
    var value = new AtomicReference<>(PAIRS.getFirst());
    var wrong = new AtomicInteger();
    hammer(
        i -> {
          Pair p = PAIRS.get(ThreadLocalRandom.current().nextInt(PAIRS.size()));
          value.set(new Pair(p.a, p.b));
          Pair got = value.get();
          wrong.addAndGet(got.b == 2 * got.a ? 0 : 1);
        });
    assertEquals(0, wrong.get());
  }

  /** Follows TestValueSwapConcurrent: each value that was swapped in comes out once. */
  @Test
  void whatIsSwappedInComesOutOnce() throws Exception {
    var value = new AtomicReference<>(0L);
    var ids = new AtomicLong();
    var out = new AtomicLong();
    hammer(i -> out.addAndGet(value.getAndSet(ids.incrementAndGet())));
    long n = GOROUTINES * 10_000L;
    assertEquals(n * (n + 1) / 2, out.get() + value.get());
  }

  /** Follows TestValueCompareAndSwapConcurrent: they count together without a gap. */
  @Test
  void compareAndSetCountsWithoutAGap() throws Exception {
    var value = new AtomicReference<>(new Pair(0, 0));
    hammer(
        i -> {
          for (Pair p = value.get();
              !value.compareAndSet(p, new Pair(p.a + 1, p.b + 2));
              p = value.get()) {
            Thread.onSpinWait();
          }
        });
    assertEquals(new Pair(GOROUTINES * 10_000L, GOROUTINES * 20_000L), value.get());
  }
}
