package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.VirtualThreads;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Finds a program that can never go on. Sysmon asks when no P has been awake for a while; such a
 * state does not end by itself, so being late is harmless, and being wrong is not.
 *
 * Certain when  nothing runs, is queued or timed, in any scheduler;
 *               no virtual thread waits for a socket, ours or in the JDK's network code, and every
 *               one is a goroutine or a part of that code;
 *               every platform thread is ours, or a JDK service thread that runs no user code. Any
 *               other live thread could wake a goroutine, so it stops the alarm;
 *               and all of it is still so, with no goroutine having run, after the look: the ticks
 *               are read before the first look at the Ps and after the last one. A goroutine that is
 *               locked to its thread waits on its P; the end of that wait is a tick, which it counts
 *               before it tells of the next wait.
 */
final class Deadlock {
  private static final Set<String> SERVICE_THREADS =
      Set.of(
          "Reference Handler",
          "Finalizer",
          "Signal Dispatcher",
          "Service Thread",
          "Monitor Deflation Thread",
          "Common-Cleaner",
          "Notification Thread",
          "Attach Listener",
          "Cleaner-0",
          "VirtualThread-unblocker",
          "VirtualThread-unparker",
          "MasterPoller",
          "Read-Poller",
          "Write-Poller",
          "process reaper",
          "raddle-netpoll",
          "raddle-sysmon");

  private static volatile @Nullable Consumer<String> onDeadlock;
  private static volatile @Nullable Thread host;

  private Deadlock() {}

  /**
   * Switches the detector on.
   *
   * @param waiting the platform thread that only waits for the program's end
   * @param report gets the dump, once, on the monitor's thread
   */
  static void detect(Thread waiting, Consumer<String> report) {
    host = waiting;
    onDeadlock = report;
  }

  static void check() {
    Consumer<String> report = onDeadlock;
    if (report == null) {
      return;
    }
    try {
      long before = ticks();
      if (!isQuiet() || anyoneElse() || !isQuiet() || ticks() != before) {
        return;
      }
    } catch (LinkageError e) { // the JDK's code first ran in a full heap, and never will run now
      onDeadlock = null;
      return;
    }
    onDeadlock = null;
    report.accept(Dump.of(Sysmon.watched()));
  }

  private static boolean isQuiet() {
    for (ProcSched s : Sysmon.watched()) {
      if (!s.isQuiet() || s.isClosing()) {
        return false;
      }
    }
    return true;
  }

  /** How often goroutines were resumed so far. */
  private static long ticks() {
    long ticks = 0;
    for (ProcSched s : Sysmon.watched()) {
      for (P p : s.procs.all()) {
        ticks += p.tick();
      }
    }
    return ticks;
  }

  private static boolean anyoneElse() {
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.isAlive() && t != host && !(t instanceof M) && !isService(t)) {
        return true;
      }
    }
    var search = new Search();
    VirtualThreads.forEach(search);
    return search.found;
  }

  private static final class Search implements Consumer<Thread> {
    boolean found;

    @Override
    public void accept(Thread t) {
      found |= couldWake(t);
    }
  }

  private static boolean isService(Thread t) {
    String name = t.getName();
    return SERVICE_THREADS.contains(name.replaceAll("-\\d+$", ""))
        || SERVICE_THREADS.contains(name);
  }

  private static boolean couldWake(Thread t) {
    GThread ours = VirtualThreads.submittedFor(t) instanceof GThread gt ? gt : null;
    boolean goroutine = ours != null;
    G g = ours == null ? null : ours.g();
    if (g != null && g.waitReason() == WaitReason.IO_WAIT) {
      return true;
    }
    boolean poller = false;
    for (StackTraceElement e : t.getStackTrace()) {
      String c = e.getClassName();
      if (c.startsWith("sun.nio.ch.") || c.startsWith("java.lang.Process")) {
        if (goroutine) {
          return true; // waits for the world outside
        }
        poller |= c.startsWith("sun.nio.ch.Poller") || c.contains("Poller");
      }
    }
    return !goroutine && !poller;
  }
}
