package dev.raddle.context;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.RecvChan;
import dev.raddle.runtime.Body;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * A context that can end.
 *
 * Guarded     children, err and cause change under the lock; a child's links under its parent's.
 *             Setting err is the decision: who does it gives the cause, and from then on the list of
 *             children is frozen. Nothing is unparked or called under the lock.
 * States      err null -> err set -> done closed, children ended -> over
 * End         Whoever ends a context that is not over does all the rest itself, also if somebody else
 *             is at it: each step may be done twice. So all below has ended when cancel() returns,
 *             whoever won, and nobody waits for a canceller that lost its core. Not recursive: trees
 *             may be deep.
 * Ordering    R1  cause, err (volatile)  <->  err, cause
 *             R2  err, close of done  <->  receive from done, err: who sees done sees err
 *             R3  close of done, over  <->  over, err: err() says nothing before done is closed (Go
 *                 issue 75533); before over is set it looks at done itself
 *             R4  all below ended, links cleared (release)  <->  links (acquire): a helper that finds
 *                 the list cut short has nothing left to do
 * Retention   At the end a context forgets its children, and they each other. One that ends by itself
 *             leaves the list of the one above.
 * Why not     Go's lock over the whole subtree: it closes channels, which unpark, under it.
 * Checked by  ContextStressTest; proof: ContextCancel, ContextChild, ContextDone, ContextHelp
 * Sources     Go context/context.go.
 */
sealed class CancelCtx extends Child implements CancelContext, Derived permits DeadlineCtx {
  /** Leads to the nearest context of ours that can end. */
  static final Key<CancelCtx> SELF = Key.of("context");

  private static final VarHandle DONE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "done", VarHandle.class, CancelCtx.class, Done.class);
  private static final VarHandle CHILDREN =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "children", VarHandle.class, CancelCtx.class, Child.class);

  /** Stands in for a channel that nobody asked for before the end. */
  private static final Done CLOSED = new Done();

  static {
    CLOSED.chan.close();
  }

  final @Nullable Deadline deadline;

  private final Context parent;
  private volatile @Nullable Done done; // made when asked for
  private volatile @Nullable CanceledException err;
  private @Nullable Throwable cause;
  private @Nullable Child children;
  private volatile boolean over;

  CancelCtx(Context parent, @Nullable Deadline deadline) {
    this.parent = parent;
    this.deadline = deadline;
  }

  static CancelCtx of(Context parent) {
    return of(parent, Deadline.of(parent));
  }

  static CancelCtx of(Context parent, @Nullable Deadline deadline) {
    var c = new CancelCtx(parent, deadline);
    c.attach(parent);
    return c;
  }

  // ---- children ----

  /** Takes a child, or ends it. */
  final void add(Child child) {
    lock();
    CanceledException e = err;
    if (e == null) {
      Child first = children;
      child.next = first;
      if (first != null) {
        first.prev = child;
      }
      children = child;
    }
    Throwable c = cause;
    unlock();
    if (e != null) {
      child.end(e, c == null ? e : c);
    }
  }

  /** A child has ended by itself. */
  final void remove(Child child) {
    lock();
    boolean listed = child.prev != null || children == child;
    if (err == null && listed) {
      Child n = child.next;
      Child p = child.prev;
      if (p == null) {
        children = n;
      } else {
        p.next = n;
      }
      if (n != null) {
        n.prev = p;
      }
      child.next = null;
      child.prev = null;
    }
    unlock();
  }

  /** For tests. */
  final int countChildren() {
    lock();
    int n = 0;
    for (Child c = children; c != null; c = c.next) {
      n++;
    }
    unlock();
    return n;
  }

  // ---- the end ----

  @Override
  public final void cancel(@Nullable Throwable reason) {
    if (!over) {
      endHere(new CanceledException("context canceled", null), reason);
    }
  }

  /** Ends it though the one above has not ended. */
  final void endHere(CanceledException why, @Nullable Throwable reason) {
    end(why, reason == null ? why : reason);
    detach();
  }

  @Override
  final void end(CanceledException why, Throwable reason) {
    if (begin(why, reason)) {
      if (CHILDREN.getAcquire(this) == null) {
        over = true;
      } else {
        endAll();
      }
    }
  }

  /** This context alone. Returns whether there may be something left to do below it. */
  private boolean begin(CanceledException why, Throwable reason) {
    lock();
    boolean first = err == null;
    if (first) {
      cause = reason;
      err = why; // R1
    }
    unlock();
    if (over) {
      return false;
    }
    closeDone();
    if (first) {
      ended();
    }
    return true;
  }

  private void endAll() {
    List<CancelCtx> all = new ArrayList<>();
    all.add(this);
    for (int i = 0; i < all.size(); i++) {
      CancelCtx c = all.get(i);
      CanceledException e = c.err;
      Throwable why = c.cause;
      if (e == null || why == null) {
        throw new AssertionError("a context that was begun to end has no reason");
      }
      Child k = (Child) CHILDREN.getAcquire(c); // R4
      for (; k != null; k = k.nextAcquire()) {
        if (!(k instanceof CancelCtx below)) {
          k.end(e, why);
        } else if (below.begin(e, why)) {
          all.add(below);
        }
      }
    }
    for (int i = all.size(); --i >= 0; ) {
      all.get(i).finish();
    }
  }

  /** All below has ended. */
  private void finish() {
    over = true;
    Child k = (Child) CHILDREN.getAcquire(this);
    CHILDREN.setRelease(this, null); // R4
    while (k != null) {
      Child n = k.nextAcquire();
      k.prev = null;
      k.nextRelease(null); // R4
      k = n;
    }
  }

  private void closeDone() {
    Done d = done;
    if (d == null && DONE.compareAndSet(this, null, CLOSED)) {
      return;
    }
    d = done;
    if (d != null && d.chan.tryRecv() == null) {
      try {
        d.chan.close(); // R2
      } catch (ChannelClosedException e) {
        return; // another one ends it at the same time
      }
    }
  }

  /** Called once, under no lock, after the end. */
  void ended() {}

  /** The channel, and what others see of it: they cannot close it. */
  private static final class Done {
    final Chan<Void> chan = Chan.make();
    final RecvChan<Void> view = chan.recvOnly();
  }

  // ---- what others see ----

  @Override
  public final Context parent() {
    return parent;
  }

  @Override
  public final RecvChan<Void> done() {
    Done d = done;
    if (d == null) {
      d = new Done();
      if (!DONE.compareAndSet(this, null, d)) {
        d = done;
      }
    }
    return d == null ? CLOSED.view : d.view;
  }

  /** Whether that is its channel. */
  final boolean hasDone(RecvChan<Void> channel) {
    Done d = done;
    return d != null && d.view == channel;
  }

  @Override
  public final @Nullable CanceledException err() {
    CanceledException e = err;
    if (e == null || over) { // R3
      return e;
    }
    Done d = done;
    return d != null && d.chan.tryRecv() != null ? e : null;
  }

  @Override
  public final @Nullable Throwable cause() {
    return err() == null ? null : cause; // R1
  }

  @Override
  public final @Nullable Instant deadline() {
    Deadline d = deadline;
    return d == null ? null : d.at();
  }

  @Override
  public final @Nullable Duration remaining() {
    Deadline d = deadline;
    return d == null ? null : Duration.ofNanos(d.left());
  }

  @Override
  public final Stop afterFunc(Body body) {
    return Contexts.afterFunc(this, body);
  }

  @Override
  public String suffix() {
    return ".WithCancel";
  }

  @Override
  public final String toString() {
    return text();
  }
}
