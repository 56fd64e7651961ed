package dev.raddle;

import static dev.raddle.Go.after;
import static dev.raddle.Go.go;
import static dev.raddle.Go.select;
import static dev.raddle.Times.HOUR;
import static dev.raddle.Times.ms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sends and receives that end by a time or by a token. */
@Timeout(120)
class BoundTest {
  @ParameterizedTest
  @EnumSource
  void aTimeEndsTheWaitAndTakesNothing(Threads kind) throws Exception {
    kind.start(
            () -> {
              Chan<@Nullable Integer> ch = Chan.make(1);
              long start = System.nanoTime();
              assertNull(ch.receive(ms(5)));
              assertTrue(System.nanoTime() - start >= ms(5).toNanos());
              assertTrue(ch.send(null, HOUR));
              start = System.nanoTime();
              assertFalse(ch.send(1, ms(5)));
              assertTrue(System.nanoTime() - start >= ms(5).toNanos());
              assertEquals(new Recv<@Nullable Integer>(null, true), ch.receive(HOUR));
              assertNull(ch.tryRecv());
            })
        .join();
  }

  @ParameterizedTest
  @EnumSource
  void theOtherSideEndsTheWaitBeforeItsTime(Threads kind) throws Exception {
    Chan<Integer> ch = Chan.make();
    Chan<Integer> back = Chan.make();
    var other =
        kind.start(
            () -> {
              for (int i = 0; i < 1000; i++) {
                assertEquals(new Recv<>(i, true), ch.receive(HOUR));
                assertTrue(back.send(i, HOUR));
              }
            });
    for (int i = 0; i < 1000; i++) {
      ch.send(i);
      assertEquals(i, back.recv());
    }
    other.join();
  }

