package dev.raddle;

import static dev.raddle.Go.orElse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Goroutine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Follows reflect's TestSelect: every combination of cases, in random order, against what the
 * channels allow. One that can go is chosen, and of the others nothing has happened; if none can
 * go, the default; without one, the case for which somebody comes.
 */
@Timeout(300)
class GoReflectSelectTest {
  private static final int DEFAULT = -1;
  private static final int CLOSED = -2;

  private enum Kind {
    READY_SEND(true),
    READY_RECV(true),
    CLOSED_SEND(true),
    CLOSED_RECV(true),
    BLOCKED_SEND(false),
    BLOCKED_RECV(false),
    /** Of one channel with the next one: a select does not meet itself. */
    SELF_SEND(false),
    SELF_RECV(false),
    NIL_SEND(false),
    NIL_RECV(false),
    ABSENT(false);

    private final boolean ready;

    Kind(boolean ready) {
      this.ready = ready;
    }

    /** Whether somebody who comes later makes it go on. */
    boolean mayBeHelped() {
      return switch (this) {
        case BLOCKED_SEND, BLOCKED_RECV, SELF_SEND, SELF_RECV -> true;
        default -> false;
      };
    }

    boolean sends() {
      return name().endsWith("SEND");
    }
  }

  /** A case and its channel. */
  private static final class One {
    private final Kind kind;
    private final Chan<Integer> c;
    private final int value;
    private @Nullable Recv<Integer> got;

    One(Kind kind, Chan<Integer> self) throws InterruptedException {
      this.kind = kind;
      value = 100 + kind.ordinal();
      c =
          switch (kind) {
            case READY_SEND, READY_RECV -> Chan.make(1);
            case NIL_SEND, NIL_RECV, ABSENT -> Chan.nil();
            case SELF_SEND, SELF_RECV -> self;
            default -> Chan.make();
          };
      if (kind == Kind.READY_RECV) {
        c.send(value);
      }
      if (kind == Kind.CLOSED_SEND || kind == Kind.CLOSED_RECV) {
        c.close();
      }
    }

    @Nullable Case<Integer> build(int index) {
      if (kind == Kind.ABSENT) {
        return null;
      }
      return kind.sends()
          ? c.onSend(value, () -> index)
          : c.onReceive(
              r -> {
                got = r;
                return index;
              });
    }

    /** Whether its effect, or that it has none, is seen at its channel. */
    void check(boolean chosen, String what) {
      switch (kind) {
        case READY_SEND -> assertEquals(chosen ? new Recv<>(value, true) : null, c.tryRecv(), what);
        case READY_RECV -> {
          assertEquals(chosen ? 0 : 1, c.len(), what);
          assertEquals(chosen ? new Recv<>(value, true) : null, got, what);
        }
        case CLOSED_RECV -> assertEquals(chosen ? new Recv<>(null, false) : null, got, what);
        case BLOCKED_SEND, BLOCKED_RECV, SELF_SEND, SELF_RECV -> {
          assertNull(c.tryRecv(), what); // nobody waits any more
          assertEquals(false, c.trySend(0), what);
          assertEquals(chosen && !kind.sends() ? new Recv<>(value, true) : null, got, what);
        }
        default -> assertEquals(false, chosen && kind != Kind.CLOSED_SEND, what);
      }
    }
  }

