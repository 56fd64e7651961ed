package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's Ps")
class HandOffTest {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private static G goroutine(ProcSched sched, Runnable body) {
    G g =
        new G() {
          @Override
          protected void body() {
            body.run();
          }
        };
    g.sched = sched;
    return g;
  }

  /**
   * A goroutine that is about to ready another is handed off between its look at its P and the
   * ready: the other lands in a P that has no right to run, after everyone has looked there.
   */
  @Test
  void whatIsReadiedOnADetachedPRunsThoughItsOwnerHogs() throws Exception {
    var sched =
        ProcSched.isolated(
            new SchedConfig("handoff", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));
    var ran = new AtomicBoolean();
    var inTime = new CompletableFuture<Boolean>();
    sched.spawn(
        goroutine(
            sched,
            () -> {
              P p = sched.procs.all()[0]; // the only one: ours
              sched.procs.handOff(p);
              long end = System.nanoTime() + LIMIT_NANOS;
              while ((sched.procs.idle.isEmpty() || sched.searchers.get() != 0)
                  && System.nanoTime() < end) {
                Thread.onSpinWait(); // the P that got the right to run goes idle
              }
              p.countCreated();
              p.ready(goroutine(sched, () -> ran.set(true)));
              while (!ran.get() && System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              inTime.complete(ran.get());
            }));
    assertTrue(inTime.get(60, TimeUnit.SECONDS), "stayed in the P of a goroutine that hogs");
    sched.close();
  }

  /**
   * A long computation that forks goes on with a P of its own: without one, its jobs would all go
   * to the shared queue, where their joiner cannot take them back.
   */
  @Test
  void aForkOnADetachedPTakesTheRightToRunBack() throws Exception {
    var sched =
        ProcSched.isolated(
            new SchedConfig("latefork", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));
    var regained = new CompletableFuture<Boolean>();
    sched.spawn(
        goroutine(
            sched,
            () -> {
              P p = sched.procs.all()[0]; // the only one: ours
              sched.procs.handOff(p);
              long end = System.nanoTime() + LIMIT_NANOS;
              while ((sched.procs.idle.isEmpty() || sched.searchers.get() != 0)
                  && System.nanoTime() < end) {
                Thread.onSpinWait(); // the P that got the right to run goes idle
              }
              sched.spawnForked(
                  new G() {
                    @Override
                    protected void body() {}

                    @Override
                    protected boolean counts() {
                      return false;
                    }
                  });
              regained.complete(p.isRunning());
            }));
    assertTrue(regained.get(60, TimeUnit.SECONDS), "forks without a P");
    sched.close();
  }
}
