package dev.raddle;

import dev.raddle.History.Closed;
import dev.raddle.History.Drained;
import dev.raddle.History.Effect;
import dev.raddle.History.Got;
import dev.raddle.History.Idle;
import dev.raddle.History.Len;
import dev.raddle.History.Op;
import dev.raddle.History.Refused;
import dev.raddle.History.Sent;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.runtime.Goroutine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One thread of a {@link FuzzProgram}: random steps, each told to the program. */
final class FuzzWorker {
  /**
   * What it is about to wait for.
   *
   * @param ctx what may end the wait
   */
  record Wish(List<Integer> sends, List<Integer> recvs, @Nullable Context ctx) {}

  private final FuzzProgram program;
  private final FuzzOps ops;
  private final int me;
  private final Random random;
  private final FuzzSelector selector;

  private volatile @Nullable Goroutine goroutine;
  private volatile @Nullable Wish wish;
  private volatile @Nullable CancelContext ctx;
  private volatile boolean ended;
  private @Nullable Thread thread;

  FuzzWorker(FuzzProgram program, FuzzOps ops, int me, long seed) {
    this.program = program;
    this.ops = ops;
    this.me = me;
    random = new Random(seed);
    selector = new FuzzSelector(program, random);
  }

  void run(int steps) {
    goroutine = Goroutine.current();
    synchronized (this) {
      thread = Thread.currentThread();
    }
    try {
      program.arrive();
      for (int step = 0; step < steps && !program.stopping(); step++) {
        step(me * FuzzProgram.ELEMENTS + step);
      }
    } catch (InterruptedException end) {
      // what it waited for did not happen
    } finally {
      synchronized (this) {
        thread = null;
        Thread.interrupted();
      }
      ended = true;
    }
  }

  synchronized void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Ends the context of the wait, if there is one. */
  void cancel() {
    CancelContext c = ctx;
    if (c != null) {
      c.cancel();
    }
  }

  boolean ended() {
    return ended;
  }

  /** What it waits for; null when it does not. */
  @Nullable Wish wish() {
    return wish;
  }

  /** Whether it has ended or is parked. */
  synchronized boolean rests() {
    Goroutine g = goroutine;
    return ended
        || (wish != null
            && (g != null
                ? g.waitReason() != null
                : thread != null && thread.getState() == Thread.State.WAITING));
  }

  synchronized boolean isInterrupted() {
    return thread != null && thread.isInterrupted();
  }

  private void step(int element) throws InterruptedException {
    int c = random.nextInt(100) < 3 ? program.nil() : random.nextInt(program.nil());
    List<Integer> tried = new ArrayList<>(List.of(c));
    long call = program.stamp();
    Effect did;
    try {
      did = perform(c, program.chan(c), element, tried);
    } catch (ChannelClosedException e) {
      did = new Refused(tried);
    } catch (CancellationException e) {
      did = null;
    } catch (InterruptedException e) {
      did = null;
      if (program.stopping()) {
        throw e;
      }
    } finally {
      wish = null;
      ctx = null;
    }
    if (did != null) {
      program.record(new Op(me, call, program.stamp(), did));
    }
  }

  /** How many operations there are to choose from; some are there twice. */
  static final int OPERATIONS = 18;

