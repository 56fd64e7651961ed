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
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/*
 * CPU affinity of operating-system threads, by sched_setaffinity on Linux. Linked on first use only.
 *
 * Inherited   A thread starts with the mask of its creator. So once anything was pinned, every thread
 *             of ours leaves that mask first. Others' threads cannot be told.
 * Counting    A pinned thread counts its own CPUs only, and the JDK answers every thread from what
 *             one of them counted up to 20 ms ago. So once anything was pinned, sysmon alone counts,
 *             and believes a smaller number only when it comes twice, a second apart.
 */
/** Which CPUs there are, and on which of them a thread may run. */
public final class Cpus {
  private static final int MASK_BYTES = 128; // 1,024 CPUs: enough nearly everywhere
  private static final int MAX_MASK_BYTES = 1 << 20;

  /** Set before the first thread is pinned. */
  private static volatile boolean anyPinned;

  /** CPUs that the process may use, as an unpinned thread counts them. Valid once prepared. */
  private static volatile int counted;

  /** Sysmon: what it saw last. */
  private static int seen;

  private Cpus() {}

  /**
   * A list as the kernel writes it.
   *
   * @param list such as {@code 0-3,8}; may be blank
   * @throws NumberFormatException if it is none
   */
  public static int[] parse(String list) {
    int[] cpus = {};
    for (String part : list.split(",", -1)) {
      if (!part.isBlank()) {
        String[] ends = part.strip().split("-", 2);
        int first = Integer.parseInt(ends[0]);
        int more = Math.max(0, Integer.parseInt(ends[ends.length - 1]) - first + 1);
        int n = cpus.length;
        cpus = Arrays.copyOf(cpus, n + more);
        for (int i = 0; i < more; i++) {
          cpus[n + i] = first + i;
        }
      }
    }
    return cpus;
  }

  /** Before the first thread is pinned. */
  public static synchronized void prepare() {
    allowed();
    if (!anyPinned) {
      counted = Runtime.getRuntime().availableProcessors();
      ForkJoinPool.commonPool(); // counts for itself, once
      anyPinned = true;
    }
  }

  /**
   * How many CPUs the process may use now, affinity and quota included, whoever asks; after the
   * first pin up to two seconds late.
   */
  public static int count() {
    return anyPinned ? counted : Runtime.getRuntime().availableProcessors();
  }

  /** Sysmon, once a second. */
  public static void recount() {
    if (anyPinned) {
      int now = Runtime.getRuntime().availableProcessors();
      if (now >= counted || now == seen) {
        counted = now;
      }
      seen = now;
    }
  }

  /**
   * The current thread runs on these CPUs from now on.
   *
   * @return false if the system refuses: none of them is online and the process's
   */
  public static boolean enter(int[] cpus) {
    return Native.linked().set(cpus);
  }

  /** First act of a thread: whoever made it may have been pinned, and it takes over the mask. */
  public static void leave() {
    if (anyPinned) {
      Native.linked().set(allowed()); // at worst it stays where it is
    }
  }

  /**
   * The CPUs that the process may use now.
   *
   * @throws UnsupportedOperationException if this system cannot pin
   */
  public static int[] allowed() {
    return Native.linked().maskOf((int) ProcessHandle.current().pid(), MASK_BYTES);
  }

  /** Those of the current thread; {@code bytes} is how much to try with first. */
  static int[] own(int bytes) {
    return Native.linked().maskOf(0, bytes); // 0: the caller's
  }

  /**
   * The CPU under the current thread.
   *
   * @throws UnsupportedOperationException if this system does not tell
   */
  public static int current() {
    return Native.linked().cpu();
  }

  /** Linked on first use. */
  private record Native(MethodHandle setMask, MethodHandle getMask, MethodHandle getCpu) {
    /** Null where it cannot be linked. */
    private static final @Nullable Native LINKED = link();

    private static MemorySegment find(Linker linker, String name) {
      return linker
          .defaultLookup()
          .find(name)
          .orElseThrow(() -> new UnsupportedOperationException(name));
    }

    private static @Nullable Native link() {
      if (!System.getProperty("os.name", "").startsWith("Linux")) {
        return null;
      }
      try {
        return linkAll(Linker.nativeLinker());
      } catch (UnsupportedOperationException | IllegalCallerException e) {
        return null; // a C library without them, or --illegal-native-access=deny
      }
    }

    @SuppressWarnings("restricted") // native access is what this class is for
    private static Native linkAll(Linker linker) {
      var mask = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
      return new Native(
          linker.downcallHandle(find(linker, "sched_setaffinity"), mask),
          linker.downcallHandle(find(linker, "sched_getaffinity"), mask),
          linker.downcallHandle(find(linker, "sched_getcpu"), FunctionDescriptor.of(JAVA_INT)));
    }

    static Native linked() {
      Native n = LINKED;
      if (n == null) {
        throw new UnsupportedOperationException(
            "CPU affinity: expected Linux with sched_setaffinity, and native access allowed; found "
                + System.getProperty("os.name"));
      }
      return n;
    }

    boolean set(int[] cpus) {
      int highest = 0;
      for (int cpu : cpus) {
        highest = Math.max(highest, cpu);
      }
      long bytes = Math.max(MASK_BYTES, (highest / Long.SIZE + 1) * (long) Long.BYTES);
      try (var arena = Arena.ofConfined()) {
        var mask = arena.allocate(bytes, Long.BYTES);
        for (int cpu : cpus) {
          byte old = mask.get(JAVA_BYTE, cpu >> 3);
          mask.set(JAVA_BYTE, cpu >> 3, (byte) (old | 1 << (cpu & 7)));
        }
        return (int) setMask.invokeExact(0, bytes, mask) == 0;
      } catch (Throwable t) {
        throw failed("sched_setaffinity", t);
      }
    }

    /** The system refuses what is shorter than its own masks: then twice as much. */
    int[] maskOf(int thread, int firstBytes) {
      for (int bytes = firstBytes; bytes <= MAX_MASK_BYTES; bytes *= 2) {
        try (var arena = Arena.ofConfined()) {
          var mask = arena.allocate(bytes, Long.BYTES);
          if ((int) getMask.invokeExact(thread, (long) bytes, mask) >= 0) {
            return IntStream.range(0, bytes * 8)
                .filter(cpu -> (mask.get(JAVA_BYTE, cpu >> 3) >> (cpu & 7) & 1) != 0)
                .toArray();
          }
        } catch (Throwable t) {
          throw failed("sched_getaffinity", t);
        }
      }
      throw new IllegalStateException("sched_getaffinity failed");
    }

    int cpu() {
      int cpu;
      try {
        cpu = (int) getCpu.invokeExact();
      } catch (Throwable t) {
        throw failed("sched_getcpu", t);
      }
      if (cpu < 0) {
        throw new UnsupportedOperationException("sched_getcpu: not told by this system");
      }
      return cpu;
    }

    private static RuntimeException failed(String what, Throwable t) {
      return t instanceof RuntimeException e ? e : new IllegalStateException(what + " failed", t);
    }
  }
}
