package bench.harness;

import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table of workloads, in the order in which they run and are shown. */
final class Workloads {
  private static final List<Integer> BOTH = List.of(1, 2);
  private static final List<Integer> TWO = List.of(2);
  private static final List<String> ALL =
      List.of("raddle", "raddle-jdk", "go", "vthreads", "kotlin", "fjp");
  private static final List<String> CHANNELS =
      List.of("raddle", "raddle-jdk", "go", "vthreads", "kotlin", "jox", "jox-raddle", "ltq");
  private static final List<String> SELECTS =
      List.of("raddle", "raddle-jdk", "go", "kotlin", "jox", "jox-raddle");
  private static final List<String> GO = List.of("raddle", "raddle-jdk", "go");
  private static final List<String> JOBS =
      List.of("raddle", "raddle-jdk", "go", "vthreads", "kotlin", "fjp", "serial");
  private static final List<String> SERVERS =
      List.of("raddle", "raddle-jdk", "go", "helidon", "netty", "vertx", "httpserver");
  private static final List<Metric> SERVED =
      List.of(
          new Metric("per_s", "requests a second", true),
          Metric.of("cpu_us", "server's CPU µs a request"),
          Metric.of("p50_us", "median µs"),
          Metric.of("p99_us", "p99 µs"),
          Metric.of("p999_us", "p99.9 µs"));
  private static final List<Metric> NANOS =
      List.of(Metric.of("ns", "ns"), Metric.of("cpu_ns", "ns of CPU"));
  private static final List<Metric> LATE =
      List.of(
          Metric.of("p99_us", "p99 µs"),
          Metric.of("p50_us", "median µs"),
          Metric.of("p999_us", "p99.9 µs"),
          Metric.of("max_us", "max µs"));
  private static final List<Metric> MEMORY =
      List.of(
          Metric.of("live_bytes", "live bytes"),
          Metric.of("rss_bytes", "resident bytes"),
          Metric.of("sys_bytes", "bytes from the system (Go's Sys)"));

  private static final String SERVER = "Runtime and server";
  private static final String GO_CHAN =
      "ChanSync ChanSyncWork ChanUncontended ChanContended ChanCreation MakeChan/Int ChanNonblocking"
          + " ChanClosed ChanSem ChanProdCons0 ChanProdCons10 ChanProdCons100 ChanProdConsWork0"
          + " ChanProdConsWork10 ChanProdConsWork100 ReceiveDataFromClosedChan ChanPopular"
          + " SelectUncontended SelectSyncContended SelectAsyncContended SelectNonblock SelectProdCons";
  private static final String GO_SYNC =
      "Mutex MutexUncontended MutexSlack MutexWork MutexWorkSlack MutexNoSpin MutexSpin"
          + " RWMutexUncontended RWMutexWrite100 RWMutexWrite10 RWMutexWorkWrite100 RWMutexWorkWrite10"
          + " Cond1 Cond2 Cond4 Cond8 Cond16 Cond32 Once WaitGroupUncontended WaitGroupAddDone"
          + " WaitGroupAddDoneWork WaitGroupWait WaitGroupWaitWork WaitGroupActuallyWait Pool";

  private static final List<Workload> TABLE = new ArrayList<>();

