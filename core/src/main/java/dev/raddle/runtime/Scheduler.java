package dev.raddle.runtime;

import dev.raddle.internal.jdk.Cpus;
import dev.raddle.internal.sched.Deadline;
import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Note;
import dev.raddle.internal.sched.ProcSched;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.SchedConfig;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler: its own Ps, threads and queues. The default one is made on first use; others isolate
 * a part of a program. Channels, locks and timers join goroutines of any.
 *
 * <p>A throwable that leaves a goroutine goes to {@link Builder#onUncaught}; unless set, to {@link
 * Thread#getDefaultUncaughtExceptionHandler} or standard error, and the others go on. A handler
 * that the goroutine set for its own thread comes before all of these.
 */
public final class Scheduler implements AutoCloseable {
  private final Sched sched;

  Scheduler(Sched sched) {
    this.sched = sched;
  }

  /**
   * The scheduler of the current goroutine; on any other thread the default one.
   *
   * @return the scheduler
   */
  public static Scheduler current() {
    return new Scheduler(Sched.current());
  }

  /**
   * Starts to describe a scheduler.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a goroutine here.
   *
   * @param body what it runs
   * @throws IllegalStateException if the scheduler is closed
   */
  public void go(Body body) {
    sched.spawn(new BodyG(body));
  }

  /**
   * Starts a goroutine here.
   *
   * @param options how
   * @param body what it runs
   * @throws IllegalStateException if the scheduler is closed
   */
  public void go(GoOptions options, Body body) {
    sched.spawn(configured(new BodyG(body), options));
  }

  /**
   * As {@link #go(GoOptions, Body)}, and tells of the end.
   *
   * @param options how
   * @param body what it runs
   * @param ended runs on the goroutine's thread after the body, however it ended, and after an
   *     uncaught throwable was reported; it must not throw
   * @throws IllegalStateException if the scheduler is closed
   */
  public void go(GoOptions options, Body body, Runnable ended) {
    sched.spawn(configured(new EndingG(body, ended), options));
  }

  /**
   * Starts a goroutine here that computes a value. To wait for it in Go's style, call {@link
   * Future#get}: it parks the goroutine alone, and an interrupt ends the wait, not the computation.
   * The same holds for the future of any other {@link CompletionStage}.
   *
   * <p>Dependent stages run where the JDK runs them; those that are asynchronous and name no
   * executor run as goroutines here. As with every {@link CompletableFuture}, {@code cancel} tells
   * those who wait and lets the goroutine run on; a task that is to be interrupted belongs to
   * {@link #executor}.
   *
   * @param body what it runs; what it throws completes the future, and {@code goexit} cancels it
   * @param <T> the value
   * @return completes when the body has ended
   * @throws IllegalStateException if the scheduler is closed
   */
  public <T extends @Nullable Object> CompletableFuture<T> submit(Callable<T> body) {
    var future = new GoFuture<T>(this);
    sched.spawn(new FutureG<>(body, future));
    return future;
  }

  /**
   * A factory of threads that are goroutines of this scheduler: as {@link
   * #threadFactory(GoOptions)} without a name.
   *
   * @return the factory
   */
  public ThreadFactory threadFactory() {
    return threadFactory(GoOptions.none());
  }

  /**
   * A factory of threads that are goroutines of this scheduler, for whatever of the JDK asks for
   * threads ({@code StructuredTaskScope} among it). Each is a virtual thread in every respect, made
   * unstarted; it inherits inheritable thread-locals and the context class loader of its maker, and
   * runs nothing but its task.
   *
   * <p>From {@link Thread#start} to its end it is a goroutine: {@link Goroutine#current} knows it,
   * {@link #numGoroutine} counts it, {@link #close} waits for it. (On the JDK's scheduler all that
   * begins with its first step.) After the close a start fails with {@link
   * java.util.concurrent.RejectedExecutionException}. A throwable that leaves the task goes to the
   * thread's own uncaught handler, without one to that of the scheduler.
   *
   * @param options for all of them; a deadline counts from each one's start
   * @return the factory
   * @throws IllegalArgumentException if the options shed: whoever starts a thread relies on its
   *     task
   */
  public ThreadFactory threadFactory(GoOptions options) {
    if (options.sheds()) {
      throw new IllegalArgumentException("threadFactory: expected options that do not shed");
    }
    var note = new Note(options.name(), options.labels(), null, null, null);
    int priority = options.priority().ordinal();
    return task ->
        sched.newThread(
            Objects.requireNonNull(task, "go of nil func value"),
            priority,
            note,
            options.deadline());
  }

  /**
   * A new executor of one goroutine a task, with the contract of {@link
   * Executors#newThreadPerTaskExecutor} over {@link #threadFactory()}: no task is refused before
   * {@code shutdown}, cancelling a task's future interrupts its goroutine, and {@code close} waits
   * for the tasks, interrupting them when the closing thread is interrupted.
   *
   * @return an executor, to be closed before this scheduler
   */
  public ExecutorService executor() {
    return Executors.newThreadPerTaskExecutor(threadFactory());
  }

  private static G configured(G g, GoOptions options) {
    Duration within = options.deadline();
    if (options.labels().isEmpty() && within == null) {
      g.name(options.name());
    } else {
      Deadline deadline = within == null ? null : Deadline.in(Clock.nanos(within), options.sheds());
      g.note(new Note(options.name(), options.labels(), null, null, deadline));
    }
    g.priority(options.priority().ordinal());
    return g;
  }

  /**
   * Sets how many of its goroutines may run at the same time.
   *
   * @param n the new number; zero or negative only asks
   * @return the number before
   */
  public int gomaxprocs(int n) {
    return sched.gomaxprocs(n);
  }

  /**
   * How many goroutines exist here, started or not. Virtual threads count if they come from {@link
   * #threadFactory()}; those that code starts by other means do not.
   *
   * @return the count; an estimate while others run
   */
  public long numGoroutine() {
    return sched.live();
  }

  /**
   * The goroutines that have started and not ended. Those that have not started yet are only
   * counted.
   *
   * @return a copy, in no order; it may be late while others run
   */
  public List<Goroutine> goroutines() {
    List<Goroutine> all = new ArrayList<>();
    sched.forEachStarted(g -> all.add(new Goroutine(g)));
    return all;
  }

  /**
   * How many goroutines the garbage collector has taken: those that waited for what nobody else
   * could reach any more, so that they could never go on. They no longer count in {@link
   * #numGoroutine}; their {@code finally} blocks have not run and never will. Go keeps such
   * goroutines for good. Threads of {@link #threadFactory()} are among them, but for those that an
   * executor or a structured scope has started, which holds them.
   *
   * @return the count; 0 on the JDK's scheduler, which keeps them
   */
  public long numReclaimed() {
    return sched.reclaimed();
  }

  /**
   * What it counts.
   *
   * @return a copy; its numbers are of slightly different instants while others run
   */
  public SchedulerStats stats() {
    return SchedulerStats.of(sched);
  }

  /**
   * Its name.
   *
   * @return the name
   */
  public String name() {
    return sched.name();
  }

  /**
   * Waits until every goroutine has ended, then ends the scheduler's threads. The default scheduler
   * may be closed too; its next use makes a new one. An interrupt makes the close return early with
   * the interrupt status set and the scheduler still open.
   *
   * @throws IllegalStateException if called from one of its goroutines, or closed before
   */
  @Override
  public void close() {
    try {
      sched.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * As {@link #close}, but interrupts every goroutine first, once, those too that start from now
   * on; none is dropped. It still waits for each of them to end.
   *
   * @throws IllegalStateException if called from one of its goroutines, or closed before
   */
  public void closeNow() {
    sched.cancel();
    close();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scheduler s && s.sched == sched;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(sched);
  }

  @Override
  public String toString() {
    return "scheduler " + sched.name();
  }

  /** Describes a scheduler. */
  public static final class Builder {
    private String name = "scheduler";
    private int processors = SchedConfig.defaultProcessors();
    private int[][] places = new int[0][];
    private int maxThreads = SchedConfig.MAX_THREADS;
    private int maxGoroutines;
    private int maxUnstarted;
    private boolean waits;
    private @Nullable Policy policy;
    private @Nullable BiConsumer<Goroutine, Throwable> uncaught;
    private @Nullable Consumer<Thread> threadStart;
    private @Nullable Consumer<Thread> threadStop;

    private Builder() {}

    /**
     * Names it, for threads and dumps.
     *
     * @param name the name
     * @return this
     */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * How many goroutines may run at the same time; unless set, one for each CPU of the process.
     *
     * @param n from 1 to 1,024
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder processors(int n) {
      if (n < 1 || n > SchedConfig.MAX_PROCESSORS) {
        throw new IllegalArgumentException(
            "processors: expected 1 to " + SchedConfig.MAX_PROCESSORS + ", found " + n);
      }
      processors = n;
      return this;
    }

    /**
     * Keeps its threads on these CPUs: {@link #places} with one place for all. See the traps there.
     *
     * @param cpus numbers as the system counts them, from 0
     * @return this
     * @throws IllegalArgumentException if a CPU is not available to this process, or there is none
     * @throws UnsupportedOperationException if this is not Linux
     */
    public Builder pinToCpus(int... cpus) {
      return places(List.of(cpus));
    }

    /**
     * Gives each of the <i>n</i> rights to run its place: whichever thread has right <i>i</i> runs
     * on the CPUs of place <i>i</i>, by turns if there are fewer places than Ps. So all places are
     * in use while all Ps are, also after hand-offs. A goroutine changes its P, and with it its
     * place, whenever it parks. To pin a goroutine to one P, start it on a scheduler of one P; to a
     * place, on one of one place.
     *
     * <p>A goroutine that sits in a blocking call, or runs for long while others wait, loses its
     * right and shares its CPUs with whoever has it now. If the system refuses a place, because its
     * CPUs went offline or left the process's cpuset, that is logged once and the threads run
     * anywhere until they change their place.
     *
     * <p>Traps: whatever a goroutine starts that is no goroutine takes over its CPUs: platform
     * threads, and the JDK's own workers, such as those of the common pool or of its scheduler of
     * virtual threads. Start those from elsewhere. And on a thread that is pinned to one CPU {@link
     * Runtime#availableProcessors} is 1, and may be 1 for everybody for the next 20 ms. Schedulers
     * that a pinned goroutine makes count all CPUs all the same, and their threads are not pinned;
     * so does the JDK's common pool, which is made before the first thread is pinned.
     *
     * @param places sets of CPUs, by the numbers of the system, such as {@link Topology#cores}
     * @return this
     * @throws IllegalArgumentException if there is no place, a place is empty, or a CPU is not
     *     available to this process
     * @throws UnsupportedOperationException if this is not Linux
     */
    public Builder places(List<int[]> places) {
      if (places.isEmpty()) {
        throw new IllegalArgumentException("places: expected at least one, found none");
      }
      int[] available = Cpus.allowed();
      for (int[] place : places) {
        if (place.length == 0) {
          throw new IllegalArgumentException("places: expected CPUs in each, found none in one");
        }
        for (int cpu : place) {
          if (IntStream.of(available).noneMatch(a -> a == cpu)) {
            throw new IllegalArgumentException(
                "places: expected some of " + Arrays.toString(available) + ", found " + cpu);
          }
        }
      }
      this.places = places.stream().map(int[]::clone).toArray(int[][]::new);
      return this;
    }

    /**
     * One P for each core that the process may use, and each on its core.
     *
     * @return this
     * @throws UnsupportedOperationException if this is not Linux
     */
    public Builder onePerCore() {
      return onePer(Topology.current().cores());
    }

    /**
     * One P for each last-level cache, and each on the CPUs that share it.
     *
     * @return this
     * @throws UnsupportedOperationException if this is not Linux
     */
    public Builder onePerCache() {
      return onePer(Topology.current().caches());
    }

    private Builder onePer(List<int[]> groups) {
      return processors(groups.size()).places(groups);
    }

    /**
     * How many threads it may have at the same time; 10,000 unless set. A goroutine in a blocking
     * call of the JDK, or locked to its thread, needs one for itself. When all are in use, that is
     * logged as an error and the others wait for the end of such a call. (Go's SetMaxThreads ends
     * the program instead.)
     *
     * @param n from 1
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxThreads(int n) {
      maxThreads = positive("maxThreads", n);
      return this;
    }

    /**
     * Makes it a bulkhead: it accepts so many goroutines at the same time, those of {@link
     * #threadFactory} and {@link #executor} and the jobs of a graph counted, but never refused.
     * Beyond that {@code go} throws {@link java.util.concurrent.RejectedExecutionException}, or
     * waits: see {@link #waitWhenFull}. What a goroutine forks (jobs and loops) is a part of it: it
     * takes no place, and is never refused.
     *
     * @param n from 1
     * @return this
     * @throws IllegalArgumentException if out of range
     */
    public Builder maxGoroutines(int n) {
      maxGoroutines = positive("maxGoroutines", n);
      return this;
    }

    /**
     * Bounds its backlog: so many goroutines may wait for their first run at the same time.
     *
     * @param n from 1
     * @return this
     * @throws IllegalArgumentException if out of range
     * @see #maxGoroutines
     */
    public Builder maxUnstarted(int n) {
      maxUnstarted = positive("maxUnstarted", n);
      return this;
    }

    /**
     * Lets whoever starts a goroutine beyond the limits wait until there is room, first come, first
     * served; a goroutine parks. An interrupt does not end the wait; it is kept. If all that the
     * scheduler has are goroutines that wait so, nothing moves any more: inside of a limited
     * scheduler refuse instead.
     *
     * @return this
     */
    public Builder waitWhenFull() {
      waits = true;
      return this;
    }

    /**
     * Lets a policy decide in which order goroutines run; see there.
     *
     * @param policy for this scheduler alone
     * @return this
     */
    public Builder policy(Policy policy) {
      this.policy = Objects.requireNonNull(policy);
      return this;
    }

    private static int positive(String what, int n) {
      if (n < 1) {
        throw new IllegalArgumentException(what + ": expected at least 1, found " + n);
      }
      return n;
    }

    /**
     * What happens to a throwable that leaves a goroutine. Runs on the goroutine's thread.
     *
     * @param handler gets both
     * @return this
     */
    public Builder onUncaught(BiConsumer<Goroutine, Throwable> handler) {
      uncaught = handler;
      return this;
    }

    /**
     * Called on each thread of the operating system that the scheduler starts, before it runs its
     * first goroutine: to register it with a native library, or to name or watch it. Neither the
     * pins of {@link #places} nor those of its maker hold yet; what it sets itself (its priority,
     * say) stays.
     *
     * <p>It is no goroutine, and a P waits for it meanwhile: it should be short, and must not wait
     * for a goroutine of this scheduler. What it throws goes to the thread's uncaught handler, that
     * is the default one or standard error, and the thread goes on.
     *
     * @param hook gets the thread, which is the current one
     * @return this
     */
    public Builder onThreadStart(Consumer<Thread> hook) {
      threadStart = Objects.requireNonNull(hook, "hook");
      return this;
    }

    /**
     * Called as the last act of each thread for which {@link #onThreadStart} was or would have been
     * called: when there have been more idle threads than Ps for a while, when a goroutine ended
     * locked to it, and before {@link Scheduler#close} returns. The same rules hold.
     *
     * @param hook gets the thread, which is the current one
     * @return this
     */
    public Builder onThreadStop(Consumer<Thread> hook) {
      threadStop = Objects.requireNonNull(hook, "hook");
      return this;
    }

    /**
     * Makes the scheduler; its threads start when there is work.
     *
     * @return the scheduler, to be closed
     * @throws UnsupportedOperationException if goroutines run on the JDK's scheduler
     */
    public Scheduler build() {
      if (!Sched.OWN) {
        throw new UnsupportedOperationException(
            "Scheduler.builder: expected Raddle's own scheduler, found " + Mode.JDK.explanation());
      }
      var config =
          new SchedConfig(
              name,
              processors,
              places,
              SchedConfig.QUEUE_CAPACITY,
              policy == null ? 0 : Math.max(0, policy.searchRounds()),
              SchedConfig.reuse(),
              new SchedConfig.Bounds(maxThreads, maxGoroutines, maxUnstarted, waits),
              policy == null ? null : new Policies(policy),
              null);
      var sched = ProcSched.isolated(config);
      sched.hooks(threadStart, threadStop);
      BiConsumer<Goroutine, Throwable> handler = uncaught;
      if (handler != null) {
        sched.onUncaught((g, t) -> handler.accept(new Goroutine(g), t));
      }
      return new Scheduler(sched);
    }
  }

  /** A goroutine that runs a {@link Body}. */
  private static sealed class BodyG extends G permits EndingG {
    private @Nullable Body body;

    BodyG(Body body) {
      this.body = Objects.requireNonNull(body, "go of nil func value");
    }

    @Override
    protected void body() throws Exception {
      Body b = body;
      body = null; // nothing that the goroutine no longer needs is kept
      if (b != null) {
        b.run();
      }
    }
  }

  /** A goroutine that tells of its end. */
  private static final class EndingG extends BodyG {
    private final Runnable ended;

    EndingG(Body body, Runnable ended) {
      super(body);
      this.ended = ended;
    }

    @Override
    protected void ended() {
      ended.run();
    }
  }
}
