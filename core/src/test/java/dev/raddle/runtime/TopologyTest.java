package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.sync.WaitGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What CPUs share, and threads that stay on them. */
@Timeout(60)
class TopologyTest {
  @TempDir Path system;

  private void write(String file, String text) throws IOException {
    Path path = system.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  /** Two nodes of two cores of two threads each; a cache for each node. */
  private void twoNodes() throws IOException {
    write("node/online", "0-1");
    write("node/node0/cpulist", "0-1,4-5");
    write("node/node1/cpulist", "2-3,6-7");
    for (int cpu = 0; cpu < 8; cpu++) {
      int core = cpu % 4;
      String dir = "cpu/cpu" + cpu + "/";
      write(dir + "topology/thread_siblings_list", core + "," + (core + 4));
      write(dir + "cache/index0/level", "1");
      write(dir + "cache/index0/type", "Data");
      write(dir + "cache/index0/shared_cpu_list", core + "," + (core + 4));
      write(dir + "cache/index1/level", "3");
      write(dir + "cache/index1/type", "Unified");
      write(dir + "cache/index1/shared_cpu_list", core < 2 ? "0-1,4-5" : "2-3,6-7");
      write(dir + "cache/index2/level", "4");
      write(dir + "cache/index2/type", "Instruction");
    }
  }

  @Test
  void coresCachesAndNodesAreRead() throws Exception {
    twoNodes();
    Topology t = Topology.read(system, IntStream.range(0, 8).toArray());
    assertEquals(new Topology.Place(6, 2, 2, 1), t.cpus().get(6));
    assertEquals(4, t.cores().size());
    assertArrayEquals(new int[] {0, 4}, t.cores().getFirst());
    assertEquals(2, t.caches().size());
    assertArrayEquals(new int[] {2, 3, 6, 7}, t.caches().getLast());
    assertArrayEquals(new int[] {0, 1, 4, 5}, t.nodes().getFirst());
  }

  @Test
  void onlyCpusOfTheProcessAreIn() throws Exception {
    twoNodes();
    Topology t = Topology.read(system, new int[] {1, 6});
    assertEquals(List.of(1, 6), t.cpus().stream().map(Topology.Place::cpu).toList());
    assertEquals(2, t.cores().size());
  }

  @Test
  void whatIsNotToldIsACoreForEachAndOneCacheForAll() {
    Topology t = Topology.read(system, new int[] {2, 3});
    assertEquals(2, t.cores().size());
    assertEquals(1, t.caches().size());
    assertEquals(1, t.nodes().size());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisMachineHasOne() {
    Topology t = Topology.current();
    assertEquals(Cpu.available().length, t.cpus().size());
    assertTrue(t.caches().size() <= t.cores().size());
    assertEquals(t.cpus().size(), t.cores().stream().mapToInt(c -> c.length).sum());
  }

  /** A goroutine sees only CPUs of the place of the P that runs it. */
  @Test
  @EnabledOnOs(OS.LINUX)
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the own scheduler's Ps")
  void eachPStaysInItsPlace() throws Exception {
    int[] cpus = Cpu.available();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    try (var s = Scheduler.builder().processors(2).places(List.of(new int[] {cpus[0]})).build()) {
      var done = new WaitGroup();
      for (int i = 0; i < 200; i++) {
        done.go(
            s,
            () -> {
              seen.add(Cpu.current());
              Thread.sleep(1);
              seen.add(Cpu.current());
            });
      }
      done.await();
    }
    assertEquals(Set.of(cpus[0]), seen);
    assertTrue(
        ForkJoinPool.getCommonPoolParallelism() >= Math.min(1, cpus.length - 1),
        "made before anything was pinned");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the own scheduler's Ps")
  void onePForEachCoreOrCache() {
    Topology t = Topology.current();
    try (var s = Scheduler.builder().onePerCore().build()) {
      assertEquals(t.cores().size(), s.gomaxprocs(0));
    }
    try (var s = Scheduler.builder().onePerCache().build()) {
      assertEquals(t.caches().size(), s.gomaxprocs(0));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void placesThatAreNoneAreRefused() {
    var builder = Scheduler.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.places(List.of()));
    assertThrows(IllegalArgumentException.class, () -> builder.places(List.of(new int[0])));
    assertThrows(
        IllegalArgumentException.class, () -> builder.places(List.of(new int[] {1_000_000})));
  }
}
