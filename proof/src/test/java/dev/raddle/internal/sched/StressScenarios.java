package dev.raddle.internal.sched;

import static dev.raddle.Go.after;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.select;
import static dev.raddle.Go.sleep;

import dev.raddle.Chan;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What the stress mix is made of. Each starts goroutines that end by themselves. */
final class StressScenarios {
  private StressScenarios() {}

  static final List<Consumer<StressRound>> ALL =
      List.of(
          StressScenarios::pipe,
          StressScenarios::fanIn,
          StressScenarios::tree,
          StressScenarios::sleepers,
          StressScenarios::hog,
          StressScenarios::files,
          StressScenarios::process,
          StressScenarios::monitor,
          StressScenarios::lock,
          StressScenarios::interrupts,
          StressScenarios::foreign,
          StressScenarios::resize,
          StressScenarios::garbage,
          StressScenarios::closing);

  private static Duration micros(int n) {
    return Duration.ofNanos(1_000L * n);
  }

  /** Senders and receivers on one channel; its capacity may be none. */
  static void pipe(StressRound r) {
    Chan<Integer> chan = Chan.make(r.random.nextInt(3));
    int senders = r.upTo(4);
    int each = r.upTo(500);
    var sum = r.sum("pipe", (long) senders * each * (each - 1) / 2);
    var group = new WaitGroup();
    group.add(senders);
    for (int i = 0; i < senders; i++) {
      r.go(
          () -> {
            for (int n = 0; n < each; n++) {
              chan.send(n);
            }
            group.done();
          });
    }
    r.go(
        () -> {
          group.await();
          chan.close();
        });
    for (int i = r.upTo(3); i > 0; i--) {
      r.go(
          () -> {
            for (int n : chan) {
              sum.addAndGet(n);
            }
          });
    }
  }

  /** A select over two channels and a timeout. */
  static void fanIn(StressRound r) {
    Chan<Integer> a = Chan.make();
    Chan<Integer> b = Chan.make(1);
    int each = r.upTo(300);
    var sum = r.sum("fanIn", 2L * each);
    for (Chan<Integer> c : List.of(a, b)) {
      r.go(
          () -> {
            for (int n = 0; n < each; n++) {
              c.send(1);
            }
          });
    }
    int micros = r.upTo(500);
    r.go(
        () -> {
          for (int got = 0; got < 2 * each; ) {
            int n = select(a.onRecv(v -> v), b.onRecv(v -> v), after(micros(micros), () -> 0));
            sum.addAndGet(n);
            got += n;
          }
        });
  }

  /** Each goroutine spawns two more. */
  static void tree(StressRound r) {
    int depth = r.upTo(9);
    var leaves = r.sum("tree", 1L << depth);
    r.go(() -> branch(depth, leaves));
  }

  private static void branch(int depth, AtomicLong leaves) throws InterruptedException {
    if (depth == 0) {
      leaves.incrementAndGet();
      return;
    }
    var group = new WaitGroup();
    group.go(() -> branch(depth - 1, leaves));
    group.go(() -> branch(depth - 1, leaves));
    group.await();
  }

  /** Our timers and the JDK's. */
  static void sleepers(StressRound r) {
    for (int i = r.upTo(30); i > 0; i--) {
      int micros = r.upTo(3_000);
      r.go(
          () -> {
            sleep(micros(micros));
            Thread.sleep(micros(micros / 2));
            LockSupport.parkNanos(micros);
          });
    }
  }

