package dev.raddle;

import dev.raddle.internal.chan.Hchan;
import dev.raddle.internal.chan.Select;
import dev.raddle.internal.chan.TimerChan;
import dev.raddle.internal.sched.Goexit;
import dev.raddle.internal.sched.LockedThread;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.internal.util.Clock;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Go's verbs, for {@code import static dev.raddle.Go.*}. */
public final class Go {
  private Go() {}

  /**
   * Starts a goroutine on the scheduler of the current one, elsewhere on the default scheduler.
   * What happened before the call happens-before the body.
   *
   * @param body what it runs. A throwable that leaves it goes to the scheduler's handler; under
   *     {@code ./raddle run} it ends the program, as a panic does in Go
   */
  public static void go(Body body) {
    Scheduler.current().go(body);
  }

  /**
   * Starts a goroutine with a name, priority or other options.
   *
   * @param options how
   * @param body what it runs
   */
  public static void go(GoOptions options, Body body) {
    Scheduler.current().go(options, body);
  }

  /**
   * Starts a goroutine on a given scheduler.
   *
   * @param scheduler where
   * @param body what it runs
   */
  public static void go(Scheduler scheduler, Body body) {
    scheduler.go(body);
  }

  /**
   * Waits until one of the cases can go on, performs it and runs its body. If several can, the
   * choice is uniformly random and made at one instant over all channels. With {@link #orElse} it
   * never waits; with {@link #after(Duration, Case.OnChosen)} it waits at most that long. With no
   * case at all it waits for ever.
   *
   * @param cases at most one of them {@link #orElse}; of several timeouts the shortest counts; a
   *     null case is never ready
   * @param <R> what the bodies return
   * @return what the body of the chosen case returned
   * @throws ChannelClosedException if the chosen case sends and its channel is closed
   * @throws InterruptedException if interrupted while waiting; then no case was performed
   * @see <a href="https://go.dev/ref/spec#Select_statements">Go specification: select</a>
   */
  @SafeVarargs
  public static <R extends @Nullable Object> R select(@Nullable Case<? extends R>... cases)
      throws InterruptedException {
    int n = cases.length;
    @Nullable Hchan[] chans = new Hchan[n];
    boolean[] sends = new boolean[n];
    @Nullable Object[] elems = new Object[n];
    Case.@Nullable Otherwise<? extends R> otherwise = null;
    for (int i = 0; i < n; i++) {
      switch (cases[i]) {
        case null -> {}
        case Case.Receiving<? extends R> r -> chans[i] = r.chan;
        case Case.Sending<? extends R> s -> {
          chans[i] = s.chan;
          sends[i] = true;
          elems[i] = s.elem;
        }
        case Case.Otherwise<? extends R> o -> otherwise = earlier(otherwise, o);
      }
    }
    var select = new Select(chans, sends, elems);
    int chosen = select.run(otherwise == null ? -1 : otherwise.timeoutNanos);
    return afterSelect(select, chosen, cases, otherwise);
  }

  /** Out of the frame that waits, and run before: see Waiter, Profile. */
  private static <R extends @Nullable Object> R afterSelect(
      Select select,
      int chosen,
      @Nullable Case<? extends R>[] cases,
      @Nullable Case<? extends R> otherwise)
      throws InterruptedException {
    Case<? extends R> won = chosen >= 0 ? cases[chosen] : otherwise;
    if (won == null) {
      throw new AssertionError("a case that is not there was chosen");
    }
    return won.chosen(select.received(), select.ok());
  }

