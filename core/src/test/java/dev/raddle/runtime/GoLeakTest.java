package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.sync.Cond;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.RWMutex;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * After the programs of Go's runtime/testdata/testgoroutineleakprofile, but for those of goker: Go
 * lists who waits for what nobody can reach. Here as many are reclaimed and counted, and no other.
 */
@Timeout(120)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the JDK's scheduler keeps goroutines that nobody can wake")
class GoLeakTest {
  /** A program by Go's name, and how many of its goroutines Go lists. */
  enum Leak {
    NIL_RECV(1, () -> Go.go(() -> Chan.nil().recv())),
    NIL_SEND(1, () -> Go.go(() -> Chan.<Integer>nil().send(0))),
    SELECT_NO_CASES(1, () -> Go.go(() -> Go.select())),
    CHAN_RECV(1, () -> Go.go(() -> Chan.make().recv())),
    CHAN_SEND(1, () -> Go.go(() -> Chan.<Integer>make().send(0))),
    SELECT(
        1,
        () ->
            Go.go(
                () ->
                    Go.select(
                        Chan.<Integer>make().onSend(0, () -> 0),
                        Chan.<Integer>make().onRecv(v -> v)))),
    WAIT_GROUP(
        1,
        () ->
            Go.go(
                () -> {
                  var wg = new WaitGroup();
                  wg.add(1);
                  wg.await();
                })),
    MUTEX_STACK(1000, () -> times(1000, () -> lockTwice(new Mutex()))),
    MUTEX_HEAP(
        1000,
        () ->
            times(
                1000,
                () -> {
                  var m = new Mutex();
                  Go.go(() -> lockTwice(m));
                })),
    COND(
        1,
        () ->
            Go.go(
                () -> {
                  var cond = new Cond(new Mutex());
                  cond.locker().lock();
                  cond.await();
                })),
    RW_MUTEX_R_LOCK(
        1,
        () ->
            Go.go(
                () -> {
                  var m = new RWMutex();
                  m.lock();
                  m.readLock();
                })),
    RW_MUTEX_LOCK(
        1,
        () ->
            Go.go(
                () -> {
                  var m = new RWMutex();
                  m.lock();
                  m.lock();
                })),
    /** One waits for the other, and that one for the first. */
    MIXED(
        2,
        () ->
            Go.go(
                () -> {
                  Chan<Integer> c = Chan.make();
                  var wg = new WaitGroup();
                  wg.go(() -> c.send(0));
                  wg.await();
                  c.recv();
                })),
    /** Workers range over a channel that is never closed; without workers the sender waits. */
    NO_CLOSE_RANGE(
        4,
        () -> {
          Go.go(() -> noCloseRange(List.of(1, 2, 3), 0));
          Go.go(() -> noCloseRange(List.of(1, 2, 3), 3));
        }),
    /** Whoever started the worker should have stopped it. */
    METHOD_CONTRACT_VIOLATION(
        1,
        () -> {
          Chan<Integer> items = Chan.make();
          Chan<Integer> stop = Chan.make();
          Go.go(
              () -> {
                boolean goesOn = true;
                while (goesOn) {
                  goesOn = Go.select(items.onRecv(v -> true), stop.onReceive(r -> false));
                }
              });
          for (int i = 0; i < 10; i++) {
            items.send(i);
          }
        }),
    /** After its failure the sender goes on to the usual send; only a buffer lets it. */
    DOUBLE_SEND(
        1,
        () -> {
          sendTwice(Chan.make(), false);
          sendTwice(Chan.make(), true);
          sendTwice(Chan.make(1), true);
        }),
    /** The caller returns before it has received. */
    EARLY_RETURN(
        1,
        () -> {
          Chan<Integer> result = Chan.make();
          Go.go(() -> result.send(1));
        }),
    /** Of many answers one is taken; and one is awaited where nobody was asked. */
    N_CAST_LEAK(
        5,
        () -> {
          Go.go(() -> firstOf(0));
          Go.go(() -> firstOf(5));
        }),
    /** The context has ended before the answer comes. */
    TIMEOUT(
        100,
        () -> {
          CancelContext ctx = Context.background().withCancel();
          ctx.cancel();
          times(100, () -> answerTooLate(ctx));
        });

