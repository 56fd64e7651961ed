package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A selector allocates nothing. On platform threads, as the JVM does not count what a virtual
 * thread allocates.
 */
@Timeout(120)
class SelectAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 20_000;

  /** For the rounds that the JVM itself allocates in, as for its counters. */
  private static final long TOLERANCE = RUNS / 10;

  private interface Step {
    void run() throws InterruptedException;
  }

  /** Bytes that this thread allocated in so many runs; the least of some tries. */
  private static long allocated(Step step) throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int t = 0; t < 5; t++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        step.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static void none(Step step) throws InterruptedException {
    long bytes = allocated(step);
    assertTrue(bytes <= TOLERANCE, bytes + " bytes in " + RUNS + " runs");
  }

  @Test
  void theCounterSeesTheLambdaForm() throws Exception {
    Chan<Integer> ch = Chan.make(1);
    ch.close();
    assertTrue(allocated(() -> Go.select(ch.onReceive(r -> r))) > 16L * RUNS);
  }

  @Test
  void aSelectThatIsReadyAllocatesNothing() throws Exception {
    Chan<String> in = Chan.make(1);
    Chan<String> out = Chan.make(1);
    Chan<String> idle = Chan.make();
    var s = new Selector();
    var recv = s.onRecv(in);
    var send = s.onSend(in);
    s.onRecv(idle);
    s.onRecv(idle);
    s.onSend(out);
    none(
        () -> {
          send.offer("x");
          assertEquals(1, s.select());
          assertEquals(0, s.trySelect());
          assertEquals("x", recv.value());
          assertEquals(Selector.NONE, s.trySelect());
        });
  }

  @Test
  void aSelectThatWaitsAllocatesNothing() throws Exception {
    Chan<String> in = Chan.make();
    Chan<String> out = Chan.make();
    var s = new Selector();
    var recv = s.onRecv(in);
    var send = s.onSend(out);
    var echo =
        Threads.PLATFORM.start(
            () -> {
              for (String x : out) {
                in.send(x);
              }
            });
    none(
        () -> {
          send.offer("x");
          assertEquals(1, s.select());
          assertEquals(0, s.select());
          assertEquals("x", recv.value());
        });
    out.close();
    echo.join();
  }
}