  static {
    String start = "Start and join";
    add(
        "spawn",
        start,
        "spawn and finish a million",
        true,
        "Starts a million goroutines that count,"
            + " and waits for all; the count must be a million. ForkJoinPool forks and joins tasks.");
    add(
        "skynet",
        start,
        "skynet, a leaf of a million",
        true,
        "A tree of a million leaves, 10 children"
            + " each, that sums over channels. Virtual threads give results by FutureTask, ForkJoinPool"
            + " by tasks. The sum is checked.");
    add(
        "forkjoin",
        start,
        "fork-join fib(20), a fork",
        true,
        "A job, goroutine, virtual thread, async"
            + " or task for each of 10,945 forks; the number is checked.");
    String hand = "Hand-off, switch and lock";
    chan(
        hand,
        "pingpong",
        "ping-pong, a round trip",
        true,
        "Two unbuffered channels; rendezvous Channel in Kotlin, SynchronousQueue in virtual threads.");
    add(
        "yield",
        hand,
        "yield, 2 goroutines a P, each",
        false,
        "Goroutines that only yield: the bare"
            + " switch. Freezing and thawing a continuation costs the JVM some 90 ns, below which nothing"
            + " on it can get.");
    chan(
        hand,
        "ring",
        "ring of 1,000, a hop",
        true,
        "A token goes round 1,000 goroutines, through hand-offs as in pingpong.");
    add(
        "mutex",
        hand,
        "64 goroutines on a lock, each time",
        true,
        "They lock and count; Mutex in Raddle and Kotlin, sync.Mutex in Go, ReentrantLock in virtual"
            + " threads. The count is checked.");
    String channels = "Channels and select";
    chan(channels, "chan11", "1 producer, 1 consumer", "");
    chan(channels, "chan1n", "1 producer, 4 consumers", "");
    chan(channels, "chann1", "4 producers, 1 consumer", "");
    chan(
        channels,
        "channm",
        "4 producers, 4 consumers",
        "These four send 400,000 boxed numbers over a channel of each capacity; their sum is checked."
            + " Virtual threads have SynchronousQueue and ArrayBlockingQueue, LinkedTransferQueue can be"
            + " unbuffered only.");
    add(
        new Workload(
            "select",
            channels,
            "select, an element",
            List.of(
                Metric.of("ns_2", "of 2 channels, ns"),
                Metric.of("ns_8", "of 8, ns"),
                Metric.of("ns_64", "of 64, ns")),
            BOTH,
            SELECTS,
            false,
            "One receives from whichever of the unbuffered channels has an element; each has a producer."
                + " Raddle keeps a Selector, Jox and Kotlin build their clauses each time; in Go the select"
                + " over 64 is reflect.Select."));
    chan(
        channels, "pipeline", "pipeline of 100, a hop", false, "5,000 numbers through 100 stages.");
    chan(
        channels,
        "sieve",
        "prime sieve, a prime of 500",
        false,
        "The sieve of Go's test/chan/sieve1.go: a goroutine for each prime, 305,000 hand-offs.");
    add(
        new Workload(
            "gochan",
            channels,
            "Go's benchmark",
            named(GO_CHAN),
            BOTH,
            GO,
            false,
            "The benchmarks of Go's runtime/chan_test.go by their names: in Go its own test binary, here"
                + " written anew. ChanUncontended and ChanContended are 200 channel operations each,"
                + " ChanPopular is 1,000 hand-offs."));
    add(
        new Workload(
            "gosync",
            channels,
            "Go's benchmark",
            named(GO_SYNC),
            BOTH,
            GO,
            false,
            "Those of Go's sync package, in the same way."));
    add(
        new Workload(
            "scale",
            channels,
            "64 tokens round a ring, a hop",
            IntStream.of(100, 1000, 10_000, 100_000, 1_000_000, 10_000_000)
                .mapToObj(n -> Metric.of("ns_" + n, Spread.number(n) + " goroutines, ns"))
                .toList(),
            List.of(1, 2, 4, 8),
            List.of("raddle", "raddle-jdk", "go", "vthreads", "kotlin"),
            false,
            "What a hand-off costs as goroutines and Ps become more: rings of 100 to a million goroutines"
                + " (ten million if HEAP is set), and more Ps than the machine may have CPUs. From some"
                + " 10,000 on, what each goroutine needs is no longer in the caches."));
    String time = "Time";
    add(
        new Workload(
            "sleepers",
            time,
            "a million sleep a second",
            List.of(Metric.of("over_ms", "ms over the longest"), Metric.of("cpu_ms", "ms of CPU")),
            BOTH,
            ALL,
            false,
            "A million sleep 1 to 1.1 s. None may wake early."));
    add(
        new Workload(
            "ticker",
            time,
            "1 ms ticker beside 4 hogs a P, late",
            LATE,
            BOTH,
            ALL,
            false,
            "A loop of sleeps to the next millisecond beside 4 spinning goroutines a P, for 5 s after a"
                + " warm-up of 2 s; a skipped tick counts as late. Kotlin rounds sleeps up to whole"
                + " milliseconds. A plain virtual thread never wakes."));
    add(
        new Workload(
            "wakeup",
            time,
            "wake-up from idle",
            LATE,
            BOTH,
            ALL,
            false,
            "A platform thread posts to a channel of capacity 1 after 3 ms of idleness, a thousand times"
                + " after 30,000 quick ones; in Go a goroutine locked to its thread posts."));
    add(
        new Workload(
            "timers",
            time,
            "a timer set and stopped",
            NANOS,
            BOTH,
            List.of("raddle", "raddle-jdk", "go", "vthreads"),
            false,
            "A thousand timers of an hour are set, then stopped: afterFunc, time.AfterFunc, or a"
                + " ScheduledThreadPoolExecutor that removes what is cancelled."));
    String control = "Control";
    add(
        new Workload(
            "priority",
            control,
            "start under load",
            LATE,
            BOTH,
            List.of("raddle", "raddle-jdk", "go", "vthreads"),
            false,
            "A platform thread (in Go a goroutine with a thread of its own) starts one that should not wait,"
                + " beside 64 a P that spin 20 µs and yield. In Raddle the former has priority HIGH, the"
                + " latter LOW; the others have no priorities. The JDK's scheduler takes no notice."));
    add(
        new Workload(
            "pinned",
            control,
            "round trip on a CPU of its own, beside noise",
            LATE,
            BOTH,
            List.of("raddle"),
            false,
            "A million round trips over unbuffered channels in a scheduler of one P pinned to the last CPU;"
                + " as many goroutines as the column P says spin, pinned to the first CPU."));
    add(
        new Workload(
            "unpinned",
            control,
            "the same without pinning",
            LATE,
            BOTH,
            List.of("raddle"),
            false,
            "The noise is pinned as before, the round trips are where the system puts them."));
    String memory = "Memory";
    add(
        new Workload(
            "parked",
            memory,
            "a parked goroutine of a million",
            MEMORY,
            TWO,
            ALL,
            true,
            "A million park at a closed gate (a channel; a latch in virtual threads), after warm-up rounds"
                + " of 20,000: live bytes after GC (Go: heap and stacks in use), and resident bytes since the"
                + " start."));
    add(
        new Workload(
            "parkedmax",
            memory,
            "a parked goroutine of MILLIONS million",
            MEMORY,
            TWO,
            ALL,
            false,
            "The same with MILLIONS (10) million, and a heap of 85 % of the memory that is free."));
    add(
        new Workload(
            "gcpause",
            memory,
            "1 ms ticker beside a million parked and allocation, late",
            List.of(
                Metric.of("p999_us", "p99.9 µs"),
                Metric.of("p99_us", "p99 µs"),
                Metric.of("p50_us", "median µs"),
                Metric.of("max_us", "max µs"),
                Metric.of("pause_max_us", "longest pause µs"),
                Metric.of("pause_ms", "all pauses ms"),
                Metric.of("pauses", "pauses"),
                Metric.of("cpu_s", "CPU seconds")),
            TWO,
            List.of("raddle", "raddle-jdk", "go", "vthreads"),
            false,
            "A million are parked, two allocate 200 KB each a millisecond and keep the last 25 MB, a ticker"
                + " runs for 10 s. Pauses are safepoints by the JVM's log, and Go's PauseNs."));
    String jobs = "Jobs";
    job(jobs, "fib", "fib(30), a fork", true, "1,346,268 forks; the number is checked.");
    job(
        jobs,
        "queens",
        "10 queens, a fork",
        true,
        "All ways to put 10 queens on a board, a fork for"
            + " each safe place; their number is checked.");
    job(
        jobs,
        "integrate",
        "integrate, a fork",
        false,
        "x³ + x from 0 to 1,000 by halves, until the" + " difference is below 1e-9.");
    job(
        jobs,
        "uts",
        "UTS T1, a node",
        false,
        "The tree T1 of the UTS benchmark, a fork for each of its" + " 4,130,071 nodes.");
    job(
        jobs,
        "quicksort",
        "quicksort 10 M, an element",
        false,
        "10 million int, a fork for each part" + " above 4,096.");
    job(
        jobs,
        "sort",
        "own sort 10 M, an element",
        false,
        "The same with Parallel.sort and"
            + " Arrays.parallelSort; the others have none and do quicksort.");
    job(
        jobs,
        "primes",
        "primes to 2 M, a number",
        false,
        "By trial division, a loop over chunks of" + " 1,000.");
    job(
        jobs,
        "mandelbrot",
        "Mandelbrot 600 x 600, a pixel",
        false,
        "At most 1,000 steps, a loop over" + " rows.");
    job(
        jobs,
        "matmul",
        "512 x 512 matrices, 1,000 products",
        false,
        "Of double, a loop over blocks of" + " 32 by 32.");
    job(
        jobs,
        "wavefront",
        "wavefront 64 x 64, a job",
        false,
        "64 by 64 jobs of some 10 µs, each after" + " those above and to its left.");
    job(
        jobs,
        "graph",
        "random graph of 100,000, a job",
        false,
        "Jobs of some 100 ns, each after up to"
            + " 3 of the 1,000 before it. JobGraph in Raddle, counters elsewhere.");
    add(
        "startstop",
        SERVER,
        "start and stop a runtime",
        false,
        "Makes a scheduler, runs one goroutine"
            + " and closes it; a pool in Kotlin and ForkJoinPool.");
    serve("hello1", "hello, 1 connection", "");
    serve("hello", "hello, 64 connections", "");
    serve("hello1000", "hello, 1,000 connections", "");
    serve("pipelined", "hello, 64 connections, 16 requests at once", "");
    serve("churn", "hello, 64 connections of a request each", "");
    serve(
        "slow",
        "a handler of 10 ms, 1,000 connections",
        "The same small server in each rival under wrk -t1, on the same cores as the load; the last of"
            + " three passes counts, and a run with an error fails. One connection is a closed loop: its"
            + " rate is the latency. Raddle as Java of the user's, Go's net/http, Helidon SE, the JDK's own"
            + " server with a virtual thread a request, Vert.x, and a bare Netty loop as the bound.");
    add(
        new Workload(
            "idle",
            SERVER,
            "an idle connection of 10,000",
            List.of(
                Metric.of("live_bytes", "live bytes"), Metric.of("rss_bytes", "resident bytes")),
            TWO,
            SERVERS,
            false,
            "10,000 connections that have asked once and are kept: live heap after GC (Go: heap and stacks"
                + " in use), and resident bytes. Netty's buffers are not in the heap."));
    add(
        new Workload(
            "start",
            SERVER,
            "start to first answer",
            List.of(Metric.of("ms", "ms")),
            TWO,
            SERVERS,
            false,
            "From the start of the process to the first right answer, the median of 5 after one that is"
                + " thrown away. Raddle is ./raddle run examples/Hello.java with its caches made; the"
                + " others have none."));
  }

