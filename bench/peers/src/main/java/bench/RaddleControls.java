package bench;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Cpu;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** The workloads of priorities and places in Raddle. */
final class RaddleControls {
  private static final int ROUND_TRIPS = 1_000_000;

  private RaddleControls() {}

  /** Runs a workload; false if it is none of these. */
  static boolean run(String workload, int procs) throws Exception {
    switch (workload) {
      case "priority" -> priority(procs);
      case "pinned" -> roundTrips(true);
      case "policy" -> RaddlePolicy.run(procs);
      case "unpinned" -> roundTrips(false);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void priority(int procs) throws Exception {
    var load =
        new Bench.Load(
            procs, body -> Go.go(GoOptions.priority(Priority.LOW), body::run), Go::gosched);
    Scheduler here = Scheduler.current();
    load.measure(body -> here.go(GoOptions.priority(Priority.HIGH), body::run));
  }

  /**
   * Two that toss a number, beside goroutines that want as many CPUs as there are. Pinned: the two
   * have the last CPU, the noise the others. Unpinned: all go where the system puts them.
   */
  private static void roundTrips(boolean pinned) throws Exception {
    int[] cpus = Cpu.available();
    var stop = new AtomicBoolean();
    var loud = Scheduler.builder().name("noise").processors(cpus.length);
    var still = Scheduler.builder().name("quiet").processors(1);
    if (pinned) {
      loud.pinToCpus(cpus.length == 1 ? cpus : Arrays.copyOf(cpus, cpus.length - 1));
      still.pinToCpus(cpus[cpus.length - 1]);
    }
    var noise = loud.build();
    var quiet = still.build();
    var wg = new WaitGroup();
    for (int i = 0; i < cpus.length; i++) {
      wg.go(
          noise,
          () -> {
            while (!stop.get()) {
              Thread.onSpinWait();
            }
          });
    }
    var done = new WaitGroup();
    done.go(quiet, () -> toss(Bench.scaled(ROUND_TRIPS)));
    done.await();
    stop.set(true);
    wg.await();
    quiet.close();
    noise.close();
  }

  private static void toss(int n) throws Exception {
    Chan<Integer> ping = Chan.make();
    Chan<Integer> pong = Chan.make();
    Go.go(
        () -> {
          for (int v : ping) {
            pong.send(v);
          }
        });
    long[] nanos = new long[n];
    for (int i = -n; i < n; i++) {
      long t = System.nanoTime();
      ping.send(i);
      pong.recv();
      if (i >= 0) {
        nanos[i] = System.nanoTime() - t;
      }
    }
    ping.close();
    Bench.percentiles(nanos, n);
  }
}
