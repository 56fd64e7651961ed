package dev.raddle.runtime;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.sync.Cond;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.RWMutex;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The forms of leaks in the goker programs of Go's runtime/testdata/testgoroutineleakprofile, each
 * by itself and the same in every run: those programs are extracts of real ones, most of which leak
 * by chance only. docs/conformance.md says which program has which form.
 */
@Timeout(120)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the JDK's scheduler keeps goroutines that nobody can wake")
class GoLeakFormsTest {
  /** A form, and how many wait for ever. */
  enum Form {
    /** It locks what it has locked already, or does not unlock; others wait, too. */
    LOCKED_TWICE(
        2,
        () -> {
          var m = new Mutex();
          Chan<Integer> locked = Chan.make();
          Go.go(
              () -> {
                m.lock();
                locked.send(0);
                m.lock();
              });
          Go.go(
              () -> {
                locked.recv();
                m.lock();
              });
        }),
    /** Two locks in two orders. */
    CROSSED_LOCKS(
        2,
        () -> {
          var a = new Mutex();
          var b = new Mutex();
          Chan<Integer> bothLocked = Chan.make();
          Go.go(
              () -> {
                a.lock();
                bothLocked.send(0);
                b.lock();
              });
          Go.go(
              () -> {
                b.lock();
                bothLocked.recv();
                a.lock();
              });
        }),
    /** A reader reads once more, behind the writer that waits for it. */
    READ_INSIDE_READ(
        2,
        () -> {
          var m = new RWMutex();
          Go.go(
              () -> {
                m.readLock();
                Go.go(m::lock);
                untilAWriterWaits(m);
                m.readLock();
              });
        }),
    /** A writer reads, and another comes to write. */
    READ_INSIDE_WRITE(
        2,
        () -> {
          var m = new RWMutex();
          m.lock();
          Go.go(m::lock);
          Go.go(m::readLock);
        }),
    /** A reader has gone without its unlock. */
    READER_GONE(
        1,
        () -> {
          var m = new RWMutex();
          m.readLock();
          Go.go(m::lock);
        }),
    /** The sender holds the lock that the receiver takes first. */
    LOCK_AND_CHANNEL(
        2,
        () -> {
          var m = new Mutex();
          Chan<Integer> c = Chan.make();
          Chan<Integer> locked = Chan.make();
          Go.go(
              () -> {
                m.lock();
                locked.send(0);
                c.send(0);
              });
          Go.go(
              () -> {
                locked.recv();
                m.lock();
                c.recv();
              });
        }),
    /** The signal came before the wait. */
    SIGNAL_TOO_EARLY(
        1,
        () -> {
          var cond = new Cond(new Mutex());
          cond.signal();
          Go.go(
              () -> {
                cond.locker().lock();
                cond.await();
              });
        }),
    /** A reader waits for a signal, a writer for it, and behind that who would signal. */
    SIGNAL_BEHIND_A_WRITER(
        3,
        () -> {
          var m = new RWMutex();
          var cond = new Cond(new Mutex());
          Go.go(
              () -> {
                m.readLock();
                Go.go(m::lock);
                Go.go(
                    () -> {
                      untilAWriterWaits(m);
                      m.readLock();
                      cond.signal();
                    });
                cond.locker().lock();
                cond.await();
              });
        }),
    /** A group that waits inside the loop which starts its members. */
    GROUP_TOO_EARLY(
        1,
        () ->
            Go.go(
                () -> {
                  var wg = new WaitGroup();
                  wg.add(2);
                  for (int i = 0; i < 2; i++) {
                    Go.go(wg::done);
                    wg.await();
                  }
                })),
    /** Who would tell them to stop waits for their end first. */
    GROUP_AND_STOP(
        3,
        () ->
            Go.go(
                () -> {
                  Chan<Integer> stop = Chan.make();
                  var wg = new WaitGroup();
                  wg.go(stop::recv);
                  wg.go(stop::recv);
                  wg.await();
                  stop.close();
                })),
    /** Each sends to the other before it receives. */
    CROSSED_SENDS(
        2,
        () -> {
          Chan<Integer> a = Chan.make();
          Chan<Integer> b = Chan.make();
          Go.go(
              () -> {
                a.send(0);
                b.recv();
              });
          Go.go(
              () -> {
                b.send(0);
                a.recv();
              });
        }),
    /** A buffer that nobody empties. */
    FULL_BUFFER(
        1,
        () -> {
          Chan<Integer> c = Chan.make(1);
          c.send(0);
          Go.go(() -> c.send(1));
        }),
    /** A context that nobody cancels any more. */
    CONTEXT_FORGOTTEN(
        1,
        () -> {
          Context ctx = Context.background().withCancel();
          Go.go(() -> ctx.done().recv());
        }),
    /** A timer that was stopped. */
    TIMER_STOPPED(
        1,
        () -> {
          var timer = Go.newTimer(Duration.ofHours(1));
          timer.stop();
          Go.go(() -> timer.c().recv());
        });

    private final int count;

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Body program;

    Form(int count, Body program) {
      this.count = count;
      this.program = program;
    }
  }

  private static void untilAWriterWaits(RWMutex m) {
    while (m.tryReadLock()) {
      m.readUnlock();
      Go.gosched();
    }
  }

  /** Follows the goker programs of Go's goroutineleakprofile_test.go, by their forms. */
  @ParameterizedTest
  @EnumSource
  void whatWaitsInACircleIsReclaimed(Form form) throws Exception {
    Leaks.assertReclaimed(form.count, form.program);
  }
}
