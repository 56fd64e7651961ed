package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.History.Effect;
import dev.raddle.History.Got;
import dev.raddle.History.Idle;
import dev.raddle.History.Refused;
import dev.raddle.History.Sent;
import dev.raddle.runtime.Goroutine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * One select over channels in random states, while nobody else moves.
 *
 * Prepared    1 to 8 channels: any kind, filled more or less, perhaps closed, perhaps nil; on an open
 *             unbuffered one perhaps somebody waits, to send or to receive. 1 to 8 cases on them.
 * Run         By a goroutine, as lambdas or as a Selector; waiting, with a default, or with a timeout.
 * Must hold   The choice is one of the cases that the model says are ready; default and timeout only
 *             if there is none. One that has to wait goes on when some case becomes ready, with a
 *             case of that channel and direction. Afterwards the channels hold what the model's do.
 * Sources     Go reflect/all_test.go, TestSelect.
 */
/** A random select. */
final class SelectFuzz {
  private static final int ELEMENT = 1_000; // what the select sends; what is there is smaller
  private static final int PARTNER = 2_000;
  private static final int UNBLOCKS = 3_000;

  private enum Form {
    WAITS,
    DEFAULT,
    TIMEOUT,
    SELECTOR,
    SELECTOR_TRY,
    SELECTOR_TIMEOUT;

    boolean mayWait() {
      return this == WAITS || this == SELECTOR;
    }
  }

  private record Operation(int chan, boolean send) {}

  private final String what;
  private final Random random;
  private final FuzzOps ops;
  private final List<Chan<Integer>> chans = new ArrayList<>();
  private final List<@Nullable ChanModel> models = new ArrayList<>(); // null: nil
  private final List<@Nullable Partner> partners = new ArrayList<>();
  private final List<Operation> cases = new ArrayList<>();

  SelectFuzz(long seed, FuzzOps ops) {
    random = new Random(seed);
    this.ops = ops;
    what = "seed " + seed + ", -Draddle.fuzz.seed=" + seed;
  }

