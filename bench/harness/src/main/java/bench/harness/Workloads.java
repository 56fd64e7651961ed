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
      List.of("raddle", "raddle-jdk", "go", "vthreads", "kotlin", "fjp", "tokio");
  private static final List<String> CHANNELS =
      List.of(
          "raddle", "raddle-jdk", "go", "vthreads", "kotlin", "jox", "jox-raddle", "ltq", "tokio");

  /** Those where the collector matters most, so that it varies within a run. */
  private static final List<String> COLLECTED =
      List.of("raddle-parallel", "raddle-z", "vthreads-parallel", "vthreads-z");

  private static final List<String> SELECTS =
      List.of("raddle", "raddle-jdk", "go", "kotlin", "jox", "jox-raddle");
  private static final List<String> GO = List.of("raddle", "raddle-jdk", "go");
  private static final List<String> JOBS =
      List.of("raddle", "raddle-jdk", "go", "vthreads", "kotlin", "fjp", "serial");
  private static final List<String> SERVERS =
      List.of("raddle", "raddle-jdk", "go", "helidon", "netty", "vertx", "httpserver");
  private static final List<Metric> SERVED =
      List.of(
          Metric.rate("per_s", "requests a second"),
          Metric.of("cpu_us", "server's CPU µs a request"),
          Metric.of("p50_us", "median µs"),
          Metric.of("p99_us", "p99 µs"),
          Metric.of("p999_us", "p99.9 µs"));
  private static final List<String> HTTP2_SERVERS = List.of("raddle", "go", "netty", "vertx");
  private static final List<Metric> SERVED_HTTP2 =
      List.of(
          Metric.rate("per_s", "requests a second"),
          Metric.of("cpu_us", "server's CPU µs a request"),
          Metric.of("mean_us", "mean µs"));
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
          Metric.of("sys_bytes", "bytes from the system (Go's Sys)"),
          Metric.fact("parked_millions", "millions parked"),
          Metric.fact("millions_in_20gb", "millions that 20 GB would hold resident"));

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
          + " WaitGroupAddDoneWork WaitGroupWait WaitGroupWaitWork WaitGroupActuallyWait Pool"
          + " PoolOverflow PoolStarvation PoolSTW PoolExpensiveNew"
          + " UncontendedSemaphore ContendedSemaphore";
  private static final String GO_CONTEXT =
      "CommonParentCancel WithTimeout/concurrency=40 WithTimeout/concurrency=4000"
          + " WithTimeout/concurrency=400000"
          + cancelTrees()
          + " CheckCanceled/Err CheckCanceled/Done ContextCancelDone ErrOK ErrCanceled"
          + deepValues("New")
          + deepValues("Same");

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
    chan(
        channels,
        "chan11",
        "1 producer, 1 consumer",
        "400,000 boxed numbers over a channel of each capacity; their sum is checked, here and in the"
            + " next three. Unbuffered, each number is a hand-off; with a buffer the two sides can run"
            + " at once, or in turns of a bufferful. Virtual threads have SynchronousQueue and"
            + " ArrayBlockingQueue, LinkedTransferQueue can be unbuffered only.");
    chan(
        channels,
        "chan1n",
        "1 producer, 4 consumers",
        "The same numbers, fanned out: receivers queue up in the channel, and each takes its quarter.");
    chan(
        channels,
        "chann1",
        "4 producers, 1 consumer",
        "The same numbers, fanned in: what a collector of results or a logger does.");
    chan(
        channels,
        "channm",
        "4 producers, 4 consumers",
        "The same numbers with contention on both sides, as in a pool of workers behind a queue.");
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
        channels,
        "pipeline",
        "pipeline of 100, a hop",
        false,
        "5,000 numbers through 100 stages of unbuffered channels, each of which adds one; the sum is"
            + " checked. All stages have work at once, so that it shows how hand-offs spread over Ps.");
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
            "The benchmarks of Go's sync package by their names, in the same way: locks, conditions, Once, WaitGroup"
                + " and Pool, with and without contention. PoolSTW is not a time of operations but the"
                + " pause of a collection; those of sync.Map are left out: the JDK's map is used here."));
    add(
        new Workload(
            "gocontext",
            channels,
            "Go's benchmark",
            named(GO_CONTEXT),
            BOTH,
            GO,
            false,
            "The benchmarks of Go's context package, in the same way: trees that are cancelled, values looked up."));
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
            "A million sleep 1 to 1.1 s; none may wake early. What the timers, the wake-ups and the collector"
                + " need beyond the sleep itself."));
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
                + " ScheduledThreadPoolExecutor that removes what is cancelled. So do servers with the"
                + " deadline of a request, which seldom fires."));
    add(
        new Workload(
            "timers1m",
            time,
            "a million timers",
            List.of(
                Metric.of("set_ns", "set, ns each"),
                Metric.of("stop_ns", "stopped, ns each"),
                Metric.of("over_ms", "fired, ms over the last"),
                Metric.of("cpu_ms", "set and fired, ms of CPU")),
            BOTH,
            List.of("raddle", "raddle-jdk", "go", "vthreads"),
            false,
            "A million timers of about an hour are set, and stopped in another order; then a million are"
                + " set for a second to 1.1 s and fire, each as a goroutine of its own (in a"
                + " ScheduledThreadPoolExecutor on its thread). The number that fired is checked. What the"
                + " heaps cost when they are deep."));
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
            "A million round trips over unbuffered channels in a scheduler of one P pinned to the last CPU"
                + " of the process; as many goroutines as it has CPUs spin, pinned to the others."));
    add(
        new Workload(
            "unpinned",
            control,
            "the same without pinning",
            LATE,
            BOTH,
            List.of("raddle"),
            false,
            "As much noise; it and the round trips are where the system puts them."));
    add(
        new Workload(
            "policy",
            control,
            "what a policy costs",
            Stream.of("spawn", "yield", "pingpong")
                .flatMap(
                    what ->
                        Stream.of(
                            Metric.of("ns_" + what, what + " without one, ns"),
                            Metric.of("ns_" + what + "_fifo", "first come first served, ns")))
                .toList(),
            BOTH,
            List.of("raddle"),
            false,
            "200,000 goroutines that only count; two a P that yield 100,000 times; 200,000 round trips over"
                + " unbuffered channels: each on a scheduler without a policy, and on one whose policy is a"
                + " queue."));
    String memory = "Memory";
    add(
        new Workload(
            "parked",
            memory,
            "a parked goroutine of a million",
            MEMORY,
            TWO,
            Stream.concat(ALL.stream(), COLLECTED.stream()).toList(),
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
            "The same with MILLIONS (10) million. There may be no room for so many: the JVMs get a heap"
                + " of 85 % of the memory that is free, and Go stops when the next million would exceed"
                + " that; the row of millions parked says how far it came."));
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
                Metric.fact("pauses", "pauses"),
                Metric.of("cpu_s", "CPU seconds"),
                Metric.fact("alloc_mb_s", "MB allocated a second")),
            TWO,
            List.of(
                "raddle",
                "raddle-jdk",
                "raddle-z",
                "raddle-shenandoah",
                "go",
                "vthreads",
                "vthreads-z"),
            false,
            "A million are parked, two allocate 200 KB each a millisecond and keep the last 25 MB, a ticker"
                + " runs for 10 s. Who allocates less than 90 % of those 400 MB a second fails. Every JVM"
                + " has a heap of 6 GB, and Go the same as its GOMEMLIMIT; G1 where the rival names no"
                + " collector. Pauses are safepoints by the JVM's log, and Go's PauseNs: what stops the"
                + " world. What the collector takes beside it shows in the ticks and in the CPU time."));
    String jobs = "Jobs";
    job(
        jobs,
        "fib",
        "fib(30), a fork",
        true,
        "1,346,268 forks; the number is checked."
            + " Virtual threads do fib(24), 75,024 forks. Nothing but the price of a fork and its join.");
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
        "x³ + x from 0 to 1,000 by halves, until the difference is below 1e-9; virtual threads go to"
            + " 100. A tree that nobody knows beforehand, with almost nothing in a node.");
    job(
        jobs,
        "uts",
        "UTS T1, a node",
        false,
        "The tree T1 of the UTS benchmark, a fork for each of its 4,130,071 nodes, which is a hash;"
            + " virtual threads have the tree above depth 8. It is made to be unbalanced, so that it"
            + " shows how well work is stolen.");
    job(
        jobs,
        "quicksort",
        "quicksort 10 M, an element",
        false,
        "10 million int, a fork for each part above 4,096. Forks are few: the first, serial partitions"
            + " bound it.");
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
        "By trial division, a loop over chunks of 1,000. Later chunks take longer, so that equal shares are"
            + " unfair.");
    job(
        jobs,
        "mandelbrot",
        "Mandelbrot 600 x 600, a pixel",
        false,
        "At most 1,000 steps, a loop over rows, of which some take a hundred times as long as others.");
    job(
        jobs,
        "matmul",
        "512 x 512 matrices, 1,000 products",
        false,
        "Of double, a loop over blocks of 32 by 32. All blocks are alike: the loop itself should cost"
            + " nothing, and the compiler decides.");
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
    serve(
        "hello1",
        "hello, 1 connection",
        "The same small server in each rival under wrk -t1, on the same cores as the load, here and in the"
            + " next five; the last pass counts, and a run with an error fails. Raddle as Java of the"
            + " user's, Go's net/http, Helidon SE, the JDK's own server with a virtual thread a request,"
            + " Vert.x, and a bare Netty loop as the bound. One connection is a closed loop: its rate is"
            + " the latency, of which most is the wake-up of an idle thread.");
    serve(
        "hello",
        "hello, 64 connections",
        "The usual picture of a server under full load; it and wrk share the CPUs, so that fewer cycles a"
            + " request are more requests. Latencies of a closed loop say how long the queue is, no more.");
    serve(
        "hello1000",
        "hello, 1,000 connections",
        "The same with more connections than anything runs at once: what a poll and its wake-ups cost when"
            + " much is ready, and what does not fit into the caches.");
    serve(
        "pipelined",
        "hello, 64 connections, 16 requests at once",
        "Sixteen requests in one write. Where answers are written together, most system calls are gone and"
            + " the parser is left.");
    serve(
        "churn",
        "hello, 64 connections of a request each",
        "Each connection asks once with Connection: close: accept, register, start and end of a"
            + " goroutine, close. The kernel takes the most of it.");
    serve(
        "slow",
        "a handler of 10 ms, 1,000 connections",
        "The handler sleeps 10 ms, so that 100,000 requests a second are the most: timers beside"
            + " sockets. An event loop sets a timer instead.");
    serveHttp2(
        "h2hello",
        "hello over HTTP/2, 64 connections of a stream each",
        "Without TLS, by prior knowledge, under h2load -t1: what HTTP/2 costs beyond hello when nothing"
            + " shares a connection. A run with a wrong status, or too few bytes, fails.");
    serveHttp2(
        "h2streams",
        "hello over HTTP/2, 8 connections of 32 streams each",
        "What HTTP/2 is for: many requests on a connection, which share its writes. Here a goroutine is a"
            + " stream's, in Go too; the handlers of Netty and Vert.x run on the connection's loop.");
    add(
        new Workload(
            "peak",
            SERVER,
            "what Go's server reaches in a closed loop",
            List.of(Metric.rate("per_s", "requests a second")),
            TWO,
            List.of("go"),
            false,
            "64 connections that ask again at once, from the generator of the next workload, of which this is"
                + " the scale."));
    add(
        new Workload(
            "paced",
            SERVER,
            "hello in an open loop, 64 connections",
            List.of(
                Metric.of("p99_50_us", "p99 µs at 50 % of Go's peak"),
                Metric.of("p99_70_us", "p99 µs at 70 %"),
                Metric.of("p50_50_us", "median µs at 50 %"),
                Metric.of("p50_70_us", "median µs at 70 %"),
                Metric.of("p999_50_us", "p99.9 µs at 50 %"),
                Metric.of("p999_70_us", "p99.9 µs at 70 %"),
                Metric.fact("rate_50", "requests a second at 50 %"),
                Metric.fact("rate_70", "requests a second at 70 %")),
            TWO,
            SERVERS,
            false,
            "Requests are due at fixed instants, whether or not earlier ones were answered, and a latency"
                + " counts from the instant at which its request was due: a server that stands still pays"
                + " for all that were due meanwhile. The rates are half and 70 % of what Go reached in a"
                + " closed loop in the same fork, the same for all. The generator is one thread beside the"
                + " server; it wakes up some 70 µs late at most, for all alike."));
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
    return TABLE.stream()
        .filter(
            w -> names.contains(w.name()) || (w.name().equals("peak") && names.contains("paced")))
        .toList();
  }

  private static void add(String name, String group, String title, boolean quick, String about) {
    List<String> rivals = new ArrayList<>(ALL);
    if (List.of("spawn", "skynet").contains(name)) {
      rivals.addAll(COLLECTED);
    }
    add(new Workload(name, group, title, NANOS, BOTH, rivals, quick, about));
  }

  private static String cancelTrees() {
    var names = new StringBuilder();
    for (int depth : new int[] {1, 10, 100, 1000}) {
      for (String root : List.of("Background", "OpenCanceler", "ClosedCanceler")) {
        names.append(" CancelTree/depth=").append(depth).append("/Root=").append(root);
      }
    }
    return names.toString();
  }

  private static String deepValues(String goroutine) {
    var names = new StringBuilder();
    for (int depth : new int[] {10, 20, 30, 50, 100}) {
      names.append(" DeepValue").append(goroutine).append("GoRoutine/depth=").append(depth);
    }
    return names.toString();
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

  private static void serveHttp2(String name, String title, String about) {
    add(new Workload(name, SERVER, title, SERVED_HTTP2, TWO, HTTP2_SERVERS, false, about));
  }

  /** Whether it loads a server. */
  static boolean isServed(Workload w) {
    return w.group().equals(SERVER) && !w.name().equals("startstop");
  }

  /** What else than ours loads it; empty for nothing. */
  static String tool(Workload w) {
    return Scenario.is(w.name()) ? Scenario.named(w.name()).tool() : "";
  }

  private static void job(String group, String name, String title, boolean quick, String about) {
    List<Metric> metrics = new ArrayList<>(NANOS);
    metrics.add(Metric.of("peak_mb", "peak MB"));
    metrics.add(Metric.fact("operations", "operations a round"));
    add(new Workload(name, group, title, metrics, BOTH, JOBS, quick, about));
  }

  private static void add(Workload workload) {
    TABLE.add(workload);
  }
}
