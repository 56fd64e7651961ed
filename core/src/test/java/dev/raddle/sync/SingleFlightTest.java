package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of x/sync/singleflight/singleflight_test.go. */
@Timeout(60)
class SingleFlightTest {
  private final SingleFlight<String, String> flight = new SingleFlight<>();

  /** Follows TestDo. */
  @Test
  void oneCallerGetsTheValue() throws Exception {
    assertEquals(new SingleFlight.Result<>("bar", false), flight.call("key", () -> "bar"));
  }

  /** Follows TestDoErr. */
  @Test
  void aFailureIsTheCallers() throws Exception {
    var failure = new IOException("some error");
    assertSame(
        failure,
        assertThrows(
            IOException.class,
            () ->
                flight.call(
                    "key",
                    () -> {
                      throw failure;
                    })));
    assertEquals("again", flight.call("key", () -> "again").value());
  }

  /** Follows TestDoDupSuppress. */
  @Test
  void thoseWhoComeMeanwhileShareTheCall() throws Exception {
    var calls = new AtomicInteger();
    Chan<String> c = Chan.make(1);
    int n = 10;
    var first = new WaitGroup();
    var all = new WaitGroup();
    var shared = new AtomicInteger();
    for (int i = 0; i < n; i++) {
      first.add(1);
      all.go(
          () -> {
            first.done();
            var r =
                flight.call(
                    "key",
                    () -> {
                      calls.incrementAndGet();
                      String v = c.recv();
                      c.send(v); // for a second call, if there is one
                      return v;
                    });
            assertEquals("bar", r.value());
            shared.addAndGet(r.shared() ? 1 : 0);
          });
    }
    first.await();
    c.send("bar");
    all.await();
    int n2 = calls.get();
    assertTrue(n2 > 0 && n2 <= n, () -> n2 + " calls");
    assertTrue(n2 == n || shared.get() > 0);
  }

  /** Follows TestForget. */
  @Test
  void aForgottenCallIsNotJoined() throws Exception {
    Chan<Void> started = Chan.make();
    Chan<Void> unblock = Chan.make();
    RecvChan<SingleFlight.Result<String>> first =
        flight.start(
            "key",
            () -> {
              started.close();
              unblock.receive();
              return "first";
            });
    started.receive();
    flight.forget("key");
    Chan<Void> unblockSecond = Chan.make();
    var second =
        flight.start(
            "key",
            () -> {
              unblockSecond.receive();
              return "second";
            });
    unblock.close();
    assertEquals("first", first.recv().value());
    var third = flight.start("key", () -> "third");
    unblockSecond.close();
    assertEquals("second", second.recv().value());
    assertEquals("second", third.recv().value());
  }

  /** Follows TestDoChan, TestPanicDoChan: a failure closes the channel, as its cause. */
  @Test
  void aChannelGivesTheValueOrTheFailure() throws Exception {
    assertEquals("bar", flight.start("key", () -> "bar").recv().value());
    var bad =
        flight.start(
            "bad",
            () -> {
              throw new StackOverflowError("deep");
            });
    var e = assertThrows(ChannelClosedException.class, bad::recv);
    assertEquals("java.lang.StackOverflowError: deep", String.valueOf(e.getCause()));
  }

  /** Follows TestPanicDo: every caller gets the failure. */
  @Test
  void aFailureIsThatOfAllWhoShareIt() throws Exception {
    Chan<Boolean> in = Chan.make(1);
    Chan<Void> go = Chan.make();
    var failures = new AtomicInteger();
    var wg = new WaitGroup();
    Runnable caller =
        () -> {
          try {
            flight.call(
                "key",
                () -> {
                  in.trySend(true);
                  go.receive();
                  throw new IllegalStateException("invalid memory address");
                });
          } catch (IllegalStateException e) {
            failures.incrementAndGet();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    wg.go(caller::run);
    in.receive();
    for (int i = 0; i < 5; i++) {
      wg.go(caller::run);
    }
    var waiting = flight.start("key", () -> "shared");
    go.close();
    wg.await();
    assertEquals(6, failures.get(), "some came too late to share it, and failed all the same");
    waiting.receive();
  }

  /** Follows TestGoexitDo: the others do not wait for ever. */
  @Test
  void goexitInsideLeavesNobodyWaiting() throws Exception {
    var wg = new WaitGroup();
    for (int i = 0; i < 5; i++) {
      wg.go(
          () ->
              flight.call(
                  "key",
                  () -> {
                    Go.goexit();
                    return "never";
                  }));
    }
    wg.await();
    assertEquals("ok", flight.call("key", () -> "ok").value());
  }
}
