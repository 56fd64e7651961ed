package dev.raddle.sync;

import dev.raddle.CancelToken;
import dev.raddle.internal.chan.Behind;
import dev.raddle.internal.chan.Hchan;
import dev.raddle.internal.chan.Select;
import dev.raddle.internal.sched.WaitReason;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A number of units, some of which may be taken and given back: Go's {@code semaphore.Weighted}
 * (golang.org/x/sync). Waiters are served in the order in which they came, so one that wants many
 * is not overtaken for ever by those who want few. What happens before a {@link #release}
 * happens-before the return of an acquire that it made possible.
 *
 * <p>Where the number of goroutines is what matters, {@link ErrGroup#setLimit} or a channel with
 * that capacity is simpler.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/sync/semaphore">Go: x/sync/semaphore</a>
 */
public final class Semaphore {
  private final long size;
  private final Mutex mutex = new Mutex();
  private long taken; // guarded by mutex
  private final Set<Want> waiters = new LinkedHashSet<>(); // guarded by mutex

  private static final class Want {
    final long units;
    final Hchan got = new Hchan(1);

    Want(long units) {
      this.units = units;
    }
  }

  /**
   * Makes a semaphore.
   *
   * @param size units in all
   * @throws IllegalArgumentException if negative
   */
  public Semaphore(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("semaphore: expected a size from 0, found " + size);
    }
    this.size = size;
  }

  /**
   * Takes units, waiting until there are as many.
   *
   * @param units from 0 to the size
   * @throws InterruptedException if interrupted while waiting; nothing is taken then
   * @throws IllegalArgumentException if that many will never be there
   */
  public void acquire(long units) throws InterruptedException {
    if (units > size) {
      throw new IllegalArgumentException(
          "semaphore: expected at most " + size + " units, found " + units);
    }
    acquire(null, units);
  }

  /**
   * As {@link #acquire(long)}, until a context ends.
   *
   * @param token the context. If it has ended already, and the units are there, they are taken: as
   *     in Go, only a wait is ended by it. So is a wait for more than the size
   * @param units from 0
   * @throws InterruptedException if interrupted while waiting; nothing is taken then
   * @throws CancellationException if the context ended first; nothing is taken then
   */
  public void acquire(@Nullable CancelToken token, long units) throws InterruptedException {
    check(units);
    Want me = takeOrWait(units);
    if (me == null) {
      return;
    }
    boolean got = false;
    try {
      await(token, me);
      got = true;
    } finally {
      if (!got) {
        giveUp(me);
      }
    }
  }

  private void await(@Nullable CancelToken token, Want me) throws InterruptedException {
    if (token == null) {
      var wait = new Wait(new @Nullable Hchan[] {me.got});
      wait.run(-1, WaitReason.SEMAPHORE);
      return;
    }
    token.check();
    var either = new @Nullable Hchan[] {me.got, Behind.of(token.done())};
    var wait = new Wait(either);
    if (wait.run(-1, WaitReason.SEMAPHORE) != 0) {
      token.check();
      throw new IllegalStateException(
          "expected check() of " + token + " to throw, as its done() is ready");
    }
  }

  private final class Wait extends Select {
    Wait(@Nullable Hchan[] chans) {
      super(chans);
    }

    @Override
    protected Object what() {
      return text(); // without the mutex: a dump does not park, and is late anyway
    }
  }

  private String text() {
    return "Semaphore taken=" + taken + " of " + size + " waiting=" + waiters.size();
  }

  private @Nullable Want takeOrWait(long units) {
    mutex.lock();
    try {
      if (waiters.isEmpty() && units <= size - taken) {
        taken += units;
        return null;
      }
      var me = new Want(units);
      if (units <= size) { // else it will never be served, and must not keep others waiting
        waiters.add(me);
      }
      return me;
    } finally {
      mutex.unlock();
    }
  }

  private void giveUp(Want me) {
    mutex.lock();
    try {
      if (me.got.length() > 0) {
        taken -= me.units; // came at the same time
      }
      waiters.remove(me);
      serve(); // those behind may be content with less
    } finally {
      mutex.unlock();
    }
  }

  private void serve() {
    for (var all = waiters.iterator(); all.hasNext(); ) {
      Want next = all.next();
      if (next.units > size - taken) {
        return;
      }
      taken += next.units;
      all.remove();
      next.got.trySend(true);
    }
  }

  /**
   * Takes units if they are there and nobody waits.
   *
   * @param units from 0
   * @return whether they were taken
   */
  public boolean tryAcquire(long units) {
    check(units);
    mutex.lock();
    try {
      boolean there = waiters.isEmpty() && units <= size - taken;
      if (there) {
        taken += units;
      }
      return there;
    } finally {
      mutex.unlock();
    }
  }

  /**
   * Gives units back. Anybody may do so.
   *
   * @param units from 0 to as many as are taken
   * @throws IllegalStateException if fewer are taken; then nothing changes
   */
  public void release(long units) {
    check(units);
    mutex.lock();
    try {
      if (units > taken) {
        throw new IllegalStateException(
            "semaphore: released more than held: expected at most " + taken + ", found " + units);
      }
      taken -= units;
      serve();
    } finally {
      mutex.unlock();
    }
  }

  private static void check(long units) {
    if (units < 0) {
      throw new IllegalArgumentException("semaphore: expected units from 0, found " + units);
    }
  }

  @Override
  public String toString() {
    mutex.lock();
    try {
      return text();
    } finally {
      mutex.unlock();
    }
  }
}