  static {
    try {
      select(orElse(() -> 0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // before the class was used; nobody waits
    }
  }

  private static <R extends @Nullable Object> Case.Otherwise<? extends R> earlier(
      Case.@Nullable Otherwise<? extends R> a, Case.Otherwise<? extends R> b) {
    if (a != null && a.timeoutNanos == Long.MIN_VALUE && b.timeoutNanos == Long.MIN_VALUE) {
      throw new IllegalArgumentException("select: expected at most one orElse, found two");
    }
    return a == null || b.timeoutNanos < a.timeoutNanos ? b : a;
  }

  /**
   * The default case: chosen when no other can go on at once.
   *
   * @param body runs when it was chosen
   * @param <R> what the select returns
   * @return the case
   */
  public static <R extends @Nullable Object> Case<R> orElse(Case.OnChosen<R> body) {
    return new Case.Otherwise<>(Long.MIN_VALUE, body);
  }

  /**
   * A timeout: chosen when no other case could go on for that long. Starts no goroutine.
   *
   * @param delay zero or negative: do not wait
   * @param body runs when it was chosen
   * @param <R> what the select returns
   * @return the case
   */
  public static <R extends @Nullable Object> Case<R> after(Duration delay, Case.OnChosen<R> body) {
    return new Case.Otherwise<>(Math.max(0, Clock.nanos(delay)), body);
  }

  /**
   * A channel that gives one value after that time: {@code newTimer(delay).c()}. Nothing needs to
   * be stopped: once nobody references the channel it is garbage, due or not.
   *
   * @param delay zero or negative: at once
   * @return the channel; its value is the time at which it became due
   */
  public static RecvChan<Instant> after(Duration delay) {
    return newTimer(delay).c();
  }

  /**
   * Makes a timer whose channel gives one value after that time.
   *
   * @param delay zero or negative: at once
   * @return the timer
   */
  public static Timer newTimer(Duration delay) {
    return new Timer.OfChan(Clock.nanos(delay));
  }

  /**
   * Runs a body in a goroutine of its own after that time, on the current goroutine's scheduler
   * (elsewhere the default one). If that has closed by then, the default one runs it; a close does
   * not wait for it.
   *
   * @param delay zero or negative: at once
   * @param body what it runs; a throwable that leaves it is treated as in {@link #go(Body)}
   * @return a timer that stops or postpones the call; its channel is the nil channel
   */
  public static Timer afterFunc(Duration delay, Body body) {
    return new AfterFunc(Clock.nanos(delay), body);
  }

  /**
   * Makes a ticker: its channel gives a value after every such period.
   *
   * @param period between the ticks; values above 146 years are cut
   * @return the ticker
   * @throws IllegalArgumentException if the period is zero or negative
   */
  public static Ticker newTicker(Duration period) {
    return new Ticker(Ticker.positive(period, "NewTicker"));
  }

  /**
   * The channel of a ticker that is never stopped. Once nobody references it, it is garbage.
   *
   * @param period zero or negative: the nil channel
   * @return the channel
   */
  public static RecvChan<Instant> tick(Duration period) {
    long nanos = Clock.nanos(period);
    return (nanos > 0 ? Chan.of(new TimerChan(nanos, nanos)) : Chan.<Instant>nil()).recvOnly();
  }

  /**
   * Parks the current thread for that long.
   *
   * @param duration zero or negative: returns at once
   * @throws InterruptedException if interrupted before the time is up
   */
  public static void sleep(Duration duration) throws InterruptedException {
    long nanos = Clock.nanos(duration);
    if (nanos <= 0) {
      return;
    }
    var sleep = new Sleep(Clock.after(nanos));
    Sched.current().addTimer(sleep.timer);
    sleep.await(WaitReason.SLEEP);
  }

  private static final class Sleep extends Waiter {
    final dev.raddle.internal.timer.Timer timer;

    Sleep(long when) {
      timer =
          new dev.raddle.internal.timer.Timer(when) {
            @Override
            protected void fire() {
              ready();
            }
          };
    }

    @Override
    protected boolean withdraw() {
      return timer.cancel();
    }
  }

  /**
   * Sets how many goroutines of the current scheduler may run at the same time.
   *
   * @param n the new number; zero or negative only asks
   * @return the number before
   * @throws IllegalArgumentException if {@code n} is above 1,024
   * @throws UnsupportedOperationException if {@code n > 0} and goroutines run on the JDK's
   *     scheduler
   */
  public static int gomaxprocs(int n) {
    return Sched.current().gomaxprocs(n);
  }

  /**
   * Sets the current scheduler's number of processors to its default, undoing {@link
   * #gomaxprocs(int)}. For the default scheduler that is {@code GOMAXPROCS} of the environment,
   * else the number of CPUs that the process may use; a changed cgroup quota is then followed
   * within seconds. As in Go a quota is rounded up, and makes it no less than 2 where there are as
   * many CPUs. Go's {@code runtime.SetDefaultGOMAXPROCS}.
   */
  public static void setDefaultGomaxprocs() {
    Sched.current().defaultGomaxprocs();
  }

  /**
   * Ties the current goroutine to its operating-system thread until {@link #unlockOSThread} was
   * called as often: for native code that keeps state per thread. While the goroutine waits, the
   * thread waits, too, and others run elsewhere; the two cost a switch of threads each time. If the
   * goroutine ends locked, its thread ends with it. Go's {@code runtime.LockOSThread}; on a
   * platform thread it does nothing.
   *
   * @throws IllegalStateException on a virtual thread that is not a goroutine
   * @throws UnsupportedOperationException if goroutines run on the JDK's scheduler
   */
  public static void lockOSThread() {
    LockedThread.lock();
  }

  /**
   * Undoes one {@link #lockOSThread}; does nothing without one. Go's {@code
   * runtime.UnlockOSThread}.
   *
   * @throws IllegalStateException on a virtual thread that is not a goroutine
   * @throws UnsupportedOperationException if goroutines run on the JDK's scheduler
   */
  public static void unlockOSThread() {
    LockedThread.unlock();
  }

  /** Lets other goroutines run; the current one goes on later. Go's {@code runtime.Gosched}. */
  public static void gosched() {
    Sched.current().gosched();
  }

  /**
   * Ends the current goroutine, after its finally blocks. In {@code main} the other goroutines go
   * on.
   *
   * @throws IllegalStateException if the current thread is not a goroutine
   */
  public static void goexit() {
    if (Goroutine.current() == null) {
      throw new IllegalStateException("goexit: expected a goroutine, found a plain thread");
    }
    throw Goexit.INSTANCE;
  }

  /**
   * How many goroutines of the current scheduler exist, started or not.
   *
   * @return the count; an estimate while others run
   */
  public static int numGoroutine() {
    return Math.toIntExact(Sched.current().live());
  }
}
