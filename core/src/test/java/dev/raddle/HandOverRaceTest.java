package dev.raddle;

import static dev.raddle.Go.select;
import static dev.raddle.Times.HOUR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ends of a wait that race with a hand-over: by an interrupt, a context or a time. Whatever wins,
 * each element is with its sender, in the channel or with one receiver, and in one of these only.
 */
@Timeout(120)
class HandOverRaceTest {
  private static final int ROUNDS = 40;
  private static final int EACH = 4;

  /** What may end the wait beside the other side. */
  enum End {
    INTERRUPT,
    CONTEXT,
    TIME
  }

  /** A form of an operation: true when it took place. */
  interface Op {
    boolean run(Chan<Integer> ch, int element, Consumer<Integer> got, CancelContext ctx)
        throws InterruptedException;
  }

  /** The forms; a time is so short that it ends while the other side is at work. */
  enum Form {
    SEND(
        End.INTERRUPT,
        true,
        (ch, e, got, ctx) -> {
          ch.send(e);
          return true;
        }),
    RECV(
        End.INTERRUPT,
        false,
        (ch, e, got, ctx) -> {
          got.accept(ch.recv());
          return true;
        }),
    SELECT_SEND(End.INTERRUPT, true, (ch, e, got, ctx) -> select(ch.onSend(e, () -> true), idle())),
    SELECT_RECV(End.INTERRUPT, false, (ch, e, got, ctx) -> select(idle(), taking(ch, got))),
    SELECT_SEND_TIME(
        End.TIME,
        true,
        (ch, e, got, ctx) -> select(ch.onSend(e, () -> true), Go.after(SHORT, () -> false))),
    SELECT_RECV_TIME(
        End.TIME,
        false,
        (ch, e, got, ctx) -> select(taking(ch, got), Go.after(SHORT, () -> false))),
    SELECT_RECV_CONTEXT(
        End.CONTEXT,
        false,
        (ch, e, got, ctx) -> select(taking(ch, got), ctx.done().onReceive(r -> false))),
    SELECTOR_SEND(
        End.INTERRUPT,
        true,
        (ch, e, got, ctx) -> {
          var s = new Selector();
          s.onRecv(Chan.<Integer>make());
          s.onSend(ch).offer(e);
          return s.select() == 1;
        }),
    SELECTOR_RECV(
        End.TIME,
        false,
        (ch, e, got, ctx) -> {
          var s = new Selector();
          var c = s.onRecv(ch);
          s.onRecv(Chan.<Integer>make());
          boolean there = s.select(SHORT) == 0;
          if (there) {
            got.accept(c.value());
          }
          return there;
        }),
    CONTEXT_SEND(
        End.CONTEXT,
        true,
        (ch, e, got, ctx) -> {
          ch.send(ctx, e);
          return true;
        }),
    CONTEXT_RECV(
        End.CONTEXT,
        false,
        (ch, e, got, ctx) -> {
          got.accept(ch.recv(ctx));
          return true;
        }),
    CONTEXT_INTERRUPTED(
        End.INTERRUPT,
        false,
        (ch, e, got, ctx) -> {
          got.accept(ch.recv(ctx));
          return true;
        }),
    TIMED_SEND(End.TIME, true, (ch, e, got, ctx) -> ch.send(e, SHORT)),
    TIMED_RECV(
        End.TIME,
        false,
        (ch, e, got, ctx) -> {
          Recv<Integer> r = ch.receive(SHORT);
          if (r != null) {
            got.accept(r.value());
          }
          return r != null;
        }),
    TIMED_INTERRUPTED(End.INTERRUPT, true, (ch, e, got, ctx) -> ch.send(e, HOUR));

    final End end;
    final boolean sends;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing
    final Op op;

    Form(End end, boolean sends, Op op) {
      this.end = end;
      this.sends = sends;
      this.op = op;
    }
  }

  private static final Duration SHORT = Duration.ofNanos(20_000);

  private static Case<Boolean> idle() {
    return Chan.<Integer>make().onRecv(v -> false);
  }

  private static Case<Boolean> taking(Chan<Integer> ch, Consumer<Integer> got) {
    return ch.onRecv(
        v -> {
          got.accept(v);
          return true;
        });
  }

  static Stream<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (Threads kind : Threads.values()) {
      for (Form form : Form.values()) {
        for (int capacity : new int[] {0, 1}) {
          all.add(Arguments.of(kind, form, capacity));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void nothingIsLostOrDoubled(Threads kind, Form form, int capacity) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      race(kind, form, capacity, round);
    }
  }

  /** Some on this side, whose waits are ended one by one; on the other side as many attempts. */
  private static void race(Threads kind, Form form, int capacity, int round) throws Exception {
    Chan<Integer> ch = Chan.make(capacity);
    var sent = new AtomicInteger();
    var got = new LinkedBlockingQueue<Integer>();
    try (var ctx = Context.background().withCancel()) {
      List<Threads.Running> here = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        int element = i;
        here.add(
            kind.start(
                () -> {
                  boolean done;
                  try {
                    done = form.op.run(ch, element, got::add, ctx);
                  } catch (InterruptedException | CancellationException ended) {
                    done = false;
                  }
                  if (done && form.sends) {
                    sent.incrementAndGet();
                  }
                }));
      }
      var there =
          Threads.of(round)
              .start(
                  () -> {
                    for (int i = 0; i < EACH; i++) {
                      if (!form.sends) {
                        sent.addAndGet(ch.trySend(i) ? 1 : 0);
                      } else if (ch.tryRecv() instanceof Recv<Integer>(Integer v, _, _)) {
                        got.add(v);
                      }
                      Thread.yield();
                    }
                  });
      end(form.end, here, ctx);
      there.join();
      for (var h : here) {
        h.join();
      }
    }
    List<Integer> all = new ArrayList<>(got);
    ch.drainTo(all, EACH);
    assertEquals(sent.get(), all.size(), () -> "received " + all);
    assertEquals(all.size(), all.stream().distinct().count(), () -> "received " + all);
  }

  private static void end(End by, List<Threads.Running> all, CancelContext ctx) {
    switch (by) {
      case INTERRUPT -> all.forEach(r -> r.thread().interrupt());
      case CONTEXT -> ctx.cancel();
      case TIME -> {}
    }
  }
}