  /** One step. Into {@code tried} go the channels whose being closed would make it fail. */
  private @Nullable Effect perform(int c, Chan<Integer> chan, int element, List<Integer> tried)
      throws InterruptedException {
    List<Integer> it = c == program.nil() ? List.of() : List.of(c);
    Idle cannotSend = new Idle(it, List.of());
    Idle cannotRecv = new Idle(List.of(), it);
    Duration timeout = timeout();
    boolean timed = !timeout.isZero();
    return switch (program.operation(random)) {
      case 0, 1 -> {
        wish = new Wish(it, List.of(), null);
        ops.send(chan, element);
        yield new Sent(c, element, true);
      }
      case 2, 3 -> {
        wish = new Wish(List.of(), it, null);
        yield got(c, ops.receive(chan), true);
      }
      case 4 -> ops.trySend(chan, element) ? new Sent(c, element, false) : cannotSend;
      case 5 -> {
        Recv<Integer> r = ops.tryRecv(chan);
        yield r == null ? cannotRecv : got(c, r, false);
      }
      case 6 -> ops.send(chan, element, timeout) ? new Sent(c, element, timed) : cannotSend;
      case 7 -> {
        Recv<Integer> r = chan.receive(timeout);
        yield r == null ? cannotRecv : got(c, r, timed);
      }
      case 8 -> {
        chan.send(bound(it, List.of()), element);
        yield new Sent(c, element, true);
      }
      case 9 -> got(c, chan.receive(bound(List.of(), it)), true);
      case 10 -> {
        List<Integer> got = new ArrayList<>();
        int n = ops.drainTo(chan, got, 1 + random.nextInt(3));
        if (n != got.size()) {
          throw new AssertionError("drained " + got + ", told " + n);
        }
        if (it.isEmpty()) {
          yield null;
        }
        yield new Drained(c, got);
      }
      case 11 -> {
        int length = chan.len();
        if (it.isEmpty()) {
          yield null;
        }
        yield new Len(c, length);
      }
      case 12, 13 -> choose(element, tried);
      case 14, 15 ->
          selector.run(element, tried, (sends, recvs) -> wish = new Wish(sends, recvs, null));
      case 16 -> {
        if (random.nextInt(8) == 0 && !it.isEmpty()) {
          chan.close(random.nextBoolean() ? null : new IllegalStateException("why"));
          program.closed(c);
          yield new Closed(c);
        }
        Go.gosched();
        yield null;
      }
      default -> {
        FuzzWorker other = program.any(random);
        if (random.nextBoolean()) {
          other.interrupt();
        } else {
          other.cancel();
        }
        yield null;
      }
    };
  }

  private static Got got(int c, Recv<Integer> r, boolean waits) {
    return new Got(c, r.ok() ? Objects.requireNonNull(r.value()) : null, waits);
  }

  /** None, or so short that it often ends when a counterpart comes. */
  private Duration timeout() {
    return random.nextInt(4) == 0 ? Duration.ZERO : Duration.ofNanos(1 + random.nextInt(100_000));
  }

  private Context bound(List<Integer> sends, List<Integer> recvs) {
    CancelContext c = Context.background().withCancel();
    ctx = c;
    wish = new Wish(sends, recvs, c);
    return c;
  }

  /** Two to four cases, of the same channels perhaps, with a default or a timeout now and then. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private Effect choose(int element, List<Integer> tried) throws InterruptedException {
    int n = 2 + random.nextInt(3);
    int form = random.nextInt(4);
    boolean waits = form != 0;
    List<Integer> sends = new ArrayList<>();
    List<Integer> recvs = new ArrayList<>();
    Case<Effect>[] cases = new Case[form == 1 ? n + 1 : n];
    for (int i = 0; i < n; i++) {
      int c = random.nextInt(program.nil() + 1);
      Chan<Integer> chan = program.chan(c);
      boolean send = random.nextBoolean();
      if (c != program.nil()) {
        (send ? sends : recvs).add(c);
      }
      cases[i] =
          send
              ? chan.onSend(element, () -> new Sent(c, element, waits))
              : chan.onReceive(r -> got(c, r, waits));
    }
    tried.clear();
    tried.addAll(sends);
    Idle idle = new Idle(sends, recvs);
    if (form == 0) {
      return ops.select(cases, Go.orElse(() -> idle));
    }
    if (form == 1) {
      cases[n] = Go.after(Duration.ofNanos(1 + random.nextInt(100_000)), () -> idle);
    } else {
      wish = new Wish(sends, recvs, null);
    }
    return ops.select(cases);
  }
}