  private Workloads() {}

  /** All of them. */
  static List<Workload> all() {
    return List.copyOf(TABLE);
  }

  /**
   * Those of the names, in the order of the table.
   *
   * @throws UsageException if there is none of a name; it lists the names
   */
  static List<Workload> named(List<String> names) {
    List<String> known = TABLE.stream().map(Workload::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new UsageException(
            "expected some of " + String.join(" ", known) + ", found " + name, null);
      }
    }
    return TABLE.stream().filter(w -> names.contains(w.name())).toList();
  }

  private static void add(String name, String group, String title, boolean quick, String about) {
    add(new Workload(name, group, title, NANOS, BOTH, ALL, quick, about));
  }

  private static List<Metric> named(String names) {
    return Stream.of(names.split(" ")).map(n -> Metric.of(n, n + ", ns")).toList();
  }

  /** One with a figure for each capacity. */
  private static void chan(String group, String name, String title, String about) {
    List<Metric> metrics =
        IntStream.of(0, 1, 16, 100, 1000)
            .mapToObj(c -> Metric.of("ns_" + c, (c == 0 ? "unbuffered" : "capacity " + c) + ", ns"))
            .toList();
    add(new Workload(name, group, title, metrics, BOTH, CHANNELS, false, about));
  }

  private static void chan(String group, String name, String title, boolean quick, String about) {
    add(new Workload(name, group, title, NANOS, BOTH, CHANNELS, quick, about));
  }

  private static void serve(String name, String title, String about) {
    boolean quick = name.equals("hello");
    add(new Workload(name, SERVER, title, SERVED, TWO, SERVERS, quick, about));
  }

  /** Whether it loads a server. */
  static boolean isServed(Workload w) {
    return w.rivals().equals(SERVERS);
  }

  /** Whether {@code wrk} does so. */
  static boolean needsWrk(Workload w) {
    return Scenario.is(w.name());
  }

  private static void job(String group, String name, String title, boolean quick, String about) {
    List<Metric> metrics = new ArrayList<>(NANOS);
    metrics.add(Metric.of("peak_mb", "peak MB"));
    add(new Workload(name, group, title, metrics, BOTH, JOBS, quick, about));
  }

  private static void add(Workload workload) {
    TABLE.add(workload);
  }
}
