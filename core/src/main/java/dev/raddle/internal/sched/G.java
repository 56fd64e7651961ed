package dev.raddle.internal.sched;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * A goroutine. Until it runs it is this object alone, in a run queue: no thread, no stack.
 *
 * Fields      sched, id, parent: set by the spawning thread before the queue publishes the object.
 *             thread, waitsFor: written by the goroutine's own thread, read by dumps; opaque, because
 *             a fence for each park would be dear and a dump is late anyway.
 * Interrupts  A thread goes on with other goroutines, so an interrupt must not come late. An interrupter
 *             counts itself in, then reads the thread, interrupts it, and counts itself out. The thread, at
 *             the end of the goroutine, clears `thread`, takes what it would run next, and then reads the
 *             count: if an interrupter is there still, the thread ends instead (Finder.nextUnstarted).
 * Ordering    R1  thread = null, CAS of the queue that the next is taken from, count read  <->
 *             count CAS, thread read. One of the two sees the other; the CAS is the fence, and
 *             is there anyway.
 *             Proof: GoroutineInterrupt.
 * Why not     A lock, or a CAS of the goroutine's own, at every end.
 * Claiming    Whoever takes the object out of a run queue runs it. A job may instead be claimed by
 *             its joiner, so claim() arbitrates; for other goroutines it is always granted.
 */
/** A goroutine. */
public abstract class G implements Runnable {
  /** Priority classes; also indices of queues. */
  public static final int HIGH = 0;

  /** The class of a goroutine that asks for none. */
  public static final int NORMAL = 1;

  /** Runs when nothing else does, and now and then so that it always moves. */
  public static final int LOW = 2;

  static final int CLASSES = 3;

  private static final byte INTERRUPTED_ONCE = 1;
  private static final byte INTERRUPTER = 2;
  private static final byte MOST_INTERRUPTERS = 126; // with INTERRUPTED_ONCE all of a byte

