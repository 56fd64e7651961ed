package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.sync.WaitGroup;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pair that readies each other in turn shares one time slice. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's time slice")
class SliceTest {
  private static final long SLICE_NANOS = 10_000_000;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger handOffs = new AtomicInteger();

  private static ProcSched one() {
    return ProcSched.isolated(
        new SchedConfig("slice", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));
  }

  private static void spawn(ProcSched sched, Step step) {
    sched.spawn(
        new G() {
          @Override
          protected void body() throws Exception {
            step.run();
          }
        });
  }

  /** Without a park of the caller. */
  private static void spawnOutside(ProcSched sched, Step step) {
    Thread outside = Thread.ofPlatform().start(() -> spawn(sched, step));
    while (outside.isAlive()) {
      Thread.onSpinWait();
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private void play(Chan<Integer> in, Chan<Integer> out) throws InterruptedException {
    while (in.receive().ok() && !stop.get()) {
      handOffs.incrementAndGet();
      out.send(1);
    }
    out.close();
  }

  /**
   * Sysmon does not look here: the test plays it, and says that the slice has passed. The third
   * waits in the queue of the pair's P, or in the one that all share. Without a slice of their own
   * 61 hand-offs go before it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aThirdGoroutineWaitsForASliceNotForAChain(boolean fromOutside) throws Exception {
    ProcSched sched = one();
    Sysmon.forget(sched);
    var waited = new AtomicInteger();
    var slices = new AtomicInteger();
    Chan<Integer> ping = Chan.make();
    Chan<Integer> pong = Chan.make();
    var group = new WaitGroup();
    group.add(2);
    spawn(
        sched,
        () -> {
          spawn(sched, () -> play(ping, pong));
          ping.send(1);
          P p = sched.procs.all()[0]; // the only one
          int first = p.slice();
          for (int i = 0; i < 5; i++) {
            ping.send(pong.recv());
          }
          slices.set(p.slice() - first);
          int before = handOffs.get();
          Step third =
              () -> {
                waited.set(handOffs.get() - before);
                stop.set(true);
                group.done();
              };
          if (fromOutside) {
            spawnOutside(sched, third);
          } else {
            spawn(sched, third); // into the queue by what the receive readies
          }
          ping.send(pong.recv());
          Sysmon.checkSlice(sched, p, 0);
          Sysmon.checkSlice(sched, p, SLICE_NANOS + 1);
          play(pong, ping);
          group.done();
        });
    group.await();
    Sysmon.watch(sched);
    sched.close();
    assertTrue(slices.get() <= 1, () -> slices + " slices in a chain");
    assertTrue(waited.get() <= 2, () -> waited + " hand-offs went before");
  }

  /** With sysmon, and computing: some ten hand-offs of 5 ms at the most, on a slow machine too. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sysmonEndsAChainThatComputes(boolean fromOutside) throws Exception {
    ProcSched sched = one();
    var waited = new AtomicInteger();
    Chan<Integer> ping = Chan.make();
    Chan<Integer> pong = Chan.make();
    var group = new WaitGroup();
    group.add(1);
    spawn(sched, () -> compute(ping, pong));
    spawn(
        sched,
        () -> {
          ping.send(1);
          while (handOffs.get() < 10) {
            ping.send(pong.recv());
          }
          int before = handOffs.get();
          Step third =
              () -> {
                waited.set(handOffs.get() - before);
                stop.set(true);
                group.done();
              };
          if (fromOutside) {
            spawnOutside(sched, third);
          } else {
            spawn(sched, third);
          }
          if (pong.receive().ok()) {
            ping.send(1);
          }
          compute(pong, ping);
        });
    group.await();
    sched.close();
    assertTrue(waited.get() < 30, () -> waited + " hand-offs went before");
  }

  private void compute(Chan<Integer> in, Chan<Integer> out) throws InterruptedException {
    while (in.receive().ok() && !stop.get()) {
      long start = System.nanoTime();
      while (System.nanoTime() - start < SLICE_NANOS / 2) {
        Thread.onSpinWait();
      }
      handOffs.incrementAndGet();
      out.send(1);
    }
    out.close();
  }
}
