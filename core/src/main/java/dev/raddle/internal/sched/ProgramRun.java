package dev.raddle.internal.sched;

import dev.raddle.internal.util.Parker;
import java.util.List;
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
            end(0);
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

  /** Prints first, so that no exit of main outruns the report; then the process ends. */
  private synchronized void crash(G g, Throwable t) {
    var out = new StringBuilder("panic: ").append(t).append("\n\n");
    Dump.append(out, g, "running", t.getStackTrace());
    for (Throwable c = t.getCause(); c != null; c = c.getCause()) {
      out.append("caused by: ").append(c).append('\n');
      for (StackTraceElement e : c.getStackTrace()) {
        out.append("\tat ").append(e).append('\n');
      }
    }
    System.err.print(out.append("exit status 2\n"));
    end(CRASHED);
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