    private final int count;

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Body program;

    Leak(int count, Body program) {
      this.count = count;
      this.program = program;
    }
  }

  private static void times(int n, Body body) {
    for (int i = 0; i < n; i++) {
      Go.go(body);
    }
  }

  private static void lockTwice(Mutex m) {
    m.lock();
    m.lock();
  }

  private static void noCloseRange(List<Integer> items, int workers) throws InterruptedException {
    Chan<Integer> work = Chan.make();
    for (int i = 0; i < workers; i++) {
      Go.go(
          () -> {
            for (int item : work) {
              assertTrue(items.contains(item));
            }
          });
    }
    for (int item : items) {
      work.send(item);
    }
  }

  private static void sendTwice(Chan<String> to, boolean fails) throws InterruptedException {
    Go.go(
        () -> {
          if (fails) {
            to.send("failed");
          }
          to.send("done");
        });
    to.recv();
  }

  private static void firstOf(int asked) throws InterruptedException {
    Chan<Integer> answers = Chan.make();
    for (int i = 0; i < asked; i++) {
      int answer = i;
      Go.go(() -> answers.send(answer));
    }
    answers.recv();
  }

  private static void answerTooLate(Context ctx) throws InterruptedException {
    Chan<String> answer = Chan.make();
    Chan<Integer> late = Chan.make();
    Go.go(
        () -> {
          late.recv();
          answer.send("too late");
        });
    Go.select(answer.onRecv(v -> v), ctx.done().onReceive(r -> "ended"));
    late.send(0);
  }

  /** Follows the programs of Go's goroutineleakprofile_test.go, by their names. */
  @ParameterizedTest
  @EnumSource
  void whatNobodyCanWakeIsReclaimed(Leak leak) throws Exception {
    Leaks.assertReclaimed(leak.count, leak.program);
  }

  /** Follows SpawnGC: a tree of goroutines, each of which leaks one and collects. */
  @Test
  void whatLeaksBesideCollectionsIsReclaimed() throws Exception {
    int nodes = 1 + 4 + 4 * 3 + 4 * 3 * 2;
    Leaks.assertReclaimed(nodes, () -> tree(4));
  }

  private static void tree(int depth) throws InterruptedException {
    if (depth == 0) {
      return;
    }
    var started = new WaitGroup();
    started.add(1 + depth);
    Go.go(
        () -> {
          started.done();
          Chan.make().recv();
        });
    times(
        depth,
        () -> {
          started.done();
          tree(depth - 1);
        });
    started.await();
    System.gc();
  }

  private static final Chan<Integer> GLOBAL = Chan.make();

  /** Follows NoLeakGlobal: anybody could still send. */
  @Test
  void whoWaitsForAGlobalIsKept() throws Exception {
    try (var s = Scheduler.builder().processors(2).build()) {
      var received = new WaitGroup();
      received.go(s, () -> assertEquals(7, GLOBAL.recv()));
      Leaks.assertNothingIsReclaimed(s);
      GLOBAL.send(7);
      received.await();
    }
  }

  /** Follows DaisyChain: the last one sleeps, so each will be woken by the next. */
  @Test
  void whoWaitsForASleeperIsKept() {
    var s = Scheduler.builder().processors(2).onUncaught((g, interrupted) -> {}).build();
    s.go(() -> chain(1000, Chan.make(1)));
    while (s.goroutines().stream().noneMatch(g -> "sleep".equals(g.waitReason()))) {
      Thread.yield();
    }
    Leaks.assertNothingIsReclaimed(s);
    s.closeNow();
  }

  private static void chain(int length, Chan<Integer> to) throws InterruptedException {
    if (length == 0) {
      Go.go(
          () -> {
            Go.sleep(Duration.ofHours(1));
            to.send(0);
          });
      return;
    }
    Chan<Integer> from = Chan.make();
    Go.go(() -> chain(length - 1, from));
    to.send(from.recv());
  }
}
