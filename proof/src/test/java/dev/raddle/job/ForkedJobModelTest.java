package dev.raddle.job;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

/** Interleavings of an M, a joiner and a canceller of one job. */
class ForkedJobModelTest {
  /** More in the long run: see docs/hacking.md. */
  private static final int INVOCATIONS = Integer.getInteger("raddle.proof.invocations", 2_000);

  private static final int UNTIL_FOUND = 200_000;

  /** What the three do, and what must hold in the end. */
  private abstract static class Race {
    abstract void take();

    abstract void join();

    abstract void cancel();

    abstract boolean holds();
  }

  private static final class Real extends Race {
    private final ProofJob job = new ProofJob();

    @Override
    void take() {
      job.takeAndRunBody();
    }

    @Override
    void join() {
      job.joinInPlace();
    }

    @Override
    void cancel() {
      job.cancel();
    }

    @Override
    boolean holds() {
      return job.isDone()
          && job.endings() == 1
          && job.runs() <= 1
          && job.isCancelled() == (job.runs() == 0);
    }
  }

  /** The canceller looks at the state and then stores it. */
  private static final class CancelsWithoutCas extends Race {
    private final AtomicInteger state = new AtomicInteger(); // 1 claimed, 2 cancelled
    private final AtomicInteger endings = new AtomicInteger();

    @Override
    void take() {
      if (state.compareAndSet(0, 1)) {
        endings.incrementAndGet();
      }
    }

    @Override
    void join() {
      take();
    }

    @Override
    void cancel() {
      if (state.get() == 0) {
        state.set(2);
        endings.incrementAndGet();
      }
    }

    @Override
    boolean holds() {
      return endings.get() == 1;
    }
  }

  private static void explore(int invocations, Supplier<Race> make) {
    Lincheck.runConcurrentTest(
        invocations,
        () -> {
          Race race = make.get();
          Thread m = new Thread(race::take);
          Thread joiner = new Thread(race::join);
          m.start();
          joiner.start();
          race.cancel();
          end(m);
          end(joiner);
          if (!race.holds()) {
            throw new AssertionError("run twice, lost, or ended twice");
          }
        });
  }

  private static void end(Thread t) {
    try {
      t.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void exactlyOneOfThemHasTheJob() {
    explore(INVOCATIONS, Real::new);
  }

  @Test
  void theCancellerNeedsItsCas() {
    assertThrows(LincheckAssertionError.class, () -> explore(UNTIL_FOUND, CancelsWithoutCas::new));
  }
}
