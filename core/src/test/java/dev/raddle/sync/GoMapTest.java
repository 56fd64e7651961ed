package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * After Go's sync/map_test.go: there is no map of ours, because the JDK's serves. Here is what Go's
 * asks of one.
 */
@Timeout(60)
class GoMapTest {
  private static final Map<Integer, Integer> EMPTY = new ConcurrentHashMap<>();

  /** Follows TestMapMatchesRWMutex, ..DeepCopy and ..HashTrieMap: random calls, and a plain map. */
  @Test
  void itAnswersAsAPlainMap() {
    var random = new Random(1);
    Map<Integer, Integer> plain = new HashMap<>();
    Map<Integer, Integer> map = new ConcurrentHashMap<>();
    for (int i = 0; i < 50_000; i++) {
      int k = random.nextInt(20);
      int v = random.nextInt(5);
      switch (random.nextInt(9)) {
        case 0 -> assertEquals(plain.put(k, v), map.put(k, v)); // Store, Swap
        case 1 -> assertEquals(plain.get(k), map.get(k));
        case 2 -> assertEquals(plain.putIfAbsent(k, v), map.putIfAbsent(k, v)); // LoadOrStore
        case 3 -> assertEquals(plain.remove(k), map.remove(k)); // LoadAndDelete
        case 4 -> assertEquals(plain.replace(k, v, v + 1), map.replace(k, v, v + 1));
        case 5 -> assertEquals(plain.remove(k, v), map.remove(k, v)); // CompareAndDelete
        case 6 -> assertEquals(plain.replace(k, v), map.replace(k, v));
        case 7 -> {
          if (random.nextInt(50) == 0) {
            plain.clear();
            map.clear();
          }
        }
        default -> assertEquals(plain, new HashMap<>(map)); // Range
      }
    }
  }

  /** Follows TestConcurrentRange: a walk beside writers meets each key once. */
  @Test
  void aWalkBesideWritersMeetsEachKeyOnce() throws Exception {
    int size = 1 << 10;
    Map<Integer, Long> map = new ConcurrentHashMap<>();
    for (int k = 1; k <= size; k++) {
      map.put(k, (long) k);
    }
    var stop = new AtomicBoolean();
    var wg = new WaitGroup();
    for (int g = 1; g <= 2; g++) {
      int me = g;
      wg.go(
          () -> {
            var random = new Random(me);
            for (long i = 1; !stop.get(); i++) {
              int k = 1 + random.nextInt(size);
              map.put(k, k * i * me);
              if (i % 100 == 0) {
                Go.gosched();
              }
            }
          });
    }
    for (int i = 0; i < 50; i++) {
      Set<Integer> seen = new HashSet<>();
      map.forEach(
          (k, v) -> {
            assertEquals(0, v % k);
            assertTrue(seen.add(k));
          });
      assertEquals(size, seen.size());
    }
    stop.set(true);
    wg.await();
  }

  /** Follows TestIssue40999: a key that was taken out is garbage, though nobody looks. */
  @Test
  void aKeyThatWasTakenOutIsGarbage() {
    Map<Object, Boolean> map = new ConcurrentHashMap<>();
    map.put("stays", true);
    WeakReference<?> key = putAndRemove(map);
    while (key.get() != null) { // ends by the time limit
      System.gc();
    }
    assertEquals(1, map.size());
  }

  private static WeakReference<?> putAndRemove(Map<Object, Boolean> map) {
    Object key = new Object();
    map.put(key, true);
    map.remove(key);
    return new WeakReference<>(key);
  }

  /** Follows TestMapRangeNestedCall: walks within a walk, which change the map. */
  @Test
  void aWalkMayWalkAndChange() {
    Map<Integer, String> map = new ConcurrentHashMap<>(Map.of(0, "hello", 1, "world", 2, "Go"));
    map.forEach(
        (key, value) -> {
          map.forEach(
              (k, v) -> {
                if (k != 42) {
                  assertEquals(v, map.get(k));
                }
                assertNull(map.putIfAbsent(42, "dummy"));
                map.put(42, "other");
                assertEquals("other", map.remove(42));
              });
          map.remove(key);
        });
    assertEquals(Map.of(), map);
  }

  /** Follows TestCompareAndSwap_NonExistingKey. */
  @Test
  void nothingIsReplacedWhereNothingIs() {
    assertFalse(EMPTY.replace(1, 0, 42));
    assertNull(EMPTY.replace(1, 42));
    assertEquals(0, EMPTY.size());
  }

  /** Follows TestConcurrentClear. */
  @Test
  void clearBesideWritersAndReaders() throws Exception {
    Map<Integer, Integer> map = new ConcurrentHashMap<>();
    var wrong = new AtomicInteger();
    var wg = new WaitGroup();
    for (int g = 0; g < 10; g++) {
      int k = g;
      wg.go(() -> map.put(k, 10 * k));
      wg.go(() -> wrong.addAndGet(map.getOrDefault(k, 10 * k) == 10 * k ? 0 : 1));
      wg.go(map::clear);
    }
    wg.await();
    map.clear();
    assertEquals(Map.of(), map);
    assertEquals(0, wrong.get());
  }
}
