package dev.raddle.internal.sched;

import dev.raddle.internal.util.Parker;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A process that lives and ends as a Go program: see {@code Program.run}. */
public final class ProgramRun {
  private static final int CRASHED = 2;

  private final Thread host = Thread.currentThread();
  private final AtomicReference<@Nullable Integer> status = new AtomicReference<>();
  private volatile boolean mainExited;

  private ProgramRun() {}

  /** What main does. */
  @FunctionalInterface
  public interface Main {
    /** Runs the program. */
    void run() throws Throwable;
  }

  /** Runs {@code main} as goroutine 1 and ends the process. */
  public static void run(Main main) {
    System.exit(new ProgramRun().await(main));
  }

  private int await(Main main) {
    Sched sched = Sched.getDefault();
    sched.onUncaught(this::crash);
    if (Sched.OWN) {
      Deadlock.detect(host, this::deadlock);
    }
    var g =
        new G() {
          @Override
          protected void body() throws Throwable {
            main.run();
            returned();
          }

          @Override
          protected void goexited() {
            mainExited = true;
          }
        };
    sched.spawn(g);
    for (Integer s; ; ) {
      s = status.get();
      if (s != null) {
        return s;
      }
      Parker.park();
    }
  }

  private void end(int code) {
    if (status.compareAndSet(null, code)) {
      Parker.unpark(host);
    }
  }

  /** Main has returned; waits for a report that has begun. */
  private synchronized void returned() {
    end(0);
  }

  /**
   * Prints first, so that no return of main outruns the report; then the process ends, also if the
   * report fails.
   */
  private synchronized void crash(G g, Throwable t) {
    try {
      var out = new StringBuilder("panic: ").append(text(t)).append("\n\n");
      Dump.append(out, g, "running", t.getStackTrace());
      Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());
      told.add(t);
      related(out, t, told);
      System.err.print(out.append("exit status 2\n"));
    } finally {
      end(CRASHED);
    }
  }

  /** What led to it, and what was thrown beside it: each once, since causes may be a circle. */
  private static void related(StringBuilder out, Throwable t, Set<Throwable> told) {
    for (Throwable s : t.getSuppressed()) {
      related(out, "suppressed: ", s, told);
    }
    related(out, "caused by: ", t.getCause(), told);
  }

  private static void related(
      StringBuilder out, String how, @Nullable Throwable t, Set<Throwable> told) {
    if (t == null || !told.add(t)) {
      return;
    }
    out.append(how).append(text(t)).append('\n');
    for (StackTraceElement e : t.getStackTrace()) {
      out.append("\tat ").append(e).append('\n');
    }
    related(out, t, told);
  }

  /** The program's own code makes the message, and may fail. */
  private static String text(Throwable t) {
    try {
      return t.toString();
    } catch (Throwable failure) {
      String why = failure.getClass().getName();
      try {
        why = failure.toString();
      } catch (Throwable again) {
        why += ", whose message fails with " + again.getClass().getName();
      }
      return t.getClass().getName() + " (its message fails: " + why + ")";
    }
  }

  private void deadlock(String dump) {
    if (status.get() != null) {
      return; // main has returned; what is quiet is a process about to end
    }
    String what =
        mainExited
            ? "fatal error: no goroutines (main called goexit) - deadlock!\n"
            : "fatal error: all goroutines are asleep - deadlock!\n";
    System.err.print(what + dump + "exit status 2\n");
    end(CRASHED);
  }

  /** Every goroutine of the default scheduler, for a person. */
  public static String dump() {
    return Dump.of(List.of(Sched.getDefault()));
  }
}
