package bench;

import static bench.Bench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The workloads of channels, for whatever hands elements from one thread or goroutine to another.
 * Elements are boxed, as they are in programs.
 */
abstract class ChannelBench {
  private static final int[] CAPACITIES = {0, 1, 16, 100, 1000};
  private static final int[] CASES = {2, 8, 64};

  /** Sieved by the workload {@code sieve}: the 500th prime. */
  private static final long PRIME_500 = 3571;

  /** As a Runnable, but it may throw. */
  interface Body {
    void run() throws Exception;
  }

  /** A channel. */
  interface Pipe {
    void send(Long element) throws Exception;

    Long recv() throws Exception;
  }

  /** A channel, or null if there is none of this capacity. */
  abstract @Nullable Pipe pipe(int capacity);

  /** Receives from whichever of the channels has an element, or null if there is no such thing. */
  @Nullable Pipe any(List<Pipe> pipes) {
    return null;
  }

  /** Starts a goroutine or thread. */
  abstract void start(Body body);

  /** Runs a workload; false if this is none of channels. */
  final boolean run(String workload) throws Exception {
    switch (workload) {
      case "pingpong" -> pingpong(Bench.scaled(500_000));
      case "ring" -> ring(1000, Bench.scaled(500));
      case "scale" -> scale();
      case "chan11" -> chan(1, 1);
      case "chan1n" -> chan(1, 4);
      case "chann1" -> chan(4, 1);
      case "channm" -> chan(4, 4);
      case "select" -> {
        for (int cases : CASES) {
          select(cases, Bench.scaled(100_000));
        }
      }
      case "pipeline" -> pipeline(100, Bench.scaled(5_000));
      case "sieve" -> sieve();
      default -> {
        return false;
      }
    }
    return true;
  }

  private Pipe unbuffered() {
    Pipe pipe = pipe(0);
    if (pipe == null) {
      throw new IllegalStateException("no unbuffered channel");
    }
    return pipe;
  }

  private void pingpong(int n) throws Exception {
    Bench.measure(
        n,
        () -> {
          Pipe ping = unbuffered();
          Pipe pong = unbuffered();
          start(
              () -> {
                for (int i = 0; i < n; i++) {
                  pong.send(ping.recv());
                }
              });
          for (long i = 0; i < n; i++) {
            ping.send(i);
            check(pong.recv() == i);
          }
        });
  }

  private void ring(int links, int laps) throws Exception {
    Bench.measure((long) links * laps, () -> check(laps(links, laps) == (long) links * laps));
  }

  private long laps(int links, int laps) throws Exception {
    List<Pipe> pipes = new ArrayList<>();
    for (int i = 0; i <= links; i++) {
      pipes.add(unbuffered());
    }
    for (int i = 0; i < links; i++) {
      Pipe from = pipes.get(i);
      Pipe to = pipes.get(i + 1);
      start(
          () -> {
            for (int lap = 0; lap < laps; lap++) {
              to.send(from.recv() + 1);
            }
          });
    }
    long token = 0;
    for (int lap = 0; lap < laps; lap++) {
      pipes.getFirst().send(token);
      token = pipes.getLast().recv();
    }
    return token;
  }

  /** Tokens go round rings of ever more links, all of them at once; a link ends at -1. */
  private void scale() throws Exception {
    int hops = Bench.hops();
    for (int links : Bench.links()) {
      List<Pipe> ring = new ArrayList<>();
      for (int i = 0; i < links; i++) {
        ring.add(unbuffered());
      }
      var round = new AtomicReference<>(new CountDownLatch(0));
      for (int i = 0; i < links; i++) {
        Pipe from = ring.get(i);
        Pipe to = ring.get((i + 1) % links);
        start(
            () -> {
              for (long left; (left = from.recv()) >= 0; ) {
                if (left == 0) {
                  round.get().countDown();
                } else {
                  to.send(left - 1);
                }
              }
            });
      }
      Bench.measure(
          "_" + links,
          (long) Bench.TOKENS * hops,
          () -> {
            var done = new CountDownLatch(Bench.TOKENS);
            round.set(done);
            for (int t = 0; t < Bench.TOKENS; t++) {
              ring.get((int) ((long) t * links / Bench.TOKENS)).send((long) hops);
            }
            done.await();
          });
      for (Pipe pipe : ring) {
        pipe.send(-1L);
      }
    }
  }

