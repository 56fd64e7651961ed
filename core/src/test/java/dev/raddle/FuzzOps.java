package dev.raddle;

import dev.raddle.History.Effect;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How a random program uses channels. A subclass breaks one operation, to see that it is found. */
class FuzzOps {
  void send(Chan<Integer> c, int element) throws InterruptedException {
    c.send(element);
  }

  boolean send(Chan<Integer> c, int element, Duration timeout) throws InterruptedException {
    return c.send(element, timeout);
  }

  boolean trySend(Chan<Integer> c, int element) {
    return c.trySend(element);
  }

  Recv<Integer> receive(Chan<Integer> c) throws InterruptedException {
    return c.receive();
  }

  @Nullable Recv<Integer> tryRecv(Chan<Integer> c) {
    return c.tryRecv();
  }

  int drainTo(Chan<Integer> c, Collection<Integer> into, int max) {
    return c.drainTo(into, max);
  }

  Effect select(Case<Effect>[] cases) throws InterruptedException {
    return Go.select(cases);
  }

  /** A select with a default. */
  Effect select(Case<Effect>[] cases, Case<Effect> orElse) throws InterruptedException {
    @Nullable Case<Effect>[] all = java.util.Arrays.copyOf(cases, cases.length + 1);
    all[cases.length] = orElse;
    return Go.<Effect>select(all);
  }
}
