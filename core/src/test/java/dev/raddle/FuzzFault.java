package dev.raddle;

import dev.raddle.History.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Ways in which a channel could be broken; the random programs must notice each. */
enum FuzzFault {
  /** A sender waits on though a receiver came, or there is room. */
  SENDER_NOT_WOKEN(false, true),
  /** A receiver was given an element and is not woken. */
  RECEIVER_NOT_WOKEN(false, true),
  /** A send that did not happen says it did. */
  LOSES(false, false),
  /** An element is received twice. */
  DUPLICATES(false, false),
  /** A drain gives the elements in another order. */
  REORDERS(false, false),
  /** An interrupt comes between the hand-over and the return. */
  INTERRUPT_LOSES(false, false),
  /** A select performs two of its cases. */
  SELECT_PERFORMS_TWO(false, false),
  /** A send that timed out was sent all the same. */
  TIMEOUT_SENDS(false, false),
  /** A select with a default looks at one channel after the other. */
  SELECT_POLLS(true, false),
  /** A select takes its default though a case is ready. */
  SELECT_SKIPS(true, false),
  /** A receive that does not wait says that nothing is there when something is. */
  SAYS_EMPTY(true, false);

  /** Whether only a short history shows it. */
  final boolean small;

  /** Whether a thread that waits for too long shows it. */
  final boolean stalls;

  FuzzFault(boolean small, boolean stalls) {
    this.small = small;
    this.stalls = stalls;
  }

  FuzzOps ops(long seed) {
    return new Broken(this, new Random(seed));
  }

  private static final class Broken extends FuzzOps {
    private final FuzzFault fault;
    private final Random random;
    private final Map<Thread, Recv<Integer>> last = new ConcurrentHashMap<>();

    Broken(FuzzFault fault, Random random) {
      this.fault = fault;
      this.random = random;
    }

    private boolean now(FuzzFault f) {
      return fault == f && random.nextInt(4) == 0;
    }

    @Override
    void send(Chan<Integer> c, int element) throws InterruptedException {
      (now(SENDER_NOT_WOKEN) ? Chan.<Integer>nil() : c).send(element);
    }

    @Override
    boolean send(Chan<Integer> c, int element, Duration timeout) throws InterruptedException {
      return super.send(c, element, timeout) && !now(TIMEOUT_SENDS);
    }

    @Override
    boolean trySend(Chan<Integer> c, int element) {
      return now(LOSES) || super.trySend(c, element);
    }

    @Override
    Recv<Integer> receive(Chan<Integer> c) throws InterruptedException {
      Recv<Integer> r = super.receive(c);
      if (now(RECEIVER_NOT_WOKEN)) {
        Chan.nil().recv();
      }
      if (fault == INTERRUPT_LOSES && Thread.interrupted()) {
        throw new InterruptedException();
      }
      last.put(Thread.currentThread(), r);
      return r;
    }

    @Override
    @Nullable Recv<Integer> tryRecv(Chan<Integer> c) {
      Recv<Integer> before = last.get(Thread.currentThread());
      if (before != null && now(DUPLICATES)) {
        return before;
      }
      return fault == SAYS_EMPTY && c.len() > 0 && random.nextBoolean() ? null : super.tryRecv(c);
    }

    @Override
    int drainTo(Chan<Integer> c, Collection<Integer> into, int max) {
      List<Integer> got = new ArrayList<>();
      super.drainTo(c, got, max);
      if (fault == REORDERS) {
        Collections.reverse(got);
      }
      into.addAll(got);
      return got.size();
    }

    @Override
    Effect select(Case<Effect>[] cases) throws InterruptedException {
      Effect first = super.select(cases);
      if (now(SELECT_PERFORMS_TWO)) {
        super.select(cases, Go.orElse(() -> first));
      }
      return first;
    }

    @Override
    Effect select(Case<Effect>[] cases, Case<Effect> orElse) throws InterruptedException {
      if (now(SELECT_SKIPS)) {
        return Go.<Effect>select(orElse);
      }
      if (fault != SELECT_POLLS) {
        return super.select(cases, orElse);
      }
      Effect nothing = new History.Idle(List.of(), List.of());
      for (Case<Effect> one : cases) {
        Effect did = Go.<Effect>select(one, Go.orElse(() -> nothing));
        if (did != nothing) {
          return did;
        }
        Go.gosched();
      }
      return Go.<Effect>select(orElse);
    }
  }
}
