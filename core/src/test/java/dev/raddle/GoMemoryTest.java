package dev.raddle;

import static dev.raddle.Go.go;
import static dev.raddle.Go.goexit;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Goroutine;
import dev.raddle.sync.RWMutex;
import dev.raddle.sync.WaitGroup;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** After programs of Go's test and test/fixedbugs about memory: garbage, stacks, torn values. */
@Timeout(120)
class GoMemoryTest {
  private static void garbage(WeakReference<?> object) {
    Waits.until(
        () -> {
          System.gc();
          return object.get() == null;
        });
  }

  /** Follows issue5493.go: what a goroutine held is garbage once it has ended. */
  @Test
  void whatAGoroutineHeldIsGarbageAfterItsEnd() throws Exception {
    List<WeakReference<?>> held = new CopyOnWriteArrayList<>();
    var done = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      done.go(() -> hold(held));
    }
    done.await();
    for (WeakReference<?> h : held) {
      garbage(h);
    }
    assertEquals(10, held.size());
  }

  private static void hold(List<WeakReference<?>> held) throws InterruptedException {
    Object mine = new Object();
    held.add(new WeakReference<>(mine));
    Chan<Boolean> ended = Chan.make();
    go(
        () -> {
          assertNotNull(mine.toString());
          ended.close();
        });
    ended.receive();
  }

  /** How an element leaves a channel. */
  enum Leave {
    LOOP {
      @Override
      void from(Chan<Object> c) {
        c.close();
        for (Object o : c) {
          assertNotNull(o);
        }
      }
    },
    RECEIVE {
      @Override
      void from(Chan<Object> c) throws InterruptedException {
        assertTrue(c.receive().ok());
      }
    },
    TRY {
      @Override
      void from(Chan<Object> c) {
        assertNotNull(c.tryRecv());
      }
    },
    DRAIN {
      @Override
      void from(Chan<Object> c) {
        assertEquals(1, c.drainTo(new ArrayList<>(), 5));
      }
    },
    SELECT {
      @Override
      void from(Chan<Object> c) throws InterruptedException {
        boolean ok = select(c.onReceive(Recv::ok), Chan.<Boolean>make().onRecv(v -> v));
        assertTrue(ok);
      }
    };

    abstract void from(Chan<Object> c) throws InterruptedException;
  }

  /** Follows issue15281.go: a channel holds nothing of what was received from its buffer. */
  @ParameterizedTest
  @EnumSource
  void whatLeftABufferIsGarbage(Leave how) throws Exception {
    Chan<Object> c = Chan.make(10);
    WeakReference<?> element = sent(c);
    System.gc();
    assertNotNull(element.get(), "it is in the buffer");
    try {
      how.from(c);
      garbage(element);
    } finally {
      Reference.reachabilityFence(c);
    }
  }

  private static WeakReference<?> sent(Chan<Object> c) {
    Object o = new byte[1 << 10];
    assertTrue(c.trySend(o));
    return new WeakReference<>(o);
  }

  /** Follows issue9110.go: a channel holds nothing of the selects that have left it. */
  @Test
  void selectsThatEndedLeaveNothingInAChannel() throws Exception {
    Chan<Object> busy = Chan.make();
    List<WeakReference<?>> gone = new CopyOnWriteArrayList<>();
    var done = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      done.go(() -> waitThreeTimesOn(busy, gone));
    }
    done.await();
    try {
      for (WeakReference<?> g : gone) {
        garbage(g);
      }
      assertEquals(20, gone.size());
    } finally {
      Reference.reachabilityFence(busy);
    }
  }

  private static void waitThreeTimesOn(Chan<Object> busy, List<WeakReference<?>> gone)
      throws InterruptedException {
    Chan<Object> own = Chan.make();
    Goroutine me = Goroutine.current();
    assertNotNull(me);
    gone.add(new WeakReference<>(own));
    go(
        () -> {
          Waits.until(() -> "select".equals(me.waitReason()));
          Object element = new Object();
          gone.add(new WeakReference<>(element));
          own.send(element);
        });
    Object got = select(busy.onRecv(v -> v), own.onRecv(v -> v), busy.onRecv(v -> v));
    assertNotNull(got);
  }

  /** Follows issue11256.go: a goexit from deep in a stack, beside collections. */
  @Test
  void goexitFromDeepInAStackBesideCollections() throws Exception {
    int n = 50;
    var unwound = new AtomicInteger();
    var done = new WaitGroup();
    byte[][] garbage = new byte[n][];
    for (int i = 0; i < n; i++) {
      var end = new AtomicBoolean();
      done.go(() -> exitBelow(100, end, unwound));
      garbage[i] = new byte[1 << 20];
      if (i % 10 == 0) {
        System.gc();
      }
      end.set(true);
    }
    done.await();
    assertEquals(100 * n, unwound.get());
    assertEquals(n, garbage.length);
  }

  private static void exitBelow(int depth, AtomicBoolean end, AtomicInteger unwound) {
    try {
      if (depth > 1) {
        exitBelow(depth - 1, end, unwound);
      }
      while (!end.get()) {
        gosched();
      }
      goexit();
    } finally {
      unwound.incrementAndGet();
    }
  }

  /** Follows issue13160.go: a reference that others write and clear is whole, or null. */
  @Test
  void aReferenceIsNeverTorn() throws Exception {
    int pairs = 4;
    Object[] ours = new Object[pairs];
    Arrays.setAll(ours, i -> new Object());
    @Nullable Object[] arena = new Object[pairs];
    var torn = new AtomicInteger();
    var done = new WaitGroup();
    for (int p = 0; p < pairs; p++) {
      int at = p;
      done.go(
          () -> {
            for (int i = 0; i < 50_000; i++) {
              System.arraycopy(ours, at, arena, at, 1);
              Arrays.fill(arena, at, at + 1, null);
            }
          });
      done.go(
          () -> {
            @Nullable Object[] copy = new Object[1];
            for (int i = 0; i < 50_000; i++) {
              System.arraycopy(arena, at, copy, 0, 1);
              if (copy[0] != null && copy[0] != ours[at]) {
                torn.incrementAndGet();
              }
              if (i % 1_000 == 0) {
                gosched();
              }
            }
          });
    }
    done.await();
    assertEquals(0, torn.get());
  }

  /** Follows issue78081.go: stacks grow deep, park there, and make garbage at their end. */
  @Test
  void deepStacksBesideCollections() throws Exception {
    var done = new WaitGroup();
    var sum = new AtomicInteger();
    for (int g = 0; g < 16; g++) {
      done.go(
          () -> {
            for (int i = 0; i < 200; i++) {
              sum.addAndGet(deep(64));
            }
          });
    }
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    done.await();
    assertEquals(16 * 200 * (65 * 64 / 2 + 64), sum.get());
  }

  private static int deep(int depth) {
    int[] array = new int[64];
    Arrays.fill(array, depth);
    if (depth == 0) {
      gosched();
      return array.length;
    }
    return deep(depth - 1) + array[depth - 1];
  }

  /** Follows issue79186.go: a plain map behind a RWMutex, read by many and written by some. */
  @Test
  void aPlainMapBehindAReadWriteLock() throws Exception {
    var lock = new RWMutex();
    Map<Integer, Integer> map = new HashMap<>();
    var done = new WaitGroup();
    var wrong = new AtomicInteger();
    for (int g = 0; g < 64; g++) {
      int id = g;
      done.go(
          () -> {
            for (int i = 0; i < 500; i++) {
              int key = (id + i) & 15;
              lock.readLock();
              Integer value = map.get(key);
              lock.readUnlock();
              if (value != null && (value & 15) != key) {
                wrong.incrementAndGet();
              }
              if (value == null || (i & 7) == 0) {
                lock.lock();
                map.put(key, key + 16 * i);
                lock.unlock();
              }
            }
          });
    }
    done.await();
    assertEquals(0, wrong.get());
    assertEquals(16, map.size());
  }

  private interface Change {
    boolean isSeen();
  }

  private static final List<Change> CHANGES =
      List.of(
          () -> {
            byte[] b = new byte[9];
            Arrays.fill(b, (byte) 3);
            return b[8] == 3;
          },
          () -> {
            double[] d = {0};
            d[0] += 1.5;
            return d[0] == 1.5;
          },
          () -> {
            var list = new ArrayList<>(List.of("a"));
            list.add("b");
            return list.equals(List.of("a", "b"));
          },
          () -> {
            var map = new HashMap<>(Map.of(1, "one"));
            map.put(2, "two");
            return map.size() == 2 && "one".equals(map.get(1));
          },
          () -> {
            Chan<Object> c = Chan.make(9);
            for (int i = 0; i < 9; i++) {
              assertTrue(c.trySend("x" + i));
            }
            c.close();
            int n = 0;
            for (Object o : c) {
              n += o.equals("x" + n) ? 1 : 0;
            }
            return n == 9;
          },
          () -> "X".toLowerCase(Locale.ROOT).repeat(3).equals("xxx"));

  /** Follows gcgort.go: goroutines change values of every kind beside collections. */
  @Test
  void valuesOfEveryKindBesideCollections() throws Exception {
    var wrong = new AtomicInteger();
    var done = new WaitGroup();
    for (int g = 0; g < 8; g++) {
      for (Change change : CHANGES) {
        done.go(
            () -> {
              for (int i = 0; i < 8; i++) {
                Chan<Boolean> seen = Chan.make();
                go(() -> seen.send(change.isSeen()));
                wrong.addAndGet(seen.recv() ? 0 : 1);
              }
            });
      }
      System.gc();
    }
    done.await();
    assertEquals(0, wrong.get());
  }
}
