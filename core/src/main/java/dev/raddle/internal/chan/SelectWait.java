package dev.raddle.internal.chan;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.Waiter;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * The wait of a select. However many queues and timers it is in, exactly one of them wins: the CAS of
 * `winner` decides, and only the winner calls ready().
 *
 * States      winner null -> a Sudog     // a counterpart or a close took it from a channel's queue
 *             winner null -> TIMEOUT     // the timer fired
 *             winner null -> CANCELLED   // the waiter withdrew: interrupted
 *             winner any  -> null        // renew(): the next wait of the same thread
 * Ordering    R1  elem and ok of the winning sudog are written before ready() (release in Waiter).
 */
final class SelectWait extends Waiter {
  static final Object TIMEOUT = "timeout";
  private static final Object CANCELLED = "cancelled";

  private static final VarHandle WINNER =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "winner", VarHandle.class, SelectWait.class, Object.class);

  @SuppressWarnings("UnusedVariable") // written through WINNER
  private volatile @Nullable Object winner;

  private final Select of;

  static { // as Hchan.rehearse: the first real one runs under the lock of somebody's channel
    new SelectWait(new Select(new Hchan[0], new boolean[0], new Object[0])).win(TIMEOUT);
  }

  SelectWait(Select of) {
    this.of = of;
  }

  /** Begins anew. See Select: nobody else may know of it. */
  void renew() {
    again();
    winner = null;
  }

  boolean win(Object by) {
    return WINNER.compareAndSet(this, null, by);
  }

  @Nullable Object winner() {
    return winner;
  }

  @Override
  protected @Nullable Object what() {
    return of.what();
  }

  @Override
  protected boolean withdraw() {
    return win(CANCELLED);
  }
}
