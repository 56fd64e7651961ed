package dev.raddle.runtime;

import dev.raddle.internal.jdk.Cpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The CPUs that this process may use, and what they share: cores (by several hardware threads),
 * last-level caches and memory nodes. Read from {@code /sys} on Linux. What a system does not tell
 * is taken as not shared (cores) or shared by all (caches, nodes).
 *
 * @param cpus ascending by number
 */
public record Topology(List<Place> cpus) {
  private static final Path SYSTEM = Path.of("/sys/devices/system");

  /** Copies the list. */
  public Topology {
    cpus = List.copyOf(cpus);
  }

  /**
   * One CPU. Cores, caches and nodes are told apart by the lowest number of the CPUs that share
   * them, or by the system's own number of the node.
   *
   * @param cpu as the operating system counts, from 0
   * @param core which core it is a hardware thread of
   * @param cache which last-level cache it uses
   * @param node which memory is near
   */
  public record Place(int cpu, int core, int cache, int node) {}

  /**
   * Reads that of this machine, now. Not cached: CPUs come and go.
   *
   * @return the topology
   * @throws UnsupportedOperationException if this is not Linux
   */
  public static Topology current() {
    return read(SYSTEM, Cpus.allowed());
  }

  static Topology read(Path system, int[] cpus) {
    Map<Integer, Integer> nodes = nodes(system.resolve("node"));
    List<Place> places = new ArrayList<>();
    for (int cpu : cpus) {
      Path dir = system.resolve("cpu").resolve("cpu" + cpu);
      int core = lowest(dir.resolve("topology").resolve("thread_siblings_list"), cpu);
      int cache = lowest(lastLevel(dir.resolve("cache")), cpus[0]);
      places.add(new Place(cpu, core, cache, nodes.getOrDefault(cpu, 0)));
    }
    return new Topology(places);
  }

  private static Map<Integer, Integer> nodes(Path dir) {
    Map<Integer, Integer> byCpu = new LinkedHashMap<>();
    for (int node : list(dir.resolve("online"))) {
      for (int cpu : list(dir.resolve("node" + node).resolve("cpulist"))) {
        byCpu.put(cpu, node);
      }
    }
    return byCpu;
  }

  /** The list of CPUs of the data cache of the highest level. */
  private static Path lastLevel(Path caches) {
    Path best = caches.resolve("none");
    int bestLevel = 0;
    for (int i = 0; Files.isDirectory(caches.resolve("index" + i)); i++) {
      Path cache = caches.resolve("index" + i);
      int[] level = list(cache.resolve("level"));
      if (level.length == 1 && level[0] > bestLevel && !"Instruction".equals(text(cache, "type"))) {
        bestLevel = level[0];
        best = cache.resolve("shared_cpu_list");
      }
    }
    return best;
  }

  private static int lowest(Path list, int otherwise) {
    return IntStream.of(list(list)).min().orElse(otherwise);
  }

  private static String text(Path dir, String name) {
    try {
      return Files.readString(dir.resolve(name)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** A list as the kernel writes it, such as {@code 0-3,8}; empty if there is none. */
  private static int[] list(Path file) {
    Path dir = file.getParent();
    String text = dir == null ? "" : text(dir, String.valueOf(file.getFileName()));
    try {
      return Cpus.parse(text);
    } catch (NumberFormatException unknown) {
      return new int[0];
    }
  }

  /**
   * The CPUs of each core.
   *
   * @return one array a core, in the order of their first CPUs
   */
  public List<int[]> cores() {
    return grouped(Place::core);
  }

  /**
   * The CPUs of each last-level cache.
   *
   * @return one array a cache, in the order of their first CPUs
   */
  public List<int[]> caches() {
    return grouped(Place::cache);
  }

  /**
   * The CPUs of each memory node.
   *
   * @return one array a node, in the order of their first CPUs
   */
  public List<int[]> nodes() {
    return grouped(Place::node);
  }

  private List<int[]> grouped(ToIntFunction<Place> by) {
    Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
    for (Place p : cpus) {
      groups.computeIfAbsent(by.applyAsInt(p), key -> new ArrayList<>()).add(p.cpu());
    }
    return groups.values().stream()
        .map(g -> g.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }
}