  /** Longer than a slice, without a park. */
  static void hog(StressRound r) {
    long nanos = r.upTo(25) * 1_000_000L;
    r.go(
        () -> {
          long start = System.nanoTime();
          while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
          }
        });
  }

  /** Calls that block in the kernel. */
  static void files(StressRound r) {
    int bytes = r.upTo(20_000);
    var read = r.sum("files", bytes);
    r.go(
        () -> {
          Path file = Files.createTempFile("raddle", ".stress");
          Files.write(file, new byte[bytes]);
          read.addAndGet(Files.readAllBytes(file).length);
          Files.delete(file);
        });
  }

  /** Rarely: a process, its pipe and its end. */
  static void process(StressRound r) {
    if (r.random.nextInt(8) != 0) {
      return;
    }
    var ended = r.sum("process", 1);
    r.go(
        () -> {
          Process p = new ProcessBuilder("echo", "x").start();
          if (p.inputReader().readLine().equals("x") && p.waitFor() == 0) {
            ended.incrementAndGet();
          }
        });
  }

  /** A monitor that is held over a sleep, and wait and notify. */
  static void monitor(StressRound r) {
    var monitor = new Object();
    int members = r.upTo(5);
    var passed = r.sum("monitor", members);
    var turn = new AtomicInteger();
    for (int i = 0; i < members; i++) {
      int mine = i;
      r.go(
          () -> {
            synchronized (monitor) {
              while (turn.get() != mine) {
                monitor.wait();
              }
              Thread.sleep(micros(200));
              turn.incrementAndGet();
              passed.incrementAndGet();
              monitor.notifyAll();
            }
          });
    }
  }

  /** A lock of the JDK, and a future that another goroutine completes. */
  static void lock(StressRound r) {
    var lock = new ReentrantLock();
    int members = r.upTo(8);
    var sum = r.sum("lock", members * 50L);
    var plain = new int[1];
    var group = new WaitGroup();
    group.add(members);
    for (int i = 0; i < members; i++) {
      r.go(
          () -> {
            for (int n = 0; n < 50; n++) {
              lock.lock();
              try {
                plain[0]++;
              } finally {
                lock.unlock();
              }
            }
            group.done();
          });
    }
    var future = new CompletableFuture<Integer>();
    r.go(
        () -> {
          group.await();
          future.complete(plain[0]);
        });
    r.go(() -> sum.addAndGet(future.get()));
  }

  /** A receiver that is interrupted all the time loses nothing. */
  static void interrupts(StressRound r) {
    Chan<Integer> chan = Chan.make();
    Chan<Thread> who = Chan.make(1);
    Chan<Integer> quiet = Chan.make();
    int count = r.upTo(200);
    var sum = r.sum("interrupts", count);
    r.go(
        () -> {
          for (int n = 0; n < count; n++) {
            chan.send(1);
          }
        });
    r.go(
        () -> {
          who.send(Thread.currentThread());
          for (int got = 0; got < count; ) {
            try {
              got += chan.recv();
              sum.incrementAndGet();
            } catch (InterruptedException e) {
              gosched();
            }
          }
          // Its thread runs other goroutines afterwards: nobody may still mean to interrupt it.
          for (boolean over = false; !over; ) {
            try {
              over = quiet.receive() != null;
            } catch (InterruptedException e) {
              gosched();
            }
          }
        });
    r.go(
        () -> {
          Thread receiver = who.recv();
          for (int n = 0; n < 100; n++) {
            receiver.interrupt();
            gosched();
          }
          quiet.close();
        });
  }

  /** Virtual threads that are no goroutines, on our scheduler and on the JDK's. */
  static void foreign(StressRound r) {
    Chan<Integer> chan = Chan.make();
    var sum = r.sum("foreign", 60);
    Thread jdk = Thread.ofVirtual().unstarted(() -> sendThirty(chan));
    jdk.start();
    r.go(
        () -> {
          Thread ours = Thread.startVirtualThread(() -> sendThirty(chan));
          for (int n = 0; n < 60; n++) {
            sum.addAndGet(chan.recv());
          }
          ours.join();
          jdk.join();
        });
  }

  private static void sendThirty(Chan<Integer> chan) {
    try {
      for (int n = 0; n < 30; n++) {
        chan.send(1);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** More and fewer Ps. */
  static void resize(StressRound r) {
    long seed = r.random.nextLong();
    r.go(
        () -> {
          var random = new Random(seed);
          for (int n = 0; n < 20; n++) {
            r.scheduler.gomaxprocs(1 + random.nextInt(6));
            sleep(micros(random.nextInt(300)));
          }
        });
  }

  /** Stack chunks and elements that the collector moves. */
  static void garbage(StressRound r) {
    boolean all = r.random.nextInt(50) == 0;
    var kept = r.sum("garbage", 50);
    r.go(
        () -> {
          Chan<byte[]> chan = Chan.make(4);
          var group = new WaitGroup();
          group.go(
              () -> {
                for (byte[] b : chan) {
                  kept.addAndGet(b.length == 100_000 ? 1 : 0);
                }
              });
          for (int n = 0; n < 50; n++) {
            chan.send(new byte[100_000]);
          }
          chan.close();
          if (all) {
            System.gc();
          }
          group.await();
        });
  }

  /** A spawn from outside, while the scheduler closes, either fails or runs. */
  static void closing(StressRound r) {
    if (r.random.nextInt(4) != 0) {
      return;
    }
    var both = r.sum("closing", 0);
    Scheduler other = Scheduler.builder().name("short").processors(1).build();
    r.go(
        () -> {
          Thread closer = Thread.ofPlatform().start(other::close);
          try {
            for (int n = 0; n < 1_000; n++) {
              both.incrementAndGet();
              other.go(both::decrementAndGet);
            }
          } catch (IllegalStateException closed) {
            both.decrementAndGet();
          }
          closer.join();
        });
  }
}
