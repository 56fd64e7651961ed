package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.History.Drained;
import dev.raddle.History.Got;
import dev.raddle.History.Op;
import dev.raddle.History.Sent;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/*
 * A random program: some goroutines, virtual and platform threads, each with a list of steps on some
 * channels of any kind (one of them nil). Some steps interrupt another thread, or cancel its context.
 * The program runs until every thread has ended or waits. Then must hold
 *   - nobody waits for what could go on: no receive while the channel holds something, is closed or
 *     has a sender in another thread that waits; no send while there is room, or it is closed; and
 *     nobody waits who was interrupted, or whose context has ended;
 *   - after everyone was interrupted: each element that a send said it sent was received once, was
 *     given to the hook, or is still in its channel; no other was;
 *   - elements of one sender on one channel reached each receiver in order;
 *   - if the program was short: what its threads saw could have happened one after the other.
 * What each operation did is told with two stamps of one counter, before its call and after its
 * return; see History.
 */
final class FuzzProgram {
  /** More than a worker has steps: its elements are its number times this, and so on. */
  static final int ELEMENTS = 1_000;

  /** Longer histories take too long to judge. */
  private static final int SHORT = 12;

  private final long seed;
  private final Random random;
  private final List<ChanModel.Kind> kinds = new ArrayList<>();
  private final List<ChanModel> models = new ArrayList<>();
  private final List<Chan<Integer>> chans = new ArrayList<>();
  private final List<FuzzWorker> workers = new ArrayList<>();
  private final int steps;

  /** The operations of this program: a few only, often, so that they meet each other. */
  private final int[] menu;

  private final CountDownLatch start;
  private final Set<Integer> closed = ConcurrentHashMap.newKeySet();
  private final Queue<Op> history = new ConcurrentLinkedQueue<>();
  private final Queue<List<Integer>> undelivered = new ConcurrentLinkedQueue<>();
  private final AtomicLong stamps = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  /**
   * Makes a program.
   *
   * @param small whether its history is short enough to be judged
   */
  FuzzProgram(long seed, boolean small, FuzzOps ops) {
    this.seed = seed;
    random = new Random(seed);
    int n = 1 + random.nextInt(small ? 2 : 4);
    for (int i = 0; i < n; i++) {
      int chan = i;
      ChanModel.Kind kind =
          random.nextInt(5) < 3 ? ChanModel.Kind.PLAIN : ChanModel.Kind.any(random);
      int capacity = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
      chans.add(kind.make(capacity, e -> undelivered.add(List.of(chan, e))));
      models.add(new ChanModel(kind, capacity));
      kinds.add(kind);
    }
    chans.add(Chan.nil());
    int count = small ? 2 + random.nextInt(3) : 2 + random.nextInt(6);
    steps = small ? SHORT / count : 30;
    for (int w = 0; w < count; w++) {
      workers.add(new FuzzWorker(this, ops, w, random.nextLong()));
    }
    start = new CountDownLatch(count);
    int all = FuzzWorker.OPERATIONS;
    menu = random.ints(random.nextBoolean() ? 2 * all : 2 + random.nextInt(3), 0, all).toArray();
  }

  /** Runs it; fails if anything does not hold, at the latest after {@code patience} at rest. */
  void run(Scheduler sched, Duration patience) throws Exception {
    try {
      for (FuzzWorker w : workers) {
        Threads kind = random.nextBoolean() ? Threads.GOROUTINE : Threads.of(random.nextInt(3));
        if (kind == Threads.GOROUTINE) {
          sched.go(() -> guard(w));
        } else {
          kind.start(() -> guard(w));
        }
      }
      Waits.until(() -> everyoneRests() && nobodyCouldGoOn(), patience, this::describe);
    } finally {
      stopping = true;
      Waits.until(
          () -> {
            workers.forEach(FuzzWorker::interrupt);
            return workers.stream().allMatch(FuzzWorker::ended);
          },
          this::describe);
    }
    for (Throwable t : failures) {
      throw new AssertionError(describe(), t);
    }
    check();
  }

