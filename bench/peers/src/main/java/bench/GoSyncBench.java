package bench;

import static bench.GoBench.work;
import static dev.raddle.Go.go;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.Cond;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.Once;
import dev.raddle.sync.Pool;
import dev.raddle.sync.RWMutex;
import dev.raddle.sync.Semaphore;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;

/** Those of Go's sync package. */
final class GoSyncBench {
  private final GoBench bench;

  GoSyncBench(GoBench bench) {
    this.bench = bench;
  }

  void run() throws Exception {
    mutexes();
    readWrite();
    for (int waiters : new int[] {1, 2, 4, 8, 16, 32}) {
      bench.measure("Cond" + waiters, n -> cond(n, waiters));
    }
    var once = new Once();
    bench.parallel(
        "Once",
        1,
        share -> {
          while (share.next()) {
            once.run(() -> {});
          }
        });
    waitGroups();
    pools();
    semaphore("UncontendedSemaphore", 1);
    semaphore("ContendedSemaphore", bench.procs);
  }

  private void pools() throws Exception {
    var pool = new Pool<>(() -> 1);
    bench.parallel(
        "Pool",
        1,
        share -> {
          while (share.next()) {
            pool.put(1);
            pool.get();
          }
        });
    pool("PoolOverflow", 100, 100);
    pool("PoolStarvation", 67, 100);
    poolStw();
    poolExpensiveNew();
  }

  /** More are put and taken at a time than a P keeps; or fewer are put than are taken. */
  private void pool(String name, int puts, int gets) throws Exception {
    var pool = new Pool<>(() -> 1);
    bench.parallel(
        name,
        1,
        share -> {
          while (share.next()) {
            for (int i = 0; i < puts; i++) {
              pool.put(1);
            }
            for (int i = 0; i < gets; i++) {
              pool.get();
            }
          }
        });
  }

  /** As in Go not the time of an operation but of the pauses of a collection of a full pool. */
  private void poolStw() throws Exception {
    var pool = new Pool<>(() -> 1);
    int collections = Bench.isWhole() ? 50 : 2;
    double nanos =
        Pauses.nanos(
            () -> {
              for (int i = 0; i < collections; i++) {
                for (int k = 0; k < 100_000; k++) {
                  pool.put(42);
                }
                System.gc();
              }
            });
    Bench.print("PoolSTW", nanos / collections);
  }

