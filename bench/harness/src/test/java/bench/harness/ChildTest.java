package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.harness.Results.Run;
import bench.harness.Results.RunKey;
import bench.harness.Results.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildTest {
  private static final RunKey KEY = new RunKey(1, "spawn", 2, "raddle");

  @Test
  void whatItPrintedIsRead() throws Exception {
    Run run = sh("echo ns 1.50; echo cpu_ns 2; echo over_ms -0.5; echo three words here", 30);
    assertEquals(Status.OK, run.status());
    assertEquals(Map.of("ns", 1.5, "cpu_ns", 2.0, "over_ms", -0.5), run.metrics());
  }

  /** Else the trace of a million goroutines fills the heap. */
  @Test
  void ofALongOutputTheEndsAreRead() throws Exception {
    String long3 = "head -c 3000000 /dev/zero | tr '\\0' '\\n'";
    Run run = sh("echo ns 1; " + long3 + "; echo middle 2; " + long3 + "; echo cpu_ns 3", 30);
    assertEquals(Map.of("ns", 1.0, "cpu_ns", 3.0), run.metrics());
  }

  @Test
  void aRunWithoutItsMetricIsWrong() throws Exception {
    assertEquals(Status.WRONG, sh("echo cpu_ns 2", 30).status());
  }

  @Test
  void aRunThatFailsIsNotTimed() throws Exception {
    Run run = sh("echo ns 1; echo expected 7, found 8 >&2; exit 3", 30);
    assertEquals(Status.FAILED, run.status());
    String error = run.error();
    assertNotNull(error);
    assertTrue(error.contains("status 3") && error.contains("expected 7, found 8"), error);
  }

  @Test
  void aRivalWithoutTheWorkloadSaysSo() throws Exception {
    assertEquals(Status.NONE, sh("echo none 0", 30).status());
  }

  @Test
  void aCommandThatIsNotThereFails() throws Exception {
    Run run = child(30, Map.of()).run(KEY, List.of("/no/such/command"), List.of("ns"), Map.of());
    assertEquals(Status.FAILED, run.status());
  }

  @Test
  void whatHangsIsKilledWithItsChildren() throws Exception {
    Run run = sh("sleep 1000 & echo child $!; echo ns 1; wait", 1);
    assertEquals(Status.KILLED, run.status());
    long pid = run.metrics().getOrDefault("child", 0.0).longValue();
    assertTrue(pid > 0);
    ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  /** As when Go ends itself, and its test binary that it had started lives on. */
  @Test
  void aChildWhoseParentHasDiedIsKilled() throws Exception {
    Run run = sh("sleep 1000 & echo child $!; echo ns 1; exit 124", 30);
    assertEquals(Status.KILLED, run.status());
    long pid = run.metrics().getOrDefault("child", 0.0).longValue();
    assertTrue(pid > 0);
    ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void anEndThatIsBadSaysHow() throws Exception {
    assertEquals(Status.WRONG, sh("echo panic: wrong result >&2; exit 2", 30).status());
    assertEquals(Status.NO_ROOM, sh("echo java.lang.OutOfMemoryError >&2; exit 1", 30).status());
    assertEquals(Status.KILLED, sh("echo no result after 1 s >&2; exit 124", 30).status());
  }

  @Test
  void itCountsTheTimeOfItsChildren() throws Exception {
    Run run = sh("sh -c 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done'; echo ns 1", 60);
    assertTrue(run.cpuSeconds() > 0, run::toString);
    assertTrue(run.peakBytes() > 0, run::toString);
  }

  @Test
  void itGetsTheEnvironment() throws Exception {
    Run run =
        child(30, Map.of("SCALE", "0.25"))
            .run(
                KEY,
                List.of("sh", "-c", "echo ns $SCALE$PEAK"),
                List.of("ns"),
                Map.of("PEAK", "5"));
    assertEquals(Map.of("ns", 0.255), run.metrics());
  }

  private static Run sh(String script, int seconds) throws InterruptedException {
    return child(seconds, Map.of()).run(KEY, List.of("sh", "-c", script), List.of("ns"), Map.of());
  }

  private static Child child(int seconds, Map<String, String> environment) {
    return new Child(Duration.ofSeconds(seconds), environment);
  }
}
