package dev.raddle.internal.sched;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Goroutines as text, in the shape of Go's tracebacks with Java's frames. */
public final class Dump {
  private Dump() {}

  /** Every started goroutine of {@code scheds}, main first. */
  static String of(Iterable<? extends Sched> scheds) {
    List<G> all = new ArrayList<>();
    for (Sched s : scheds) {
      s.forEachStarted(all::add);
    }
    all.sort(Comparator.comparingLong(G::id));
    var out = new StringBuilder();
    for (G g : all) {
      Thread t = g.thread();
      if (t != null) {
        append(out.append('\n'), g, state(g, t), t.getStackTrace());
      }
    }
    return out.toString();
  }

  /** One goroutine whose state and stack are known. */
  static void append(StringBuilder out, @Nullable G g, String state, StackTraceElement[] stack) {
    out.append(g == null ? "goroutine 0" : g.toString()).append(" [").append(state).append("]:\n");
    for (StackTraceElement e : stack) {
      if (!isPlumbing(e)) {
        out.append("\tat ").append(e).append('\n');
      }
    }
    if (g != null) {
      appendOrigin(out, g);
    }
  }

  private static void appendOrigin(StringBuilder out, G g) {
    Note note = g.note();
    if (!note.labels().isEmpty()) {
      out.append("labels: ").append(new TreeMap<>(note.labels())).append('\n');
    }
    if (g.parent() != 0) {
      out.append("created by goroutine ").append(g.parent());
      out.append(note.site() == null ? "" : " at " + note.site()).append('\n');
    }
  }

  private static String state(G g, Thread t) {
    String wait = g.waitText();
    if (wait != null) {
      return wait;
    }
    return switch (t.getState()) {
      case RUNNABLE, NEW, TERMINATED -> "running";
      case BLOCKED -> "monitor enter";
      case WAITING, TIMED_WAITING -> "parked";
    };
  }

  private static boolean isPlumbing(StackTraceElement e) {
    String c = e.getClassName();
    return c.startsWith("dev.raddle.internal.")
        || c.startsWith("dev.raddle.runtime.Program")
        || c.startsWith("dev.raddle.cli.")
        || c.startsWith("java.lang.VirtualThread")
        || c.startsWith("java.lang.ScopedValue")
        || c.startsWith("java.lang.invoke.")
        || c.startsWith("java.lang.reflect.")
        || c.startsWith("jdk.internal.")
        || c.equals("java.lang.System$1")
        || c.equals("java.util.concurrent.locks.LockSupport");
  }
}