  private void poolExpensiveNew() throws Exception {
    var pool =
        new Pool<>(
            () -> {
              try {
                Go.sleep(Duration.ofMillis(1));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 42;
            });
    bench.parallel(
        "PoolExpensiveNew",
        1,
        share -> {
          int[] items = new int[100];
          while (share.next()) {
            for (int i = 0; i < items.length; i++) {
              items[i] = pool.get();
              GoBench.sink |= new byte[32 << 10].length; // some work with it
            }
            for (int item : items) {
              pool.put(item);
            }
          }
        });
  }

  /** Go's is the semaphore inside its runtime; ours the weighted one of x/sync. */
  private void semaphore(String name, int goroutines) throws Exception {
    var sem = new Semaphore(1);
    bench.measure(
        name,
        n -> {
          var wg = new WaitGroup();
          for (int g = 0; g < goroutines; g++) {
            wg.go(
                () -> {
                  for (long i = 0; i < n / goroutines; i++) {
                    sem.acquire(1);
                    sem.release(1);
                  }
                });
          }
          wg.await();
        });
  }

  private void mutexes() throws Exception {
    bench.parallel(
        "MutexUncontended",
        1,
        share -> {
          var mu = new Mutex();
          while (share.next()) {
            mu.lock();
            mu.unlock();
          }
        });
    mutex("Mutex", 1, 0);
    mutex("MutexSlack", 10, 0);
    mutex("MutexWork", 1, 100);
    mutex("MutexWorkSlack", 10, 100);
    mutexNoSpin();
    mutexSpin();
  }

  private void mutex(String name, int parallelism, int work) throws Exception {
    var mu = new Mutex();
    bench.parallel(
        name,
        parallelism,
        share -> {
          while (share.next()) {
            mu.lock();
            mu.unlock();
            work(work);
          }
        });
  }

  private void mutexNoSpin() throws Exception {
    var mu = new Mutex();
    long[] accounts = new long[2];
    bench.parallel(
        "MutexNoSpin",
        4,
        share -> {
          Chan<Boolean> c = Chan.make();
          long[] data = new long[4 << 10];
          for (int i = 0; share.next(); i++) {
            if (i % 4 == 0) {
              move(mu, accounts);
            } else {
              touch(data);
              go(() -> c.send(true));
              c.recv();
            }
          }
        });
  }

  private void mutexSpin() throws Exception {
    var mu = new Mutex();
    long[] accounts = new long[2];
    bench.parallel(
        "MutexSpin",
        1,
        share -> {
          long[] data = new long[16 << 10];
          while (share.next()) {
            move(mu, accounts);
            touch(data);
          }
        });
  }

  private static void move(Mutex mu, long[] accounts) {
    mu.lock();
    accounts[0] -= 100;
    accounts[1] += 100;
    mu.unlock();
  }

  private static void touch(long[] data) {
    for (int i = 0; i < data.length; i += 4) {
      data[i]++;
    }
  }

  private void readWrite() throws Exception {
    bench.parallel(
        "RWMutexUncontended",
        1,
        share -> {
          var mu = new RWMutex();
          while (share.next()) {
            mu.readLock();
            mu.readLock();
            mu.readUnlock();
            mu.readUnlock();
            mu.lock();
            mu.unlock();
          }
        });
    readWrite("RWMutexWrite100", 0, 100);
    readWrite("RWMutexWrite10", 0, 10);
    readWrite("RWMutexWorkWrite100", 100, 100);
    readWrite("RWMutexWorkWrite10", 100, 10);
  }

  private void readWrite(String name, int work, int ratio) throws Exception {
    var mu = new RWMutex();
    bench.parallel(
        name,
        1,
        share -> {
          for (int i = 1; share.next(); i++) {
            if (i % ratio == 0) {
              mu.lock();
              mu.unlock();
            } else {
              mu.readLock();
              work(work);
              mu.readUnlock();
            }
          }
        });
  }

  private static void cond(long n, int waiters) throws Exception {
    var mu = new Mutex();
    var cond = new Cond(mu);
    int[] id = new int[1];
    var wg = new WaitGroup();
    for (int g = 0; g <= waiters; g++) {
      wg.go(
          () -> {
            for (long i = 0; i < n; i++) {
              mu.lock();
              if (id[0] == -1) {
                mu.unlock();
                break;
              }
              if (++id[0] == waiters + 1) {
                id[0] = 0;
                cond.broadcast();
              } else {
                cond.await();
              }
              mu.unlock();
            }
            mu.lock();
            id[0] = -1;
            cond.broadcast();
            mu.unlock();
          });
    }
    wg.await();
  }

  private void waitGroups() throws Exception {
    bench.parallel(
        "WaitGroupUncontended",
        1,
        share -> {
          var wg = new WaitGroup();
          while (share.next()) {
            wg.add(1);
            wg.done();
            wg.await();
          }
        });
    for (int work : new int[] {0, 100}) {
      var wg = new WaitGroup();
      bench.parallel(
          "WaitGroupAddDone" + (work == 0 ? "" : "Work"),
          1,
          share -> {
            while (share.next()) {
              wg.add(1);
              work(work);
              wg.done();
            }
          });
      bench.parallel(
          "WaitGroupWait" + (work == 0 ? "" : "Work"),
          1,
          share -> {
            while (share.next()) {
              wg.await();
              work(work);
            }
          });
    }
    bench.parallel(
        "WaitGroupActuallyWait",
        1,
        share -> {
          while (share.next()) {
            var wg = new WaitGroup();
            wg.add(1);
            go(wg::done);
            wg.await();
          }
        });
  }
}
