package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Queues of classes, with Ps that this thread owns: no M runs. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's queues")
class ClassesTest {
  private final ProcSched sched =
      new ProcSched(new SchedConfig("classes", 3, new int[0], 16, true));
  private final List<P> ps = new ArrayList<>();

  ClassesTest() {
    for (P p; (p = sched.procs.idle.pop()) != null; ) {
      p.status(P.RUNNING); // so nobody is woken for what is queued
      ps.add(p);
    }
  }

  @AfterEach
  void close() throws Exception {
    sched.close();
  }

  private static final class Queued extends G {
    @Override
    protected void body() {}
  }

  private G of(int priority) {
    var g = new Queued();
    g.priority(priority);
    g.sched = sched;
    return g;
  }

  private G timely(int priority, long within) {
    G g = of(priority);
    g.note(new Note(null, Map.of(), null, null, Deadline.in(within, false)));
    return g;
  }

  /** A goroutine that tells when it runs. */
  private final class Telling extends G {
    private final Queue<Integer> order; // lock-free: who waited for a lock would come late

    Telling(int priority, Queue<Integer> order) {
      this.order = order;
      priority(priority);
      sched = ClassesTest.this.sched;
    }

    @Override
    protected boolean counts() {
      return false;
    }

    @Override
    protected void body() {
      order.add(priority());
    }
  }

  @Test
  void aThiefLooksAtTheClassBeforeTheVictim() throws Exception {
    P thief = ps.get(0);
    thief.status(P.IDLE);
    sched.procs.idle.push(thief); // the only one with an M
    for (int round = 0; round < 60; round++) {
      var busy = new CountDownLatch(1);
      var queued = new AtomicBoolean();
      sched.spawn(
          new G() {
            @Override
            protected void body() {
              busy.countDown();
              while (!queued.get()) {
                Thread.onSpinWait();
              }
            }
          });
      assertTrue(busy.await(30, TimeUnit.SECONDS));
      var order = new ConcurrentLinkedQueue<Integer>();
      ps.get(1 + round % 2).append(new Telling(G.NORMAL, order));
      ps.get(2 - round % 2).append(new Telling(G.LOW, order));
      queued.set(true);
      while (order.size() < 2) { // ends by the time limit
        Thread.onSpinWait();
      }
      assertEquals(List.of(G.NORMAL, G.LOW), List.copyOf(order), "round " + round);
    }
  }

  /** Its own goroutine may run for long; whoever has only lower ones takes it. */
  @Test
  void whatIsHighOnABusyPGoesBeforeWhatIsLowerElsewhere() {
    P busy = ps.get(1);
    P other = ps.get(0);
    for (int lower = G.NORMAL; lower <= G.LOW; lower++) {
      for (int i = 0; i < 4; i++) {
        other.append(of(lower));
      }
      G high = of(G.HIGH);
      busy.append(high);
      List<Runnable> order = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        order.add(other.next());
        other.advance();
      }
      int at = order.indexOf(high);
      assertTrue(at >= 0 && at < 3, "one P a pick: found " + at);
    }
  }

  @Test
  void promotionReachesWhatHasNotStartedWhereverItIsQueued() {
    P p = ps.get(0);
    G local = of(G.LOW);
    G shared = of(G.LOW);
    G late = timely(G.LOW, 3_600_000_000_000L);
    G early = timely(G.NORMAL, 60_000_000_000L);
    G first = of(G.NORMAL);
    G second = of(G.NORMAL);
    p.append(first);
    p.append(local);
    sched.global.push(second);
    sched.global.push(shared);
    sched.global.push(early);
    sched.global.push(late);
    for (G g : List.of(late, local, shared)) {
      Classes.set(g, G.HIGH);
    }
    sched.followClasses(p);
    assertSame(late, p.next(), "what has a deadline goes first in its class");
    assertSame(local, p.next());
    assertSame(shared, p.next());
    assertSame(early, p.next());
    assertSame(first, p.next());
    assertSame(second, sched.global.poll(G.NORMAL, p));
  }

  @Test
  void demotionReachesWhatIsQueued() {
    P p = ps.get(0);
    G g = of(G.HIGH);
    G stays = of(G.NORMAL);
    p.append(g);
    p.append(stays);
    Classes.set(g, G.LOW);
    sched.followClasses(p);
    assertSame(stays, p.next());
    assertSame(g, p.next());
  }

  /** The count of picks is an int; the queues that wait their turn are found by it. */
  @Test
  void picksGoOnWhenTheirCountWraps() throws Exception {
    Classes.use();
    var one = new ProcSched(new SchedConfig("wraps", 1, new int[0], 16, true));
    var ran = new CountDownLatch(3);
    var picks = new AtomicInteger();
    G g =
        new G() {
          @Override
          protected void body() {
            one.procs.all()[0].tick(Integer.MAX_VALUE - 500);
            for (int priority = G.HIGH; priority <= G.LOW; priority++) {
              one.spawn(telling(ran, priority));
            }
            while (ran.getCount() > 0 || picks.get() < 1_000) {
              picks.incrementAndGet();
              Thread.yield();
            }
          }
        };
    one.spawn(g);
    assertTrue(ran.await(30, TimeUnit.SECONDS));
    one.close();
    assertTrue(picks.get() >= 1_000);
  }

  private static G telling(CountDownLatch ran, int priority) {
    G g =
        new G() {
          @Override
          protected void body() {
            ran.countDown();
          }
        };
    g.priority(priority);
    return g;
  }
}
