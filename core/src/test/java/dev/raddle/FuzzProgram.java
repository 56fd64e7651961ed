package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/*
 * A random program: some goroutines, each with a list of steps on some plain channels (one of them
 * nil). It runs until every goroutine has ended or waits. Then must hold
 *   - nobody waits for what could go on: no receive while the channel holds something, is closed or
 *     has a sender in another goroutine that waits; no send while there is room, or it is closed;
 *   - after everyone was interrupted: each element that a send said it sent was received once, or
 *     is still in its channel; no other was;
 *   - elements of one sender on one channel reached each receiver in order.
 */
final class FuzzProgram implements AutoCloseable {
  private static final boolean OWN = !"jdk".equals(System.getProperty("raddle.scheduler"));

  private final long seed;
  private final Random random;
  private final Scheduler sched;
  private final List<Chan<Integer>> chans = new ArrayList<>();
  private final boolean[] closes;
  private final AtomicReferenceArray<@Nullable Wish> wishes;
  private final AtomicReferenceArray<@Nullable Thread> threads;
  private final AtomicReferenceArray<@Nullable Goroutine> goroutines;
  private final AtomicInteger ended = new AtomicInteger();
  private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

  /** What a goroutine is about to do: channels that it would send to, and receive from. */
  private record Wish(int[] sends, int[] recvs) {}

  /** Something happened to an element on a channel. */
  private record Event(boolean sent, int by, int chan, int element) {}

  FuzzProgram(long seed, int procs) {
    this.seed = seed;
    random = new Random(seed);
    sched = OWN ? Scheduler.builder().name("fuzz").processors(procs).build() : Scheduler.current();
    int n = 1 + random.nextInt(4);
    for (int i = 0; i < n; i++) {
      chans.add(Chan.make(random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0));
    }
    chans.add(Chan.nil());
    closes = new boolean[n];
    int goroutineCount = 2 + random.nextInt(6);
    wishes = new AtomicReferenceArray<>(goroutineCount);
    threads = new AtomicReferenceArray<>(goroutineCount);
    goroutines = new AtomicReferenceArray<>(goroutineCount);
  }

  void run() {
    for (int g = 0; g < wishes.length(); g++) {
      int me = g;
      long mine = random.nextLong();
      sched.go(() -> steps(me, new Random(mine)));
    }
    Waits.until(() -> everyoneRests() && nobodyCouldGoOn(), this::describe);
    Waits.until(
        () -> {
          for (int g = 0; g < threads.length(); g++) {
            Thread t = threads.get(g);
            if (t != null) {
              t.interrupt();
            }
          }
          return ended.get() == wishes.length();
        },
        this::describe);
    check();
  }

  // ---- the goroutines ----

  private void steps(int me, Random r) {
    goroutines.set(me, Goroutine.current());
    threads.set(me, Thread.currentThread());
    try {
      for (int step = 0; step < 30; step++) {
        step(me, r, me * 1_000 + step);
      }
    } catch (InterruptedException end) {
      // what it waited for did not happen
    } finally {
      threads.set(me, null);
      Thread.interrupted();
      ended.incrementAndGet();
    }
  }

  private void step(int me, Random r, int element) throws InterruptedException {
    int c = r.nextInt(100) < 3 ? chans.size() - 1 : r.nextInt(chans.size() - 1);
    Chan<Integer> chan = chans.get(c);
    try {
      switch (r.nextInt(8)) {
        case 0, 1 -> {
          wish(me, new int[] {c}, new int[0]);
          chan.send(element);
          sent(me, c, element);
        }
        case 2, 3 -> {
          wish(me, new int[0], new int[] {c});
          received(me, c, chan.receive());
        }
        case 4 -> {
          if (chan.trySend(element)) {
            sent(me, c, element);
          }
        }
        case 5 -> received(me, c, chan.tryRecv());
        case 6 -> choose(me, r, element);
        default -> {
          if (r.nextInt(12) == 0 && c < closes.length) {
            close(c);
          } else {
            Go.gosched();
          }
        }
      }
    } catch (ChannelClosedException closed) {
      // the send did not happen
    }
    wishes.set(me, null);
  }

  private void close(int c) {
    synchronized (closes) {
      if (closes[c]) {
        return;
      }
      closes[c] = true;
    }
    chans.get(c).close();
  }

