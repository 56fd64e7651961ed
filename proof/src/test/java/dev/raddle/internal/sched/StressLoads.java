package dev.raddle.internal.sched;

import static dev.raddle.Go.gosched;
import static dev.raddle.Go.lockOSThread;
import static dev.raddle.Go.newTicker;
import static dev.raddle.Go.sleep;
import static dev.raddle.Go.unlockOSThread;

import dev.raddle.Chan;
import dev.raddle.Ticker;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * More of what the stress mix is made of: what keeps Ps and threads, and what comes from outside.
 */
final class StressLoads {
  private StressLoads() {}

  static final List<Consumer<StressRound>> ALL =
      List.of(
          StressLoads::longHog,
          StressLoads::blockedHog,
          StressLoads::fsync,
          StressLoads::fifo,
          StressLoads::locked,
          StressLoads::tickers,
          StressLoads::outside,
          StressLoads::spawnsOutside);

  private static Duration micros(int n) {
    return Duration.ofNanos(1_000L * n);
  }

  /**
   * A hog that goes on until sleepers beside it have ended, a tenth of a second at least, while
   * others yield all the time: whoever strands with the hog's P keeps it for ever.
   */
  static void longHog(StressRound r) {
    if (r.random.nextInt(4) != 0) {
      return;
    }
    long nanos = 100_000_000L + r.upTo(200) * 1_000_000L;
    int sleepers = r.upTo(5);
    var asleep = new CountDownLatch(sleepers);
    var over = new AtomicBoolean();
    for (int i = r.upTo(3); i > 0; i--) {
      r.go(
          () -> {
            while (!over.get()) {
              gosched();
            }
          });
    }
    r.go(
        () -> {
          for (int i = 0; i < sleepers; i++) {
            r.go(
                () -> {
                  for (int n = 0; n < 5; n++) {
                    sleep(micros(500));
                    Thread.sleep(micros(300));
                  }
                  asleep.countDown();
                });
          }
          long start = System.nanoTime();
          while (asleep.getCount() > 0 || System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
          }
          over.set(true);
        });
  }

  /** A hog readies others, again and again, which must run though it does not park. */
  static void blockedHog(StressRound r) {
    int wakes = r.upTo(5);
    var woken = new AtomicInteger();
    Chan<Integer> chan = Chan.make();
    r.go(
        () -> {
          for (int n = 0; n < wakes; n++) {
            chan.recv();
            woken.incrementAndGet();
          }
        });
    r.go(
        () -> {
          for (int n = 0; n < wakes; n++) {
            chan.send(n);
            while (woken.get() <= n) {
              Thread.onSpinWait();
            }
          }
        });
  }

  /** The JDK says that these block. */
  static void fsync(StressRound r) {
    if (r.random.nextInt(4) != 0) {
      return;
    }
    int times = r.upTo(5);
    var written = r.sum("fsync", times);
    r.go(
        () -> {
          Path file = Files.createTempFile("raddle", ".fsync");
          try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int n = 0; n < times; n++) {
              written.addAndGet(channel.write(ByteBuffer.wrap(new byte[1])));
              channel.force(true);
            }
          } finally {
            Files.delete(file);
          }
        });
  }

  /** An open and a read that block in the kernel, for one another. */
  static void fifo(StressRound r) {
    if (r.random.nextInt(8) != 0) {
      return;
    }
    var read = r.sum("fifo", 1_000);
    r.go(
        () -> {
          Path dir = Files.createTempDirectory("raddle");
          Path fifo = dir.resolve("fifo");
          if (new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() != 0) {
            throw new AssertionError("no fifo");
          }
          var both = new CountDownLatch(2);
          r.go(
              () -> {
                read.addAndGet(Files.readAllBytes(fifo).length);
                both.countDown();
              });
          r.go(
              () -> {
                try (var out = Files.newOutputStream(fifo)) {
                  for (int n = 0; n < 10; n++) {
                    out.write(new byte[100]);
                    sleep(micros(100));
                  }
                }
                both.countDown();
              });
          both.await();
          Files.delete(fifo);
          Files.delete(dir);
        });
  }

  /** Goroutines locked to their threads, some of which end so; our waits and the JDK's. */
  static void locked(StressRound r) {
    Chan<Integer> chan = Chan.make();
    int each = r.upTo(50);
    boolean ends = r.random.nextBoolean();
    var sum = r.sum("locked", each);
    r.go(
        () -> {
          lockOSThread();
          for (int n = 0; n < each; n++) {
            chan.send(1);
            if (n % 10 == 0) {
              LockSupport.parkNanos(100_000);
            }
          }
          if (!ends) {
            unlockOSThread();
          }
        });
    r.go(
        () -> {
          for (int n = 0; n < each; n++) {
            sum.addAndGet(chan.recv());
          }
        });
  }

  /** Tickers that tick, are reset and stopped. */
  static void tickers(StressRound r) {
    for (int i = r.upTo(5); i > 0; i--) {
      int micros = r.upTo(2_000);
      int ticks = r.upTo(10);
      r.go(
          () -> {
            Ticker ticker = newTicker(micros(micros));
            for (int n = 0; n < ticks; n++) {
              ticker.c().recv();
              if (n == ticks / 2) {
                ticker.reset(micros(micros / 2 + 1));
              }
            }
            ticker.stop();
          });
    }
  }

  /** A platform thread at the other end of two channels. */
  static void outside(StressRound r) {
    int each = r.upTo(100);
    Chan<Integer> in = Chan.make();
    Chan<Integer> out = Chan.make(1);
    var sum = r.sum("outside", each);
    r.go(
        () -> {
          for (int n = 0; n < each; n++) {
            out.send(in.recv());
          }
        });
    r.thread(
        () -> {
          for (int n = 0; n < each; n++) {
            in.send(1);
            sum.addAndGet(out.recv());
          }
        });
  }

  /** Goroutines that platform threads start, at random instants. */
  static void spawnsOutside(StressRound r) {
    int each = r.upTo(50);
    var sum = r.sum("spawnsOutside", each);
    long seed = r.random.nextLong();
    r.thread(
        () -> {
          var random = new Random(seed);
          for (int n = 0; n < each; n++) {
            r.go(sum::incrementAndGet);
            if (random.nextInt(10) == 0) {
              Thread.sleep(micros(random.nextInt(500)));
            }
          }
        });
  }
}
