package bench;

import static bench.GoBench.work;

import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Those of Go's context/benchmark_test.go. */
final class GoContextBench {
  private static final Duration HOUR = Duration.ofHours(1);
  private final GoBench bench;

  GoContextBench(GoBench bench) {
    this.bench = bench;
  }

  void run() throws Exception {
    commonParentCancel();
    for (int concurrency : new int[] {40, 4_000, 400_000}) {
      withTimeout(concurrency);
    }
    for (int depth : new int[] {1, 10, 100, 1_000}) {
      cancelTree(depth);
    }
    polls();
    for (int depth : new int[] {10, 20, 30, 50, 100}) {
      deepValue(depth);
    }
  }

  private void commonParentCancel() throws Exception {
    Context.Key<String> key = Context.Key.of("key");
    try (var shared = Context.background().withValue(key, "value").withCancel()) {
      bench.parallel(
          "CommonParentCancel",
          1,
          share -> {
            while (share.next()) {
              try (var ctx = shared.withCancel()) {
                check("value".equals(ctx.value(key)));
                work(100);
              }
              work(100);
            }
          });
    }
  }

  /** Timeouts that come and go beside so many that stay. */
  private void withTimeout(int concurrency) throws Exception {
    List<CancelContext> others = new ArrayList<>();
    for (int i = 0; i < concurrency; i++) {
      others.add(Context.background().withTimeout(HOUR));
    }
    bench.parallel(
        "WithTimeout/concurrency=" + concurrency,
        1,
        share -> {
          CancelContext[] mine = new CancelContext[10];
          while (share.next()) {
            for (int i = 0; i < mine.length; i++) {
              mine[i] = Context.background().withTimeout(HOUR);
            }
            for (CancelContext c : mine) {
              c.cancel();
            }
          }
        });
    others.forEach(CancelContext::cancel);
  }

  private void cancelTree(int depth) throws Exception {
    String name = "CancelTree/depth=" + depth + "/Root=";
    bench.measure(
        name + "Background",
        n -> {
          for (long i = 0; i < n; i++) {
            tree(Context.background(), depth);
          }
        });
    bench.measure(
        name + "OpenCanceler",
        n -> {
          for (long i = 0; i < n; i++) {
            try (var root = Context.background().withCancel()) {
              tree(root, depth);
            }
          }
        });
    bench.measure(
        name + "ClosedCanceler",
        n -> {
          for (long i = 0; i < n; i++) {
            try (var root = Context.background().withCancel()) {
              root.cancel();
              tree(root, depth);
            }
          }
        });
  }

  @SuppressWarnings("MustBeClosedChecker") // what it measures; the root ends them
  private static void tree(Context root, int depth) {
    Context c = root;
    for (int i = 0; i < depth; i++) {
      c = c.withCancel();
    }
  }

  private void polls() throws Exception {
    var open = Context.background().withCancel();
    var ended = Context.background().withCancel();
    ended.cancel();
    bench.measure("CheckCanceled/Err", n -> err(ended, n));
    bench.measure(
        "CheckCanceled/Done",
        n -> {
          for (long i = 0; i < n; i++) {
            check(isDone(ended.done()));
          }
        });
    bench.parallel(
        "ContextCancelDone",
        1,
        share -> {
          while (share.next()) {
            check(!isDone(open.done()));
          }
        });
    bench.measure("ErrOK", n -> err(open, n));
    bench.measure("ErrCanceled", n -> err(ended, n));
    open.cancel();
  }

  private static void err(CancelContext ctx, long n) {
    boolean ended = ctx.err() != null;
    for (long i = 0; i < n; i++) {
      check(ctx.err() != null == ended);
    }
  }

  /** Go's select with a default, of one case. */
  private static boolean isDone(RecvChan<?> done) {
    return done.tryRecv() != null;
  }

  private void deepValue(int depth) throws Exception {
    Context c = Context.background();
    for (int i = 0; i < depth; i++) {
      c = c.withValue(Context.Key.of("key" + i), i);
    }
    Context deep = c;
    Context.Key<Integer> none = Context.Key.of("none");
    bench.measure(
        "DeepValueNewGoRoutine/depth=" + depth,
        n -> {
          for (long i = 0; i < n; i++) {
            var wg = new WaitGroup();
            wg.add(1);
            Go.go(
                () -> {
                  check(deep.value(none) == null);
                  wg.done();
                });
            wg.await();
          }
        });
    bench.measure(
        "DeepValueSameGoRoutine/depth=" + depth,
        n -> {
          for (long i = 0; i < n; i++) {
            check(deep.value(none) == null);
          }
        });
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("a context says what it should not");
    }
  }
}