  /** A select over two to four cases, of the same channels perhaps, with a default now and then. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private void choose(int me, Random r, int element) throws InterruptedException {
    int n = 2 + r.nextInt(3);
    int[] sends = new int[0];
    int[] recvs = new int[0];
    boolean orElse = r.nextInt(3) == 0;
    Case<Integer>[] cases = new Case[orElse ? n + 1 : n];
    for (int i = 0; i < n; i++) {
      int c = r.nextInt(chans.size());
      Chan<Integer> chan = chans.get(c);
      if (r.nextBoolean()) {
        sends = with(sends, c);
        cases[i] =
            chan.onSend(
                element,
                () -> {
                  sent(me, c, element);
                  return 0;
                });
      } else {
        recvs = with(recvs, c);
        cases[i] =
            chan.onReceive(
                got -> {
                  received(me, c, got);
                  return 0;
                });
      }
    }
    if (orElse) {
      cases[n] = Go.orElse(() -> 0);
    } else {
      wish(me, sends, recvs);
    }
    Go.select(cases);
  }

  private static int[] with(int[] some, int one) {
    int[] more = Arrays.copyOf(some, some.length + 1);
    more[some.length] = one;
    return more;
  }

  private void wish(int me, int[] sends, int[] recvs) {
    wishes.set(me, new Wish(sends, recvs));
  }

  private void sent(int me, int c, int element) {
    events.add(new Event(true, me, c, element));
  }

  private void received(int me, int c, @Nullable Recv<Integer> got) {
    if (got != null && got.ok()) {
      events.add(new Event(false, me, c, Objects.requireNonNull(got.value())));
    }
  }

  // ---- what must hold ----

  private boolean everyoneRests() {
    for (int g = 0; g < wishes.length(); g++) {
      Goroutine it = goroutines.get(g);
      boolean over = it != null && threads.get(g) == null;
      if (it == null || !(over || (it.waitReason() != null && wishes.get(g) != null))) {
        return false;
      }
    }
    return true;
  }

  private boolean nobodyCouldGoOn() {
    for (int g = 0; g < wishes.length(); g++) {
      Wish wish = threads.get(g) == null ? null : wishes.get(g);
      if (wish == null) {
        continue;
      }
      for (int c : wish.sends) {
        Chan<Integer> chan = chans.get(c);
        boolean nil = c == closes.length;
        if (!nil && (closes[c] || chan.len() < chan.cap() || another(g, c, false))) {
          return false;
        }
      }
      for (int c : wish.recvs) {
        boolean nil = c == closes.length;
        if (!nil && (closes[c] || chans.get(c).len() > 0 || another(g, c, true))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether another goroutine waits to send to, or to receive from, the channel. */
  private boolean another(int g, int c, boolean sends) {
    for (int other = 0; other < wishes.length(); other++) {
      Wish wish = other == g || threads.get(other) == null ? null : wishes.get(other);
      if (wish != null && Arrays.stream(sends ? wish.sends : wish.recvs).anyMatch(x -> x == c)) {
        return true;
      }
    }
    return false;
  }

  private void check() {
    Map<Integer, Integer> balance = new HashMap<>(); // element and channel in one number
    Map<List<Integer>, Integer> last = new HashMap<>();
    for (Event e : events) {
      int key = e.element * 10 + e.chan;
      balance.merge(key, e.sent ? 1 : -1, Integer::sum);
      if (!e.sent) {
        Integer before = last.put(List.of(e.by, e.chan, e.element / 1_000), e.element);
        assertTrue(before == null || before < e.element, () -> "out of order: " + describe());
      }
    }
    for (int c = 0; c < closes.length; c++) {
      for (Recv<Integer> r; (r = chans.get(c).tryRecv()) != null && r.ok(); ) {
        balance.merge(Objects.requireNonNull(r.value()) * 10 + c, -1, Integer::sum);
      }
    }
    balance.forEach((key, n) -> assertEquals(0, n, () -> "element " + key + ": " + describe()));
  }

  private String describe() {
    var out = new StringBuilder("seed " + seed + ", -Draddle.fuzz.seed=" + seed + "\n");
    for (int c = 0; c < closes.length; c++) {
      out.append(chans.get(c)).append(closes[c] ? " closed\n" : "\n");
    }
    for (int g = 0; g < wishes.length(); g++) {
      Wish w = wishes.get(g);
      out.append("goroutine ").append(g).append(threads.get(g) == null ? " ended" : " waits");
      if (w != null) {
        out.append(" send ").append(Arrays.toString(w.sends));
        out.append(" recv ").append(Arrays.toString(w.recvs));
      }
      out.append('\n');
    }
    events.forEach(e -> out.append(e).append('\n'));
    return out.toString();
  }

  @Override
  public void close() {
    if (OWN) {
      sched.close();
    }
  }
}
