package dev.raddle.internal.sched;

import dev.raddle.runtime.Body;
import dev.raddle.runtime.Scheduler;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** One round of {@link StressMixTest}: a scheduler, what must end, and what must add up. */
final class StressRound {
  private static final long LIMIT_SECONDS = 120;

  final Scheduler scheduler;
  final Random random;
  private final long seed;
  private final String what;
  private final Phaser parties = new Phaser(1);
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Sum> sums = new ConcurrentLinkedQueue<>();

  /** Something that must have become {@code expected} when all have ended. */
  private record Sum(String of, long expected, AtomicLong sum) {}

  /**
   * With queues of any size, so that they overflow; searches, and reuse of threads, of any kind.
   */
  StressRound(long seed) throws Exception {
    this.seed = seed;
    random = new Random(seed);
    var config =
        new SchedConfig(
            "mix",
            1 + random.nextInt(4),
            new int[0],
            2 << random.nextInt(8),
            random.nextInt(4),
            SchedConfig.MAX_THREADS,
            random.nextInt(4) != 0,
            null);
    what = config + " queues=" + config.queueCapacity() + " reuse=" + config.reuseThreads();
    var sched = ProcSched.isolated(config);
    sched.onUncaught((g, t) -> failures.add(t));
    scheduler = of(sched);
  }

  private static Scheduler of(ProcSched sched) throws Exception {
    var found = new CompletableFuture<Scheduler>();
    sched.spawn(
        new G() {
          @Override
          protected void body() {
            found.complete(Scheduler.current());
          }
        });
    return found.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  int upTo(int most) {
    return 1 + random.nextInt(most);
  }

  /** A counter that must reach {@code expected}. */
  AtomicLong sum(String of, long expected) {
    var sum = new AtomicLong();
    sums.add(new Sum(of, expected, sum));
    return sum;
  }

  /** Starts a goroutine that must end. */
  void go(Body body) {
    parties.register();
    scheduler.go(
        () -> {
          try {
            body.run();
          } finally {
            parties.arriveAndDeregister();
          }
        });
  }

  /** Starts a platform thread that must end. */
  void thread(Body body) {
    parties.register();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                body.run();
              } catch (Throwable t) {
                failures.add(t);
              } finally {
                parties.arriveAndDeregister();
              }
            });
  }

  /** Waits for all of them, checks what must add up, and closes the scheduler. */
  void end() throws Exception {
    int phase = parties.arrive();
    try {
      parties.awaitAdvanceInterruptibly(phase, LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw stuck(parties.getUnarrivedParties() + " goroutines have not ended");
    }
    var closer = Thread.ofPlatform().daemon().start(scheduler::close);
    if (!closer.join(java.time.Duration.ofSeconds(LIMIT_SECONDS))) {
      throw stuck("close() has not returned");
    }
    for (Throwable t : failures) {
      throw new AssertionError("seed " + seed + ": a goroutine failed", t);
    }
    for (Sum s : sums) {
      if (s.sum.get() != s.expected) {
        throw new AssertionError(
            "seed " + seed + ", " + s.of + ": expected " + s.expected + ", found " + s.sum);
      }
    }
  }

  private AssertionError stuck(String what) {
    var out = new StringBuilder("seed " + seed + ", " + this.what + ": stuck, " + what + "\n");
    out.append(Dump.of(Sysmon.watched()));
    for (ProcSched s : Sysmon.watched()) {
      out.append("\nscheduler ").append(s.name()).append(" searchers=").append(s.searchers);
      out.append(" idle Ps=").append(s.procs.idle.size()).append(" keeper=").append(s.keeper);
      out.append(" next timer=").append(s.nextTimer()).append(" live=").append(s.live());
      out.append(" global ").append(s.global.isEmpty() ? "empty" : "not empty").append('\n');
      for (P p : s.procs.all()) {
        out.append(p).append(p.hasNext() ? " runnext" : "").append(p.inRun() ? " in run" : "");
        out.append('\n');
      }
      for (Slot slot : s.procs.slots()) {
        out.append("slot ").append(slot.index).append(" timers=").append(slot.timers.size());
        out.append('\n');
      }
    }
    for (Map.Entry<Thread, StackTraceElement[]> e : Thread.getAllStackTraces().entrySet()) {
      out.append('\n').append(e.getKey()).append(' ').append(e.getKey().getState()).append('\n');
      for (StackTraceElement frame : e.getValue()) {
        out.append("\tat ").append(frame).append('\n');
      }
    }
    return new AssertionError(out.toString());
  }
}
