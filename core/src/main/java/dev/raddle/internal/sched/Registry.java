package dev.raddle.internal.sched;

import dev.raddle.internal.util.SpinLock;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * The threads of a scheduler's goroutines, held weakly: a goroutine that waits for what nobody else
 * can reach is garbage, as it can never go on. Whatever could wake a thread (the queue of a channel,
 * a timer, a lock, a run queue, a poller) holds it strongly.
 *
 * Roles       A thread's M adds it before its start and removes it at its end; sysmon reaps.
 * Invariants  I1  slots[i].index == i for i < size, under the stripe's lock
 * Stripes     By the adding M, so that two Ms rarely meet.
 * Why not     The JDK's own table (strong by default, else no table), or a concurrent set: 60
 *             bytes an entry.
 */
final class Registry {
  private static final int STRIPES = 16;

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final ReferenceQueue<GThread> collected = new ReferenceQueue<>();

  Registry() {
    Arrays.setAll(stripes, i -> new Stripe());
  }

  private static final class Stripe extends SpinLock {
    private @Nullable Entry[] slots = new Entry[16];
    private int size;

    @Nullable Entry[] copy() {
      lock();
      try {
        return Arrays.copyOf(slots, size);
      } finally {
        unlock();
      }
    }
  }

  /** Where a thread stands. */
  static final class Entry extends WeakReference<GThread> {
    private final Stripe stripe;
    private int index;

    /** Whether what it runs counts as a goroutine. Written by the thread itself. */
    private boolean counts;

    private Entry(GThread t, boolean counts, ReferenceQueue<GThread> queue, Stripe stripe) {
      super(t, queue);
      this.counts = counts;
      this.stripe = stripe;
    }

    /** What the thread runs next; null: it ends. */
    void next(@Nullable G g) {
      if (g == null) {
        remove();
      } else if (counts != g.counts()) {
        counts = !counts;
      }
    }

    private void remove() {
      clear();
      stripe.lock();
      try {
        Entry[] slots = slots();
        Entry last = slots[--stripe.size];
        slots[index] = last;
        last.index = index;
        stripe.slots[stripe.size] = null;
      } finally {
        stripe.unlock();
      }
    }

    @SuppressWarnings("NullAway") // I1: every slot below size holds an entry
    private Entry[] slots() {
      return stripe.slots;
    }
  }

  Entry add(GThread t, boolean counts, int by) {
    Stripe s = stripes[by % STRIPES];
    var e = new Entry(t, counts, collected, s);
    s.lock();
    try {
      if (s.size == s.slots.length) {
        s.slots = Arrays.copyOf(s.slots, s.size * 2);
      }
      e.index = s.size;
      s.slots[s.size++] = e;
    } finally {
      s.unlock();
    }
    return e;
  }

  /** Forgets what the collector took. Returns how many goroutines were among it. */
  int reap() {
    int goroutines = 0;
    for (Reference<? extends GThread> r; (r = collected.poll()) != null; ) {
      if (r instanceof Entry e) {
        e.remove();
        goroutines += e.counts ? 1 : 0;
      }
    }
    return goroutines;
  }

  /** How many threads run what counts as a goroutine, or what does not. */
  long count(boolean counting) {
    long n = 0;
    for (Stripe s : stripes) {
      for (Entry e : s.copy()) {
        n += e != null && e.counts == counting ? 1 : 0;
      }
    }
    return n;
  }

  /** Every thread that is there now. */
  List<GThread> threads() {
    List<GThread> all = new ArrayList<>();
    for (Stripe s : stripes) {
      for (Entry e : s.copy()) {
        GThread t = e == null ? null : e.get();
        if (t != null) {
          all.add(t);
        }
      }
    }
    return all;
  }

  /** Calls {@code visitor} for every goroutine on these threads. */
  void forEach(Consumer<G> visitor) {
    for (GThread t : threads()) {
      G g = t.g();
      if (g != null) {
        visitor.accept(g);
      }
    }
  }
}