  private static List<List<Kind>> combinations() {
    List<List<Kind>> all = new ArrayList<>();
    Kind[] kinds = Kind.values();
    for (int bits = 0; bits < 1 << kinds.length; bits++) {
      List<Kind> some = new ArrayList<>();
      for (Kind k : kinds) {
        if ((bits >> k.ordinal() & 1) != 0) {
          some.add(k);
        }
      }
      all.add(some);
    }
    return all;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private static int choose(List<One> ones, boolean withDefault) throws InterruptedException {
    @Nullable Case<Integer>[] cases = new Case[ones.size() + (withDefault ? 1 : 0)];
    for (int i = 0; i < ones.size(); i++) {
      cases[i] = ones.get(i).build(i);
    }
    if (withDefault) {
      cases[ones.size()] = orElse(() -> DEFAULT);
    }
    try {
      return Go.<Integer>select(cases);
    } catch (ChannelClosedException e) {
      return CLOSED;
    }
  }

  private static List<One> make(List<Kind> kinds, Random random) throws InterruptedException {
    Chan<Integer> self = Chan.make();
    List<One> ones = new ArrayList<>();
    for (Kind k : kinds) {
      ones.add(new One(k, self));
    }
    Collections.shuffle(ones, random);
    return ones;
  }

  /** Whatever stands beside it, a case that can go is chosen; else the default. */
  @Test
  void oneThatCanGoIsChosenElseTheDefault() throws Exception {
    var random = new Random(1);
    var seen = new int[Kind.values().length];
    for (List<Kind> kinds : combinations()) {
      boolean ready = kinds.stream().anyMatch(k -> k.ready);
      for (boolean withDefault : ready ? new boolean[] {true, false} : new boolean[] {true}) {
        List<One> ones = make(kinds, random);
        int chosen = choose(ones, withDefault);
        String what = "of " + ones.stream().map(o -> o.kind).toList() + " " + chosen;
        assertEquals(ready, chosen != DEFAULT, what);
        for (int i = 0; i < ones.size(); i++) {
          One o = ones.get(i);
          boolean mine = chosen == i || (chosen == CLOSED && o.kind == Kind.CLOSED_SEND);
          assertTrue(o.kind.ready || !mine, what);
          o.check(mine, what);
          seen[o.kind.ordinal()] += mine ? 1 : 0;
        }
      }
    }
    for (Kind k : Kind.values()) {
      assertEquals(k.ready, seen[k.ordinal()] > 0, () -> k + " of " + Arrays.toString(seen));
    }
  }

  /** Without a default it waits, until somebody comes for one of its cases, or closes. */
  @Test
  void whoComesDecidesWhichCaseGoesOn() throws Exception {
    var random = new Random(2);
    int rounds = 0;
    for (List<Kind> kinds : combinations()) {
      if (kinds.stream().noneMatch(k -> k.ready)) {
        for (Kind helped : kinds.stream().filter(Kind::mayBeHelped).toList()) {
          help(kinds, helped, false, random);
          help(kinds, helped, true, random);
          rounds++;
        }
      }
    }
    assertEquals(Stream.of(Kind.values()).filter(Kind::mayBeHelped).count() * (1 << 6), rounds);
  }

  private static void help(List<Kind> kinds, Kind helped, boolean close, Random random)
      throws Exception {
    List<One> ones = make(kinds, random);
    var me = new AtomicReference<@Nullable Goroutine>();
    var end = new CompletableFuture<Integer>();
    Go.go(
        () -> {
          me.set(Goroutine.current());
          try {
            end.complete(choose(ones, false));
          } catch (Throwable t) {
            end.completeExceptionally(t);
          }
        });
    Waits.until(
        () -> {
          Goroutine g = me.get();
          return (g != null && "select".equals(g.waitReason())) || end.isDone();
        });
    One its = ones.stream().filter(o -> o.kind == helped).findFirst().orElseThrow();
    String what = "of " + ones.stream().map(o -> o.kind).toList() + " " + helped;
    if (close) {
      its.c.close();
      int chosen = end.get(60, TimeUnit.SECONDS);
      Kind kind = chosen == CLOSED ? null : ones.get(chosen).kind;
      boolean self = helped == Kind.SELF_SEND || helped == Kind.SELF_RECV;
      assertTrue(
          kind == null ? self || helped.sends() : kind == helped || self, () -> what + " " + kind);
      assertTrue(kind == null || !kind.sends(), what);
      return;
    }
    if (helped.sends()) {
      assertEquals(its.value, its.c.recv(), what);
    } else {
      its.c.send(its.value);
    }
    int chosen = end.get(60, TimeUnit.SECONDS);
    assertEquals(helped, ones.get(chosen).kind, what);
    for (int i = 0; i < ones.size(); i++) {
      ones.get(i).check(i == chosen, what);
    }
    assertNotNull(Objects.requireNonNull(me.get()));
  }
}
