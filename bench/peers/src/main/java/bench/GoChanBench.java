package bench;

import static bench.GoBench.work;
import static dev.raddle.Go.go;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.Selector;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Those of Go's runtime/chan_test.go. */
final class GoChanBench {
  private static final int BATCH = 1000;
  private final GoBench bench;

  GoChanBench(GoBench bench) {
    this.bench = bench;
  }

  void run() throws Exception {
    bench.measure(
        "MakeChan/Int",
        n -> {
          Chan<Integer> c = Chan.make(8);
          for (long i = 1; i < n; i++) {
            c = Chan.make(8);
          }
          c.close();
        });
    nonblocking();
    selectUncontended();
    selectSyncContended();
    selectAsyncContended();
    selectNonblock();
    uncontended();
    contended();
    bench.measure("ChanSync", n -> sync(n, 0));
    bench.measure("ChanSyncWork", n -> sync(n, 1000));
    for (int work : new int[] {0, 100}) {
      for (int capacity : new int[] {0, 10, 100}) {
        bench.measure(
            "ChanProdCons" + (work == 0 ? "" : "Work") + capacity,
            n -> prodCons(n, capacity, work));
      }
    }
    bench.measure("SelectProdCons", this::selectProdCons);
    bench.measure("ReceiveDataFromClosedChan", this::drain);
    bench.parallel(
        "ChanCreation",
        1,
        share -> {
          while (share.next()) {
            Chan<Integer> c = Chan.make(1);
            c.send(0);
            c.recv();
          }
        });
    Chan<Boolean> sem = Chan.make(bench.procs);
    bench.parallel(
        "ChanSem",
        1,
        share -> {
          while (share.next()) {
            sem.send(true);
            sem.recv();
          }
        });
    bench.measure("ChanPopular", GoChanBench::popular);
    Chan<Integer> closed = Chan.make();
    closed.close();
    bench.parallel(
        "ChanClosed",
        1,
        share -> {
          while (share.next()) {
            Bench.check(closed.tryRecv() != null);
          }
        });
  }

  private void nonblocking() throws Exception {
    Chan<Integer> c = Chan.make();
    bench.parallel(
        "ChanNonblocking",
        1,
        share -> {
          while (share.next()) {
            Bench.check(c.tryRecv() == null);
          }
        });
  }

  private void selectUncontended() throws Exception {
    bench.parallel(
        "SelectUncontended",
        1,
        share -> {
          Chan<Integer> c1 = Chan.make(1);
          Chan<Integer> c2 = Chan.make(1);
          c1.send(0);
          backAndForth(share, c1, c2);
        });
  }

  private static void backAndForth(GoBench.Share share, Chan<Integer> c1, Chan<Integer> c2)
      throws InterruptedException {
    var select = new Selector();
    select.onRecv(c1);
    select.onRecv(c2);
    while (share.next()) {
      (select.select() == 0 ? c2 : c1).send(0);
    }
  }

  private void selectSyncContended() throws Exception {
    Chan<Integer> c1 = Chan.make();
    Chan<Integer> c2 = Chan.make();
    Chan<Integer> c3 = Chan.make();
    bench.measure(
        "SelectSyncContended",
        n -> {
          Chan<Integer> done = Chan.make();
          bench.share(
              n,
              1,
              share -> {
                go(() -> sendToAny(List.of(c1, c2, c3), done));
                var select = new Selector();
                select.onRecv(c1);
                select.onRecv(c2);
                select.onRecv(c3);
                while (share.next()) {
                  select.select();
                }
              });
          done.close();
        });
  }

  private static void sendToAny(List<Chan<Integer>> chans, RecvChan<Integer> done)
      throws InterruptedException {
    var select = new Selector();
    var sends = chans.stream().map(select::onSend).toList();
    int end = select.onRecv(done).index();
    do {
      sends.forEach(s -> s.offer(0));
    } while (select.select() != end);
  }

  private void selectAsyncContended() throws Exception {
    bench.measure(
        "SelectAsyncContended",
        n -> {
          Chan<Integer> c1 = Chan.make(bench.procs);
          Chan<Integer> c2 = Chan.make(bench.procs);
          bench.share(
              n,
              1,
              share -> {
                c1.send(0);
                backAndForth(share, c1, c2);
              });
        });
  }

