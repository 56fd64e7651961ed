package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Follows the rule of Go 1.25's runtime, on files as Linux writes them. */
@Timeout(60)
class CpuQuotaTest {
  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private CpuQuota quota(String cgroup, String cpus) throws IOException {
    write("proc/cgroup", cgroup);
    write("proc/status", "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t" + cpus + "\n");
    return new CpuQuota(root.resolve("proc"), root.resolve("cgroup"));
  }

  @Test
  void aQuotaBelowOneCpuMeansTwo() throws Exception {
    write("cgroup/cpu.max", "50000 100000\n");
    assertEquals(2, quota("0::/\n", "0-7").processors(1));
  }

  @Test
  void butNotOnOneCpu() throws Exception {
    write("cgroup/cpu.max", "50000 100000\n");
    assertEquals(1, quota("0::/\n", "3").processors(1));
    assertEquals(2, quota("0::/\n", "3,9").processors(1));
  }

  @Test
  void whatTheJdkCountsBeyondIsRight() throws Exception {
    write("cgroup/cpu.max", "250000 100000\n");
    assertEquals(3, quota("0::/\n", "0-7").processors(3));
  }

  /** One CPU for another reason, such as -XX:ActiveProcessorCount. */
  @Test
  void withoutAQuotaOneStaysOne() throws Exception {
    write("cgroup/cpu.max", "max 100000\n");
    assertEquals(1, quota("0::/\n", "0-7").processors(1));
    write("cgroup/cpu.max", "400000 100000\n");
    assertEquals(1, quota("0::/\n", "0-7").processors(1));
  }

  @Test
  void theGroupOfTheProcessAndThoseAroundItCount() throws Exception {
    write("cgroup/cpu.max", "max 100000\n");
    write("cgroup/pod/cpu.max", "100000 100000\n");
    write("cgroup/pod/app/cpu.max", "max 100000\n");
    assertEquals(2, quota("0::/pod/app\n", "0-7").processors(1));
    assertEquals(1, quota("0::/other/app\n", "0-7").processors(1));
  }

  /** In a container the path is the host's, and what is mounted is the group itself. */
  @Test
  void aPathOfTheHostIsTheRootOfTheMount() throws Exception {
    write("cgroup/cpu.max", "100000 100000\n");
    assertEquals(2, quota("0::/../../system/app\n", "0-7").processors(1));
    assertEquals(2, quota("0::/system/app\n", "0-7").processors(1));
  }

  @Test
  void versionOne() throws Exception {
    String groups = "5:memory:/\n1:cpu,cpuacct:/app\n0::/\n";
    write("cgroup/cpu/app/cpu.cfs_quota_us", "20000\n");
    write("cgroup/cpu/app/cpu.cfs_period_us", "100000\n");
    assertEquals(2, quota(groups, "0-7").processors(1));
    write("cgroup/cpu/app/cpu.cfs_quota_us", "-1\n");
    assertEquals(1, quota(groups, "0-7").processors(1));
  }

  @Test
  void filesThatAreMissingOrOddChangeNothing() throws Exception {
    assertEquals(1, new CpuQuota(root.resolve("no"), root.resolve("no")).processors(1));
    write("cgroup/cpu.max", "many 100000\n");
    assertEquals(1, quota("0::/\n", "0-7").processors(1));
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the own scheduler's Ps")
  void aChangeOfTheFileIsFollowed() throws Exception {
    write("cgroup/cpu.max", "max 100000\n");
    CpuQuota quota = quota("0::/\n", "0-7");
    var sched =
        new ProcSched(
            new SchedConfig("quota", 1, new int[0], 16, 0, 10, true, () -> quota.processors(1)));
    write("cgroup/cpu.max", "50000 100000\n");
    while (sched.gomaxprocs(0) != 2) { // once a second; ends by the time limit
      Thread.onSpinWait();
    }
    write("cgroup/cpu.max", "max 100000\n");
    while (sched.gomaxprocs(0) != 1) {
      Thread.onSpinWait();
    }
    sched.close();
  }
}