  private static final VarHandle THREAD =
      ConstantBootstraps.fieldVarHandle(lookup(), "thread", VarHandle.class, G.class, Thread.class);
  private static final VarHandle INTERRUPTS =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "interrupts", VarHandle.class, G.class, byte.class);
  private static final VarHandle WAITS_FOR =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "waitsFor", VarHandle.class, G.class, Object.class);

  /** A name, a {@link Note} or null. */
  private @Nullable Object note;

  /** The class that it runs in now, and the one that it was given; see {@link Classes}. */
  private byte priority = NORMAL;

  private byte own = NORMAL;

  /** How many locks that it holds make it run in a higher class. Guarded by Classes. */
  byte boosts;

  /** How many interrupt it now, and whether {@link #interruptOnce} has. One byte: memory. */
  @SuppressWarnings("FieldMayBeFinal") // written through INTERRUPTS
  private volatile byte interrupts;

  /** It has a deadline. */
  private boolean timely;

  long id;
  long parent;
  @Nullable Sched sched;

  /** How often it has locked its thread; of its own thread only. */
  short locks;

  /** How many jobs it runs in place now, one inside the other; of its own thread only. */
  byte inPlace;

  @SuppressWarnings("UnusedVariable") // accessed through THREAD
  private @Nullable Thread thread;

  @SuppressWarnings("UnusedVariable") // accessed through WAITS_FOR
  private @Nullable Object waitsFor; // a Waiter, ENDED or null

  /** Makes an unstarted goroutine; {@link Sched#spawn} starts it. */
  protected G() {}

  /** What the goroutine does. */
  protected abstract void body() throws Throwable;

  /** Called on the goroutine's thread after the body, however it ended. */
  protected void ended() {}

  /** Called by whoever is about to run the goroutine; false: somebody else has taken it. */
  protected boolean claim() {
    return true;
  }

  /**
   * Whether it counts as a goroutine of its scheduler. A job does not: most of them are run in
   * place by their joiner, and it is the joiner that others wait for.
   */
  protected boolean counts() {
    return true;
  }

  /**
   * Whether it is refused, or waits, when its scheduler has as many goroutines as it accepts. Else
   * it takes a place all the same, and others find fewer.
   */
  protected boolean waitsForPlace() {
    return true;
  }

  /**
   * Whether it was given its class by whoever made it, and does not take that of its forker. Its
   * joiner then runs it in place only if it is of the same class.
   */
  protected boolean hasOwnClass() {
    return false;
  }

  /** Runs the goroutine on the current thread, from start to end. */
  @Override
  public final void run() {
    thread(Thread.currentThread());
    Sched by = sched;
    if (by != null && by.watchesStarts) {
      by.starting(this);
    }
    try {
      if (!timely || !Deadline.sheds(this, scheduler())) {
        Object inherited = inherited();
        if (inherited == null) {
          body();
        } else {
          Inherited.run(inherited, this);
        }
      }
    } catch (Goexit e) {
      goexited();
    } catch (Throwable t) {
      scheduler().uncaught(this, t);
    } finally {
      if (timely) {
        Deadline.ended(this, scheduler());
      }
      tellEnded();
      note(WaitReason.ENDED);
      thread(null);
      if (locks > 0) {
        LockedThread.ended(this);
      }
    }
  }

  private void tellEnded() {
    try {
      ended();
    } catch (Throwable t) { // the thread goes on, and counts it as ended
      scheduler().uncaught(this, t);
    }
  }

  /** As that of {@link SpinLock}: on the goroutine of no scheduler, which changes nothing. */
  final void rehearse() {
    thread(null);
    note((Object) null);
    if (thread() == null && waitText() == null) {
      interrupt((byte) 0);
    }
  }

  /** Interrupts it, unless that was done before. */
  final void interruptOnce() {
    if (thread() != null && (interrupts & INTERRUPTED_ONCE) == 0) {
      interrupt(INTERRUPTED_ONCE);
    }
  }

  /** Interrupts it and no other; false if it has not started or has ended. */
  public final boolean interrupt() {
    return interrupt((byte) 0);
  }

  private boolean interrupt(byte flag) {
    for (; ; ) {
      byte now = interrupts;
      if (now >= MOST_INTERRUPTERS) {
        Thread.onSpinWait();
      } else if (INTERRUPTS.compareAndSet(this, now, (byte) (now + INTERRUPTER | flag))) { // R1
        break;
      }
    }
    try {
      Thread t = (Thread) THREAD.getVolatile(this); // R1
      if (t != null) {
        t.interrupt();
      }
      return t != null;
    } finally {
      INTERRUPTS.getAndAdd(this, (byte) -INTERRUPTER);
    }
  }

  /** On its thread, after its end and a CAS: whether an interrupt of it may still come. */
  final boolean mayBeInterrupted() {
    return interrupts >= INTERRUPTER; // R1
  }

  /** Whether its scheduler has interrupted it because it is to end. */
  public final boolean isToldToEnd() {
    return (interrupts & INTERRUPTED_ONCE) != 0;
  }

  /** One call site, so that it is linked before the first of many goroutines ends. */
  private void thread(@Nullable Thread t) {
    THREAD.setOpaque(this, t);
  }

  /** Called when the body ended by {@code goexit}. */
  protected void goexited() {}

  /** Names the goroutine, before it is spawned. */
  public final void name(@Nullable String name) {
    note = note instanceof Note n ? n.withName(name) : name;
  }

  /** Gives it more than a name, before it is spawned. */
  public final void note(Note n) {
    note = n;
    timely = n.deadline() != null;
  }

  /** What it carries. */
  public final Note note() {
    return note instanceof Note n ? n : Note.NONE.withName((String) note);
  }

  /** Gives it what it does not take from its maker, before it is spawned; see {@link Inherited}. */
  public final void inherit(Object value) {
    note = note().withInherited(value);
  }

  /** What it was given or took over; null for nothing. */
  final @Nullable Object inherited() {
    return note instanceof Note n ? n.inherited() : null;
  }

  /** Its name, if it has one. */
  public final @Nullable String name() {
    return note instanceof Note n ? n.name() : (String) note;
  }

  /** Sets the class, before it is spawned: {@link #HIGH}, {@link #NORMAL} or {@link #LOW}. */
  public final void priority(int priority) {
    own = (byte) priority;
    this.priority = (byte) priority;
    if (priority != NORMAL) {
      Classes.use();
    }
  }

  /** The class that it runs in now. */
  public final int priority() {
    return priority;
  }

  /** The class that it was given. */
  final int own() {
    return own;
  }

  /** See {@link Classes}. */
  final void own(int given) {
    own = (byte) given;
  }

  /** See {@link Classes}. */
  final void runIn(int now) {
    priority = (byte) now;
  }

  /** Whether it has a deadline. */
  final boolean isTimely() {
    return timely;
  }

  /** Which queue it belongs to: its class, or that plus CLASSES if it has a deadline. */
  final int lane() {
    return timely ? priority + CLASSES : priority;
  }

  /** The number in dumps; 1 is main, no number is used twice. */
  public final long id() {
    return id;
  }

  /** The number of the goroutine that spawned it; 0 when none did. */
  public final long parent() {
    return parent;
  }

  /** The scheduler that it belongs to. */
  public final Sched scheduler() {
    Sched s = sched;
    if (s == null) {
      throw new IllegalStateException("not spawned");
    }
    return s;
  }

  /** What it waits for; null when it runs, can run, or is parked by code that is not ours. */
  public final @Nullable WaitReason waitReason() {
    Object w = WAITS_FOR.getOpaque(this);
    return w instanceof Waiter wait ? wait.reason() : (WaitReason) w;
  }

  /** The reason and, where it has a name, what it waits for; null as of {@link #waitReason}. */
  final @Nullable String waitText() {
    Object w = WAITS_FOR.getOpaque(this);
    if (!(w instanceof Waiter wait)) {
      return w == null ? null : w.toString();
    }
    WaitReason reason = wait.reason();
    Object what = wait.what();
    return reason == null || what == null ? Objects.toString(reason, null) : reason + " on " + what;
  }

  final void waitsFor(@Nullable Waiter wait) {
    note(wait);
  }

  /** One call site, as {@link #thread(Thread)}. */
  private void note(@Nullable Object what) {
    WAITS_FOR.setOpaque(this, what);
  }

  /** Its virtual thread; null before it runs and after its end. */
  public final @Nullable Thread thread() {
    return (Thread) THREAD.getOpaque(this);
  }

  @Override
  public final String toString() {
    String name = name();
    return "goroutine " + id + (name == null ? "" : " \"" + name + "\"");
  }
}