  private void chan(int producers, int consumers) throws Exception {
    int n = Math.max(16, Bench.scaled(400_000) / 16 * 16);
    for (int capacity : CAPACITIES) {
      if (pipe(capacity) != null) {
        Bench.measure("_" + capacity, n, () -> chan(producers, consumers, capacity, n));
      }
    }
  }

  private void chan(int producers, int consumers, int capacity, int n) throws Exception {
    Pipe pipe = pipe(capacity);
    check(pipe != null);
    var sum = new LongAdder();
    var done = new CountDownLatch(consumers);
    for (int p = 0; p < producers; p++) {
      int first = p;
      start(
          () -> {
            for (long i = first; i < n; i += producers) {
              pipe.send(i);
            }
          });
    }
    for (int c = 0; c < consumers; c++) {
      start(
          () -> {
            long mine = 0;
            for (int i = 0; i < n / consumers; i++) {
              mine += pipe.recv();
            }
            sum.add(mine);
            done.countDown();
          });
    }
    done.await();
    check(sum.sum() == Bench.sum(n));
  }

  private void select(int cases, int n) throws Exception {
    if (any(List.of(unbuffered())) == null) {
      if (cases == CASES[0]) {
        Bench.notApplicable();
      }
      return;
    }
    int each = n / cases;
    Bench.measure(
        "_" + cases,
        (long) each * cases,
        () -> {
          List<Pipe> pipes = new ArrayList<>();
          for (int i = 0; i < cases; i++) {
            Pipe pipe = unbuffered();
            pipes.add(pipe);
            start(
                () -> {
                  for (long k = 0; k < each; k++) {
                    pipe.send(k);
                  }
                });
          }
          Pipe any = any(pipes);
          check(any != null);
          long sum = 0;
          for (int i = 0; i < each * cases; i++) {
            sum += any.recv();
          }
          check(sum == cases * Bench.sum(each));
        });
  }

  private void pipeline(int stages, int n) throws Exception {
    Bench.measure(
        (long) stages * n,
        () -> {
          Pipe first = unbuffered();
          Pipe last = first;
          for (int s = 0; s < stages; s++) {
            Pipe from = last;
            Pipe to = unbuffered();
            start(
                () -> {
                  for (int i = 0; i < n; i++) {
                    to.send(from.recv() + 1);
                  }
                });
            last = to;
          }
          start(
              () -> {
                for (long i = 0; i < n; i++) {
                  first.send(i);
                }
              });
          long sum = 0;
          for (int i = 0; i < n; i++) {
            sum += last.recv();
          }
          check(sum == Bench.sum(n) + (long) stages * n);
        });
  }

  /** The sieve of Go's test/chan/sieve1.go: a goroutine for each prime. 0 ends a stage. */
  private void sieve() throws Exception {
    boolean whole = Bench.isWhole();
    int primes = whole ? 500 : 50;
    Bench.measure(
        primes,
        () -> {
          Pipe numbers = unbuffered();
          Pipe first = numbers;
          long last = whole ? PRIME_500 : 229;
          start(
              () -> {
                for (long i = 2; i <= last; i++) {
                  first.send(i);
                }
                first.send(0L);
              });
          long prime = 0;
          for (int i = 0; i < primes; i++) {
            prime = numbers.recv();
            numbers = filtered(numbers, prime);
          }
          check(prime == last && numbers.recv() == 0);
        });
  }

  private Pipe filtered(Pipe in, long prime) {
    Pipe out = unbuffered();
    start(
        () -> {
          long i;
          do {
            i = in.recv();
            if (i == 0 || i % prime != 0) {
              out.send(i);
            }
          } while (i != 0);
        });
    return out;
  }
}
