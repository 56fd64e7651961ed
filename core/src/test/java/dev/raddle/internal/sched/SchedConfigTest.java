package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SchedConfigTest {
  private static SchedConfig config(int procs, int[] cpus, int rounds) {
    return new SchedConfig("config", procs, cpus, 16, rounds, 10, true, null);
  }

  @Test
  void searchingPaysOnlyWithACpuForWhoeverMakesWork() {
    int[] two = {0, 1};
    int[] eight = {0, 1, 2, 3, 4, 5, 6, 7};
    assertEquals(1, config(1, two, 0).rounds(1), "nobody to take from");
    assertEquals(1, config(2, two, 0).rounds(2), "from one P alone");
    assertEquals(4, config(8, eight, 0).rounds(8));
    assertEquals(1, config(4, two, 0).rounds(4), "more Ps than CPUs");
    assertEquals(1, config(2, new int[] {3}, 0).rounds(2), "more Ps than CPUs");
    int cpus = Runtime.getRuntime().availableProcessors();
    assertEquals(1, config(1, new int[0], 0).rounds(cpus + 1), "CPUs of the process");
  }

  @Test
  void aTestMayAskForItsOwnNumber() {
    assertEquals(1, config(8, new int[0], 1).rounds(8));
    assertEquals(9, config(1, new int[0], 9).rounds(1));
  }
}