  private void guard(FuzzWorker w) {
    try {
      w.run(steps);
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  // ---- for the workers ----

  /** Waits for the other workers, so that their steps come at the same time. */
  void arrive() throws InterruptedException {
    start.countDown();
    start.await();
  }

  int nil() {
    return models.size();
  }

  Chan<Integer> chan(int c) {
    return chans.get(c);
  }

  FuzzWorker any(Random r) {
    return workers.get(r.nextInt(workers.size()));
  }

  int operation(Random r) {
    return menu[r.nextInt(menu.length)];
  }

  long stamp() {
    return stamps.incrementAndGet();
  }

  boolean stopping() {
    return stopping;
  }

  void record(Op op) {
    history.add(op);
  }

  void closed(int c) {
    closed.add(c);
  }

  // ---- what must hold ----

  private boolean everyoneRests() {
    return workers.stream().allMatch(FuzzWorker::rests);
  }

  private boolean nobodyCouldGoOn() {
    for (FuzzWorker w : workers) {
      FuzzWorker.Wish wish = w.wish();
      if (w.ended() || wish == null) {
        continue;
      }
      if (w.isInterrupted()
          || (wish.ctx() != null && wish.ctx().err() != null)
          || wish.sends().stream().anyMatch(c -> couldSend(w, c))
          || wish.recvs().stream().anyMatch(c -> couldRecv(w, c))) {
        return false;
      }
    }
    return true;
  }

  private boolean couldSend(FuzzWorker w, int c) {
    Chan<Integer> chan = chans.get(c);
    return closed.contains(c)
        || kinds.get(c) != ChanModel.Kind.PLAIN
        || chan.len() < chan.cap()
        || workers.stream().anyMatch(o -> o != w && waits(o).recvs().contains(c));
  }

  private boolean couldRecv(FuzzWorker w, int c) {
    return closed.contains(c)
        || chans.get(c).len() > 0
        || workers.stream().anyMatch(o -> o != w && waits(o).sends().contains(c));
  }

  private static FuzzWorker.Wish waits(FuzzWorker w) {
    FuzzWorker.Wish wish = w.wish();
    return wish == null ? new FuzzWorker.Wish(List.of(), List.of(), null) : wish;
  }

  private void check() {
    Map<List<Integer>, Integer> balance = new HashMap<>(); // by channel and element
    Map<List<Integer>, Integer> last = new HashMap<>();
    for (Op op : history) {
      switch (op.effect()) {
        case Sent s -> balance.merge(List.of(s.chan(), s.element()), 1, Integer::sum);
        case Got g when g.element() != null -> got(op.by(), g.chan(), g.element(), balance, last);
        case Drained d -> d.elements().forEach(e -> got(op.by(), d.chan(), e, balance, last));
        default -> {}
      }
    }
    undelivered.forEach(u -> balance.merge(u, -1, Integer::sum));
    for (int c = 0; c < nil(); c++) {
      for (Recv<Integer> r; (r = chans.get(c).tryRecv()) != null && r.ok(); ) {
        balance.merge(List.of(c, Objects.requireNonNull(r.value())), -1, Integer::sum);
      }
    }
    balance.forEach((key, n) -> assertEquals(0, n, () -> "element " + key + ": " + describe()));
    if (history.size() <= SHORT) {
      assertTrue(
          History.isLinearizable(List.copyOf(history), models),
          () -> "no order explains it: " + describe());
    }
  }

  private void got(
      int by,
      int c,
      int element,
      Map<List<Integer>, Integer> balance,
      Map<List<Integer>, Integer> last) {
    balance.merge(List.of(c, element), -1, Integer::sum);
    Integer before = last.put(List.of(by, c, element / ELEMENTS), element);
    assertTrue(before == null || before < element, () -> "out of order: " + describe());
  }

  private String describe() {
    var out = new StringBuilder("seed " + seed + ", -Draddle.fuzz.seed=" + seed + "\n");
    for (int c = 0; c < nil(); c++) {
      out.append(chans.get(c)).append(closed.contains(c) ? " closed\n" : "\n");
    }
    for (int w = 0; w < workers.size(); w++) {
      FuzzWorker it = workers.get(w);
      out.append("worker ").append(w).append(it.ended() ? " ended " : " waits ");
      out.append(it.wish()).append('\n');
    }
    history.forEach(op -> out.append(op).append('\n'));
    undelivered.forEach(u -> out.append("undelivered ").append(u).append('\n'));
    return out.toString();
  }
}
