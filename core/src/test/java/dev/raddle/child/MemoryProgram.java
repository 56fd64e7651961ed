package dev.raddle.child;

import static dev.raddle.Go.go;
import static dev.raddle.Go.gomaxprocs;
import static dev.raddle.Go.numGoroutine;

import dev.raddle.Chan;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Fills a small heap from goroutines; run by {@link MemoryTest} in its own JVM. */
final class MemoryProgram {
  private static final int PAIRS = 50;
  private static final int TIMES = 5;

  private MemoryProgram() {}

  /** Holds blocks until the heap has room for nothing more. */
  private static void fill(List<byte[]> held) {
    for (int size = 1 << 20; ; ) {
      try {
        while (true) {
          held.add(new byte[size]);
        }
      } catch (OutOfMemoryError full) {
        if (size <= 64) {
          throw full;
        }
        size >>= 1;
      }
    }
  }

  /** The goroutine catches it and lives on. */
  private static String caught() throws Exception {
    Chan<String> result = Chan.make();
    go(
        () -> {
          String text;
          try {
            fill(new ArrayList<>());
            text = "no error";
          } catch (OutOfMemoryError e) {
            text = "caught";
          }
          result.send(text);
        });
    return result.recv();
  }

  /** The JVM links what runs for the first time, and a full heap has no room for that. */
  private static String firstClose() throws Exception {
    Chan<String> c = Chan.make(1);
    c.send("sent");
    var held = new ArrayList<byte[]>();
    String text = "not full";
    try {
      fill(held);
    } catch (OutOfMemoryError full) {
      try {
        c.close();
        text = "closed";
      } catch (OutOfMemoryError e) {
        text = "no room to close";
      }
    }
    held.clear();
    return c.recv() + ", " + text;
  }

  /** It leaves the goroutine: the handler hears of it, the scheduler goes on. */
  private static String uncaught() throws Exception {
    var seen = new AtomicReference<Throwable>();
    Chan<String> ended = Chan.make(1);
    var wg = new WaitGroup();
    wg.go(
        () -> {
          Thread.currentThread()
              .setUncaughtExceptionHandler(
                  (t, e) -> {
                    seen.set(e);
                    ended.trySend("uncaught");
                  });
          fill(new ArrayList<>());
        });
    wg.await();
    String text = ended.recv();
    return seen.get() instanceof OutOfMemoryError ? text : String.valueOf(seen.get());
  }

  /** Others allocate, park and wake while the heap is full: they may fail, none may hang. */
  private static String others() throws Exception {
    var failed = new AtomicInteger();
    var wg = new WaitGroup();
    Chan<Integer> stop = Chan.make();
    for (int i = 0; i < PAIRS; i++) {
      Chan<byte[]> ball = Chan.make();
      wg.go(
          () -> {
            try {
              while (stop.tryRecv() == null) {
                ball.send(new byte[1_000]);
              }
            } catch (OutOfMemoryError e) {
              failed.incrementAndGet();
            } finally {
              ball.close();
            }
          });
      wg.go(
          () -> {
            for (boolean open = true; open; ) {
              try {
                open = ball.receive().ok();
              } catch (OutOfMemoryError e) {
                failed.incrementAndGet();
              }
            }
          });
    }
    for (int i = 0; i < TIMES; i++) {
      var filler = new WaitGroup();
      filler.go(
          () -> {
            try {
              fill(new ArrayList<>());
            } catch (OutOfMemoryError e) {
              failed.incrementAndGet();
            }
          });
      filler.await();
    }
    stop.close();
    wg.await();
    return failed.get() >= TIMES ? "others ended" : "the heap was never full";
  }

  public static void main(String[] args) throws Exception {
    gomaxprocs(Integer.getInteger("processors"));
    System.out.println(firstClose());
    System.out.println(caught());
    System.out.println(uncaught());
    System.out.println(others());
    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (numGoroutine() > 0 && System.nanoTime() < limit) {
      Thread.onSpinWait();
    }
    System.out.println("left " + numGoroutine());
    var ran = new AtomicInteger();
    var wg = new WaitGroup();
    for (int i = 0; i < 10_000; i++) {
      wg.go(ran::incrementAndGet);
    }
    wg.await();
    System.out.println("ran " + ran);
  }
}
