package dev.raddle.internal.sched;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * A virtual thread that runs goroutines, one after another, for as long as the next one in the queue
 * has not started yet: then no thread is made, mounted or unmounted between the two. It stands in
 * run queues for the goroutine that is parked on it, and ends when there is no such next one.
 *
 * Fields      g: written by the thread itself between two goroutines, and before its start.
 * Reset       Between two goroutines: thread-locals, interrupt status, name, context class loader,
 *             uncaught handler. Scoped values end with the body that bound them. Structured scopes that
 *             it left open are closed before it counts as ended.
 * Profile     As in Waiter: the loop runs over NONE first, so that its end is no trap for a million
 *             parked frames. For the same reason every M runs an empty thread to its end first: the JDK's
 *             end of a thread is then linked.
 * Duplicates  A stack dump may submit a runnable thread twice. Running one that is not runnable is a
 *             no-op in the JDK, so queues may hold duplicates.
 */
final class GThread implements Runnable {
  private static final VarHandle CURRENT =
      ConstantBootstraps.fieldVarHandle(lookup(), "g", VarHandle.class, GThread.class, G.class);
  private static final Runnable LOOP = GThread::runCurrent;

  /** Runs nothing; goes through the loop first, see Profile. */
  static final G NONE =
      new G() {
        @Override
        protected void body() {}

        @Override
        protected boolean counts() {
          return false;
        }
      };

  final Thread thread;

  /** Null before the start, and for {@link #NONE}. */
  private Registry.@Nullable Entry entry;

  @SuppressWarnings("UnusedVariable") // accessed through CURRENT
  private @Nullable G g;

  /** For a thread that somebody else will start, and that ends with its goroutine. */
  GThread(StartPool pool, ThreadG only, String name) {
    CURRENT.setOpaque(this, only);
    thread = VirtualThreads.create(pool, name, this, LOOP, true);
  }

  GThread(ProcSched sched, G first, int by) {
    CURRENT.setOpaque(this, first);
    String name = first.name();
    thread = VirtualThreads.create(sched.pool, name == null ? "" : name, this, LOOP, false);
    ClassLoader loader = sched.contextLoader;
    if (loader != ClassLoader.getSystemClassLoader()) {
      thread.setContextClassLoader(loader);
    }
    if (first == NONE) {
      rehearse();
    } else {
      register(sched, first, by);
    }
  }

  /** As that of {@link SpinLock}; the empty thread is not registered, as nobody would undo that. */
  private void rehearse() {
    G none = g();
    if (none != null) {
      none.rehearse();
    }
    VirtualThreads.rehearse(thread);
  }

  /** In its start by somebody else, before it is in a queue. */
  void adopted(ProcSched sched, ThreadG only, int by) {
    register(sched, only, by);
    VirtualThreads.adopt(thread, sched.container);
  }

  /** Before the start: dumps see it from now on. */
  private void register(ProcSched sched, G first, int by) {
    entry = sched.registry.add(this, first.counts(), by);
  }

  /** What runs on it; null once it has ended. Others see it late, never torn. */
  @Nullable G g() {
    return (G) CURRENT.getOpaque(this);
  }

  int lane() {
    G current = g();
    return current == null ? G.NORMAL : current.lane();
  }

  /** On a carrier: runs the thread until it parks or ends. */
  @Override
  public void run() {
    VirtualThreads.runContinuation(thread);
  }

  private static void runCurrent() {
    Objects.requireNonNull(M.onCarrier().current).loop();
  }

  private void loop() {
    loop(this, NONE);
    loop(this, g());
  }

  private static void loop(GThread thread, @Nullable G first) {
    for (G now = first; now != null; ) {
      if (now == NONE) {
        now = null;
      } else {
        now.run();
        now = thread.next(now);
      }
    }
  }

  /** After a goroutine: the next one for this thread, null when it must end. */
  private @Nullable G next(G ended) {
    VirtualThreads.closeScopes(); // may park
    M m = M.onCarrier();
    if (ended.counts()) {
      m.p().countFinished();
      Limits limits = m.sched.limits;
      if (limits != null) {
        limits.leave(1);
      }
    }
    G next = ended instanceof ThreadG ? null : m.nextUnstarted(ended);
    if (next != null) {
      reset(m.sched, next);
    }
    Registry.Entry e = entry;
    if (e != null) {
      e.next(next);
    }
    CURRENT.setOpaque(this, next);
    return next;
  }

  private void reset(ProcSched sched, G next) {
    VirtualThreads.clearThreadLocals(thread);
    Thread.interrupted();
    String name = next.name();
    if (name != null || !thread.getName().isEmpty()) {
      thread.setName(name == null ? "" : name);
    }
    if (thread.getContextClassLoader() != sched.contextLoader) {
      thread.setContextClassLoader(sched.contextLoader);
    }
    thread.setUncaughtExceptionHandler(null);
  }

  @Override
  public String toString() {
    G current = g();
    return current == null ? "ended" : current.toString();
  }
}
