package dev.raddle.internal.jdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;

/**
 * CPU affinity of operating-system threads, by {@code sched_setaffinity} on Linux. Linked on first
 * use only. A thread inherits the mask of its creator, so once anything was pinned every new M sets
 * its own mask first.
 */
public final class Cpus {
  private static final int MASK_BYTES = 128; // 1,024 CPUs, as glibc's cpu_set_t

  /** Set before the first thread is pinned. */
  private static volatile boolean anyPinned;

  private Cpus() {}

  /** The current thread runs on these CPUs from now on. */
  public static void enter(int[] cpus) {
    anyPinned = true;
    set(cpus);
  }

  /** First act of a carrier: whoever made it may have been pinned, and it takes over the mask. */
  public static void leave() {
    if (anyPinned) {
      set(Native.ALLOWED);
    }
  }

  /** The CPUs that the process could use when it started to pin. */
  public static int[] allowed() {
    return Native.ALLOWED.clone();
  }

  /** The CPU under the current thread. */
  public static int current() {
    try {
      return (int) Native.GETCPU.invokeExact();
    } catch (Throwable t) {
      throw new IllegalStateException("sched_getcpu failed", t);
    }
  }

  /** Whether this system can pin. */
  public static boolean supported() {
    return System.getProperty("os.name", "").startsWith("Linux");
  }

  private static void set(int[] cpus) {
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(MASK_BYTES, 8);
      for (int cpu : cpus) {
        byte old = mask.get(JAVA_BYTE, cpu >> 3);
        mask.set(JAVA_BYTE, cpu >> 3, (byte) (old | 1 << (cpu & 7)));
      }
      int failed = (int) Native.SET.invokeExact(0, (long) MASK_BYTES, mask);
      if (failed != 0) {
        throw new IllegalStateException("sched_setaffinity refused the CPUs");
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("sched_setaffinity failed", t);
    }
  }

  /** Linked on first use. */
  @SuppressWarnings("restricted") // native access is what this class is for
  private static final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SET =
        link("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GET =
        link("sched_getaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GETCPU =
        link("sched_getcpu", FunctionDescriptor.of(JAVA_INT));
    private static final int[] ALLOWED = processCpus();

    private static MethodHandle link(String name, FunctionDescriptor shape) {
      MemorySegment symbol =
          LINKER
              .defaultLookup()
              .find(name)
              .orElseThrow(
                  () ->
                      new UnsupportedOperationException(
                          "CPU affinity: expected Linux, found " + System.getProperty("os.name")));
      return LINKER.downcallHandle(symbol, shape);
    }

    /** The mask of the process's first thread, which nobody pins. */
    private static int[] processCpus() {
      try (var arena = Arena.ofConfined()) {
        var mask = arena.allocate(MASK_BYTES, 8);
        int pid = (int) ProcessHandle.current().pid();
        int failed = (int) GET.invokeExact(pid, (long) MASK_BYTES, mask);
        if (failed < 0) {
          throw new IllegalStateException("sched_getaffinity failed");
        }
        var cpus = new ArrayList<Integer>();
        for (int cpu = 0; cpu < MASK_BYTES * 8; cpu++) {
          if ((mask.get(JAVA_BYTE, cpu >> 3) >> (cpu & 7) & 1) != 0) {
            cpus.add(cpu);
          }
        }
        return cpus.stream().mapToInt(i -> i).toArray();
      } catch (RuntimeException e) {
        throw e;
      } catch (Throwable t) {
        throw new IllegalStateException("sched_getaffinity failed", t);
      }
    }
  }
}