  private void selectNonblock() throws Exception {
    Chan<Integer> c1 = Chan.make();
    Chan<Integer> c2 = Chan.make();
    Chan<Integer> c3 = Chan.make(1);
    Chan<Integer> c4 = Chan.make(1);
    bench.parallel(
        "SelectNonblock",
        1,
        share -> {
          while (share.next()) {
            c1.tryRecv();
            c2.trySend(0);
            c3.tryRecv();
            c4.trySend(0);
          }
        });
  }

  private static void fillAndDrain(GoBench.Share share, Chan<Integer> c)
      throws InterruptedException {
    while (share.next()) {
      for (int i = 0; i < 100; i++) {
        c.send(0);
      }
      for (int i = 0; i < 100; i++) {
        c.recv();
      }
    }
  }

  private void uncontended() throws Exception {
    bench.parallel("ChanUncontended", 1, share -> fillAndDrain(share, Chan.make(100)));
  }

  private void contended() throws Exception {
    Chan<Integer> c = Chan.make(100 * bench.procs);
    bench.parallel("ChanContended", 1, share -> fillAndDrain(share, c));
  }

  private static void sync(long n, int work) throws Exception {
    var left = new AtomicLong(Math.max(1, n / BATCH / 2) * 2);
    Chan<Integer> c = Chan.make();
    var wg = new WaitGroup();
    for (int p = 0; p < 2; p++) {
      wg.go(
          () -> {
            for (long i = left.decrementAndGet(); i >= 0; i = left.decrementAndGet()) {
              for (int g = 0; g < BATCH; g++) {
                if (i % 2 == 0) {
                  c.recv();
                  work(work);
                  c.send(0);
                } else {
                  c.send(0);
                  work(work);
                  c.recv();
                }
                work(work);
              }
            }
          });
    }
    wg.await();
  }

  private void prodCons(long n, int capacity, int work) throws Exception {
    var left = new AtomicLong(Math.max(1, n / BATCH));
    Chan<Integer> c = Chan.make(capacity);
    var wg = new WaitGroup();
    for (int p = 0; p < bench.procs; p++) {
      wg.go(
          () -> {
            while (left.decrementAndGet() >= 0) {
              for (int g = 0; g < BATCH; g++) {
                work(work);
                c.send(1);
              }
            }
            c.send(0);
          });
      wg.go(
          () -> {
            while (c.recv() != 0) {
              work(work);
            }
          });
    }
    wg.await();
  }

  private void selectProdCons(long n) throws Exception {
    var left = new AtomicLong(Math.max(1, n / BATCH));
    Chan<Integer> c = Chan.make(128);
    Chan<Boolean> close = Chan.make();
    var wg = new WaitGroup();
    for (int p = 0; p < bench.procs; p++) {
      wg.go(
          () -> {
            RecvChan<Instant> hour = Go.after(Duration.ofHours(1));
            var select = new Selector();
            var send = select.onSend(c);
            select.onRecv(hour);
            select.onRecv(close);
            while (left.decrementAndGet() >= 0) {
              for (int g = 0; g < BATCH; g++) {
                work(100);
                send.offer(1);
                select.select();
              }
            }
            c.send(0);
          });
      wg.go(
          () -> {
            RecvChan<Instant> hour = Go.after(Duration.ofHours(1));
            var select = new Selector();
            var recv = select.onRecv(c);
            select.onRecv(hour);
            select.onRecv(close);
            while (select.select() != recv.index() || recv.value() != 0) {
              work(100);
            }
          });
    }
    wg.await();
  }

  private void drain(long n) throws Exception {
    int count = (int) Math.min(n, 10_000_000);
    Chan<Boolean> c = Chan.make(count);
    for (int i = 0; i < count; i++) {
      c.send(true);
    }
    c.close();
    bench.resetTimer();
    int found = 0;
    for (boolean b : c) {
      found += b ? 1 : 0;
    }
    Bench.check(found == count);
  }

  private static void popular(long n) throws Exception {
    Chan<Boolean> c = Chan.make();
    List<Chan<Boolean>> own = new ArrayList<>();
    var wg = new WaitGroup();
    for (int j = 0; j < 1000; j++) {
      Chan<Boolean> d = Chan.make();
      own.add(d);
      wg.go(
          () -> {
            var select = new Selector();
            select.onRecv(c);
            select.onRecv(d);
            for (long i = 0; i < n; i++) {
              select.select();
            }
          });
    }
    for (long i = 0; i < n; i++) {
      for (Chan<Boolean> d : own) {
        d.send(true);
      }
    }
    wg.await();
  }
}