  @Test
  void noTimeMeansNoWait() throws Exception {
    Chan<Integer> ch = Chan.make(1);
    for (Duration none : List.of(Duration.ZERO, ms(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
      assertNull(ch.receive(none));
      assertTrue(ch.send(1, none));
      assertFalse(ch.send(2, none));
      assertEquals(new Recv<>(1, true), ch.receive(none));
    }
    assertTrue(ch.send(1, Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void aCloseEndsTheWait() throws Exception {
    var why = new IOException("why");
    for (int i = 0; i < 100; i++) {
      Chan<Integer> ch = Chan.make();
      Chan<Throwable> ends = Chan.make(4);
      boolean sends = i % 2 == 0;
      try (var ctx = Context.background().withCancel()) {
        go(() -> ends.send(end(() -> send(sends, ch, ctx))));
        go(
            () ->
                ends.send(
                    end(
                        () -> {
                          if (sends) {
                            ch.send(1, HOUR);
                          } else {
                            Recv<Integer> r = ch.receive(HOUR);
                            throw new ChannelClosedException("", r == null ? null : r.cause());
                          }
                        })));
        ch.close(why);
        assertSame(why, ends.recv().getCause());
        assertSame(why, ends.recv().getCause());
      }
    }
  }

  private static void send(boolean sends, Chan<Integer> ch, CancelToken token)
      throws InterruptedException {
    if (sends) {
      ch.send(token, 1);
    } else {
      ch.recv(token);
    }
  }

  private static Throwable end(org.junit.jupiter.api.function.Executable use) {
    return assertThrows(ChannelClosedException.class, use);
  }

  @Test
  void theNilChannelWaitsForTheBound() throws Exception {
    assertNull(Chan.nil().receive(ms(1)));
    assertFalse(Chan.nil().send(1, ms(1)));
    try (var ctx = Context.background().withTimeout(ms(1))) {
      assertThrows(DeadlineExceededException.class, () -> Chan.nil().recv(ctx));
    }
    try (var ctx = Context.background().withTimeout(ms(1))) {
      assertThrows(DeadlineExceededException.class, () -> Chan.nil().send(ctx, 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aContextEndsTheWaitWithItsOwnException(Threads kind) throws Exception {
    Chan<Integer> ch = Chan.make();
    for (boolean sends : new boolean[] {true, false}) {
      var why = new IOException("why");
      try (var ctx = Context.background().withCancel()) {
        var waits =
            kind.start(
                () -> {
                  var e = assertThrows(CanceledException.class, () -> send(sends, ch, ctx));
                  assertEquals("context canceled", e.getMessage());
                  assertSame(why, e.getCause());
                });
        Waits.until(() -> waits.thread().getState() == Thread.State.WAITING);
        ctx.cancel(why);
        waits.join();
      }
      assertNull(ch.tryRecv());
      assertFalse(ch.trySend(1));
    }
  }

  @Test
  void aContextThatHasEndedTakesNothingThoughSomethingIsThere() throws Exception {
    Chan<Integer> ch = Chan.make(2);
    ch.send(1);
    try (var ctx = Context.background().withCancel()) {
      assertEquals(1, ch.recv(ctx));
      ch.send(ctx, 2);
      assertEquals(new Recv<>(2, true), ch.receive(ctx));
      ch.send(3);
      ctx.cancel();
      assertThrows(CanceledException.class, () -> ch.recv(ctx));
      assertThrows(CanceledException.class, () -> ch.receive(ctx));
      assertThrows(CanceledException.class, () -> ch.send(ctx, 4));
      assertEquals(1, ch.len());
    }
    assertEquals(3, ch.recv(Context.background()));
    ch.close();
    assertEquals(new Recv<>(null, false), ch.receive(Context.background()));
    assertNull(ch.recv(Context.background()));
  }

  @Test
  void aContextsDoneChannelCannotBeClosedByItsReceivers() {
    try (var ctx = Context.background().withCancel()) {
      assertFalse(ctx.done() instanceof SendChan);
    }
  }

  @Test
  void aTokenMayBeAnything() throws Exception {
    Chan<String> done = Chan.make();
    var token =
        new CancelToken() {
          @Override
          public RecvChan<String> done() {
            return done;
          }

          @Override
          public void check() {
            if (done.tryRecv() != null) {
              throw new CanceledException();
            }
          }
        };
    Chan<Integer> ch = Chan.make();
    go(done::close);
    assertThrows(CanceledException.class, () -> ch.recv(token));
  }

  @Test
  void anInterruptEndsTheWaitAndTakesNothing() throws Exception {
    Chan<Integer> ch = Chan.make();
    try (var ctx = Context.background().withCancel()) {
      List<org.junit.jupiter.api.function.Executable> waits =
          List.of(
              () -> ch.receive(HOUR),
              () -> ch.send(1, HOUR),
              () -> ch.recv(ctx),
              () -> ch.send(ctx, 1));
      for (var wait : waits) {
        for (Threads kind : Threads.values()) {
          var waiting = kind.start(() -> assertThrows(InterruptedException.class, wait));
          waiting.thread().interrupt();
          waiting.join();
        }
      }
    }
    assertNull(ch.tryRecv());
    assertFalse(ch.trySend(1));
    assertEquals("late", select(ch.onRecv(v -> ""), after(ms(1), () -> "late")));
  }

  /** What is wrong with a call is found before it takes anything. */
  @Test
  @SuppressWarnings("NullAway") // that is the misuse
  void aNullArgumentTakesNothing() throws Exception {
    List<Integer> lost = new ArrayList<>();
    Chan<Integer> ch = Chan.make(1, lost::add);
    List<org.junit.jupiter.api.function.Executable> receives =
        List.of(
            () -> ch.receive((Duration) null),
            () -> ch.receive((CancelToken) null),
            () -> ch.recv(null),
            () -> ch.recvOnly().receive((Duration) null),
            () -> ch.drainTo(null, 1),
            () -> ch.spliterator().tryAdvance(null),
            () -> ch.spliterator().forEachRemaining(null),
            () -> ch.iterator().forEachRemaining(null),
            () -> select(ch.onRecv(null)),
            () -> select(ch.onReceive(null)),
            () -> new Selector().select(null));
    ch.send(1);
    for (int i = 0; i < receives.size(); i++) {
      assertThrows(NullPointerException.class, receives.get(i), "receive " + i);
      assertEquals(1, ch.len(), "receive " + i);
    }
    ch.recv();
    List<org.junit.jupiter.api.function.Executable> sends =
        List.of(
            () -> ch.send(1, null),
            () -> ch.send(null, 1),
            () -> ch.sendOnly().send(1, null),
            () -> select(ch.onSend(1, null)));
    for (int i = 0; i < sends.size(); i++) {
      assertThrows(NullPointerException.class, sends.get(i), "send " + i);
      assertEquals(0, ch.len(), "send " + i);
    }
    assertThrows(NullPointerException.class, () -> select(Go.orElse(null)));
    assertThrows(NullPointerException.class, () -> select(after(null, () -> 0)));
    assertThrows(NullPointerException.class, () -> select(after(HOUR, null)));
    assertEquals(List.of(), lost);
  }
}
