package dev.raddle.child;

import static dev.raddle.Go.go;

import dev.raddle.Chan;
import dev.raddle.sync.WaitGroup;
import java.util.concurrent.CountDownLatch;

/** Ends many goroutines while somebody waits, after many for which nobody did; see TrapTest. */
final class TrapProgram {
  private static final int WARM_UP = 200_000;
  private static final int PARKED = 20_000;

  private TrapProgram() {}

  public static void main(String[] args) throws Exception {
    unwatched(WARM_UP, true);
    unwatched(PARKED, false);
    watched();
    System.out.println("ended");
  }

  /** The group is never waited for. */
  private static void unwatched(int count, boolean open) throws Exception {
    var wg = new WaitGroup();
    var ended = new CountDownLatch(count);
    Chan<Void> gate = Chan.make();
    if (open) {
      gate.close();
    }
    for (int i = 0; i < count; i++) {
      wg.go(() -> pass(gate, ended));
    }
    if (!open) {
      gate.close();
    }
    ended.await();
  }

  private static void watched() throws Exception {
    var wg = new WaitGroup();
    var ended = new CountDownLatch(PARKED);
    Chan<Void> gate = Chan.make();
    for (int i = 0; i < PARKED; i++) {
      wg.go(() -> pass(gate, ended));
    }
    go(gate::close);
    wg.await();
  }

  private static void pass(Chan<Void> gate, CountDownLatch ended) throws Exception {
    gate.recv();
    ended.countDown();
  }
}