  void run() throws Exception {
    int n = 1 + random.nextInt(8);
    for (int i = 0; i < n; i++) {
      prepare(i);
    }
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      cases.add(new Operation(random.nextInt(n), random.nextBoolean()));
    }
    List<Operation> ready = cases.stream().filter(this::isReady).toList();
    Form form = Form.values()[random.nextInt(Form.values().length)];
    Operation unblocked = ready.isEmpty() ? canUnblock() : null;
    if (ready.isEmpty() && unblocked == null && form.mayWait()) {
      form = Form.DEFAULT;
    }
    Form chosen = form;
    var self = new CompletableFuture<Goroutine>();
    var end = new CompletableFuture<Effect>();
    Go.go(
        () -> {
          self.complete(Objects.requireNonNull(Goroutine.current()));
          try {
            end.complete(select(chosen));
          } catch (Throwable t) {
            end.completeExceptionally(t);
          }
        });
    if (ready.isEmpty() && form.mayWait()) {
      Goroutine g = self.get(60, TimeUnit.SECONDS);
      Waits.until(() -> "select".equals(g.waitReason()), this::toString);
      ready = unblock(Objects.requireNonNull(unblocked));
    }
    check(ready, end.get(60, TimeUnit.SECONDS));
  }

  // ---- the channels ----

  private void prepare(int i) throws Exception {
    if (random.nextInt(8) == 0) {
      chans.add(Chan.nil());
      models.add(null);
      partners.add(null);
      return;
    }
    ChanModel.Kind kind = random.nextBoolean() ? ChanModel.Kind.PLAIN : ChanModel.Kind.any(random);
    int capacity = random.nextInt(4);
    Chan<Integer> chan = kind.make(capacity, e -> {});
    var model = new ChanModel(kind, capacity);
    for (int e = random.nextInt(5); e > 0; e--) {
      assertEquals(model.trySend(10 * i + e), chan.trySend(10 * i + e));
    }
    if (random.nextInt(5) == 0) {
      chan.close();
      model.closed = true;
    }
    boolean meets = model.capacity == 0 && !model.closed && random.nextBoolean();
    chans.add(chan);
    models.add(model);
    partners.add(meets ? new Partner(chan, random.nextBoolean(), PARTNER + i) : null);
  }

  private boolean isReady(Operation op) {
    ChanModel m = models.get(op.chan);
    Partner p = partners.get(op.chan);
    return m != null
        && ((op.send ? m.canSend() : m.canRecv()) || (p != null && p.sends != op.send));
  }

  /** A case that can be made ready by somebody who comes; null if there is none. */
  private @Nullable Operation canUnblock() {
    List<Operation> some =
        cases.stream()
            .filter(op -> models.get(op.chan) != null && partners.get(op.chan) == null)
            .toList();
    return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
  }

  /** Makes it ready. Returns the cases that are so now. */
  private List<Operation> unblock(Operation op) throws InterruptedException {
    Chan<Integer> chan = chans.get(op.chan);
    ChanModel model = Objects.requireNonNull(models.get(op.chan));
    if (random.nextInt(3) == 0) {
      chan.close();
      model.closed = true;
      return cases.stream().filter(o -> o.chan == op.chan).toList();
    }
    if (op.send) {
      Recv<Integer> r = chan.tryRecv();
      Recv<Integer> expected =
          model.capacity == 0 ? new Recv<>(ELEMENT, true) : Objects.requireNonNull(model.tryRecv());
      assertEquals(expected, r, this::toString);
    } else {
      assertTrue(chan.trySend(UNBLOCKS), this::toString);
      if (model.capacity > 0) {
        model.trySend(UNBLOCKS);
      }
    }
    if (model.capacity == 0) {
      partners.set(op.chan, Partner.gone(!op.send, UNBLOCKS));
    }
    return cases.stream().filter(op::equals).toList();
  }

  // ---- the select ----

  private Effect select(Form form) throws InterruptedException {
    Duration soon = Duration.ofNanos(random.nextInt(50_000));
    try {
      return switch (form) {
        case WAITS -> ops.select(lambdas(null));
        case DEFAULT -> ops.select(lambdas(null), Go.orElse(SelectFuzz::nothing));
        case TIMEOUT -> ops.select(lambdas(Go.after(soon, SelectFuzz::nothing)));
        case SELECTOR, SELECTOR_TRY, SELECTOR_TIMEOUT -> selector(form, soon);
      };
    } catch (ChannelClosedException e) {
      return new Refused(List.of());
    }
  }

  private static Effect nothing() {
    return new Idle(List.of(), List.of());
  }

  private static Got got(int chan, Recv<Integer> r) {
    return new Got(chan, r.ok() ? Objects.requireNonNull(r.value()) : null, true);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private Case<Effect>[] lambdas(@Nullable Case<Effect> last) {
    List<Case<Effect>> all = new ArrayList<>();
    for (Operation op : cases) {
      int c = op.chan;
      all.add(
          op.send
              ? chans.get(c).onSend(ELEMENT, () -> new Sent(c, ELEMENT, true))
              : chans.get(c).onReceive(r -> got(c, r)));
    }
    if (last != null) {
      all.add(random.nextInt(all.size() + 1), last);
    }
    return all.toArray(new Case[0]);
  }

  private Effect selector(Form form, Duration soon) throws InterruptedException {
    var s = new Selector();
    List<Selector.@Nullable RecvCase<Integer>> recvs = new ArrayList<>();
    for (Operation op : cases) {
      Chan<Integer> chan = chans.get(op.chan);
      recvs.add(op.send ? null : s.onRecv(chan));
      if (op.send) {
        s.onSend(chan).offer(ELEMENT);
      }
    }
    int i =
        switch (form) {
          case SELECTOR_TRY -> s.trySelect();
          case SELECTOR_TIMEOUT -> s.select(soon);
          default -> s.select();
        };
    if (i == Selector.NONE) {
      return nothing();
    }
    var recv = recvs.get(i);
    int c = cases.get(i).chan;
    return recv == null ? new Sent(c, ELEMENT, true) : got(c, recv.receive());
  }

  // ---- what must hold ----

  private void check(List<Operation> ready, Effect did) throws Exception {
    switch (did) {
      case Sent s -> {
        Partner p = partner(s.chan(), new Operation(s.chan(), true), ready);
        if (p != null) {
          p.met(ELEMENT);
        } else {
          assertEquals(true, model(s.chan()).trySend(ELEMENT), this::toString);
        }
      }
      case Got g -> {
        Partner p = partner(g.chan(), new Operation(g.chan(), false), ready);
        if (p != null) {
          p.met(Objects.requireNonNull(g.element()));
        } else {
          Recv<Integer> r = Objects.requireNonNull(model(g.chan()).tryRecv(), this::toString);
          assertEquals(r.value(), g.element(), this::toString);
        }
      }
      case Refused r ->
          assertTrue(
              ready.stream().anyMatch(op -> op.send && model(op.chan).closed), this::toString);
      default -> assertEquals(List.of(), ready, this::toString);
    }
    for (int c = 0; c < chans.size(); c++) {
      Partner p = partners.get(c);
      if (p != null) {
        p.end();
      }
      ChanModel m = models.get(c);
      if (m != null) {
        var expected = new ArrayDeque<Integer>();
        var found = new ArrayDeque<Integer>();
        m.drainTo(expected, Integer.MAX_VALUE);
        chans.get(c).drainTo(found, Integer.MAX_VALUE);
        assertEquals(List.copyOf(expected), List.copyOf(found), this::toString);
        assertEquals(m.tryRecv(), chans.get(c).tryRecv(), this::toString);
      }
    }
  }

  /** Whom the chosen case met; null: nobody, it was the buffer or the close. */
  private @Nullable Partner partner(int chan, Operation chosen, List<Operation> ready) {
    assertTrue(ready.contains(chosen), () -> chosen + " is not one of " + ready + ": " + this);
    return model(chan).closed ? null : partners.get(chan);
  }

  private ChanModel model(int c) {
    return Objects.requireNonNull(models.get(c));
  }

  @Override
  public String toString() {
    return what + "\n" + chans + "\n" + cases;
  }
}
