package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolTest {
  /** Follows TestPool, TestPoolNew (sync/pool_test.go). */
  @Test
  void whatWasPutIsGivenBeforeANewOneIsMade() {
    var made = new AtomicInteger();
    var pool = new Pool<>(() -> "new" + made.incrementAndGet());
    assertEquals("new1", pool.get());
    pool.put("a");
    pool.put("b");
    pool.put(null);
    var got = new ArrayList<>(List.of(pool.get(), pool.get()));
    got.sort(null);
    assertEquals(List.of("a", "b"), got);
    assertEquals("new2", pool.get());
  }

  /** Follows TestPoolGC, TestPoolRelease (sync/pool_test.go): nothing stays that nobody takes. */
  @Test
  void whatNobodyTakesIsGarbage() {
    var pool = new Pool<>(() -> new byte[1]);
    List<WeakReference<byte[]>> put = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      var item = new byte[100];
      put.add(new WeakReference<>(item));
      pool.put(item);
    }
    for (int uses = 0; put.stream().anyMatch(r -> r.get() != null); uses++) {
      assertTrue(uses < 20, "held though nobody took them");
      System.gc();
      pool.get(); // a use, by which the pool sees the collection; its item is dropped
    }
    assertEquals(1, pool.get().length);
  }

  /** Follows TestPoolStress (sync/pool_test.go): nobody gets what another has. */
  @Test
  void nobodyGetsWhatAnotherHas() throws Exception {
    var pool = new Pool<>(AtomicInteger::new);
    var wg = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      wg.go(
          () -> {
            for (int k = 0; k < 20_000; k++) {
              AtomicInteger mine = pool.get();
              assertEquals(0, mine.getAndIncrement(), "another has it");
              if (k % 100 == 0) {
                Go.gosched();
              }
              mine.decrementAndGet();
              pool.put(mine);
            }
          });
    }
    wg.await();
  }

  @Test
  void platformThreadsMayUseIt() throws Exception {
    var pool = new Pool<>(Object::new);
    Object mine = pool.get();
    pool.put(mine);
    var other = new Object[1];
    Thread t = Thread.ofPlatform().start(() -> other[0] = pool.get());
    t.join();
    assertTrue(other[0] == mine || other[0] != null);
    assertNotSame(other[0], pool.get());
  }

  /** Follows TestNilPool (sync/pool_test.go). */
  @Test
  @SuppressWarnings("NullAway") // what it refuses
  void aMakerIsNeeded() {
    assertThrows(NullPointerException.class, () -> new Pool<Object>(null));
  }
}
