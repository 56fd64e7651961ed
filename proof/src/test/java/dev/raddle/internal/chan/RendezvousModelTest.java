package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Go;
import dev.raddle.Recv;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Operations that wait, in many interleavings: what {@link ChanKindsModelTest} cannot show of an
 * unbuffered channel, whose operations that do not wait never meet. Lincheck compares results with
 * a sequential run, which would wait for ever; so here are programs of a few threads, each with
 * what must hold at its end. Lincheck tells when a thread does not come back.
 */
class RendezvousModelTest {
  /** More in the long run: see docs/hacking.md. */
  private static final int INVOCATIONS = Integer.getInteger("raddle.proof.invocations", 200);

  private static final int UNTIL_FOUND = 100_000;

  /** What a thread does; never interrupted. */
  private interface Body {
    void run() throws InterruptedException;
  }

  private static Thread start(Body body) {
    var t =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    t.start();
    return t;
  }

  private static void explore(int invocations, Body program) {
    Lincheck.runConcurrentTest(
        invocations,
        () -> {
          try {
            program.run();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void whoMeetsGoesOn() {
    explore(
        INVOCATIONS,
        () -> {
          Chan<Integer> c = Chan.make();
          Thread one = start(() -> c.send(1));
          Thread two = start(() -> c.send(2));
          assertEquals(3, c.recv() + c.recv());
          one.join();
          two.join();
        });
  }

  /** What {@link #oneReceiver} uses, so that a broken one can take the channel's place. */
  private interface Rendezvous {
    boolean trySend(int element);

    /** Zero when it is closed. */
    int recv() throws InterruptedException;

    void close();
  }

  /** Two senders that do not wait, of which at most one finds the receiver. */
  private static void oneReceiver(Rendezvous c) throws InterruptedException {
    var got = new AtomicInteger();
    var sent = new AtomicInteger();
    Thread receiver = start(() -> got.set(c.recv()));
    Thread one = start(() -> sent.addAndGet(c.trySend(1) ? 1 : 0));
    Thread two = start(() -> sent.addAndGet(c.trySend(2) ? 2 : 0));
    one.join();
    two.join();
    c.close();
    receiver.join();
    assertEquals(sent.get(), got.get());
  }

  @Test
  void aReceiverIsServedOnceOrSeesTheClose() {
    explore(
        INVOCATIONS,
        () -> {
          Chan<Integer> c = Chan.make();
          oneReceiver(
              new Rendezvous() {
                @Override
                public boolean trySend(int element) {
                  return c.trySend(element);
                }

                @Override
                public int recv() throws InterruptedException {
                  Recv<Integer> r = c.receive();
                  return r.ok() ? Objects.requireNonNull(r.value()) : 0;
                }

                @Override
                public void close() {
                  c.close();
                }
              });
        });
  }

  @Test
  void aSenderThatLooksBeforeItTakesIsRejected() {
    assertThrows(
        LincheckAssertionError.class,
        () -> explore(UNTIL_FOUND, () -> oneReceiver(new LooksFirst())));
  }

  @Test
  void aCloseEndsEveryWait() {
    explore(
        INVOCATIONS,
        () -> {
          Chan<Integer> c = Chan.make();
          var sent = new AtomicInteger();
          Thread sender =
              start(
                  () -> {
                    try {
                      c.send(7);
                      sent.set(7);
                    } catch (ChannelClosedException e) {
                      sent.set(0);
                    }
                  });
          Thread closer = start(c::close);
          Recv<Integer> r = c.receive();
          sender.join();
          closer.join();
          assertEquals(sent.get() == 7 ? new Recv<>(7, true) : new Recv<>(null, false), r);
        });
  }

  /** Two selects of the same two channels in opposite directions and orders. */
  @Test
  void selectsMeetOnceWhateverTheirOrder() {
    explore(
        INVOCATIONS,
        () -> {
          Chan<Integer> a = Chan.make();
          Chan<Integer> b = Chan.make();
          var other = new AtomicInteger();
          Thread t =
              start(() -> other.set(Go.select(b.onSend(2, () -> 20), a.onRecv(v -> 10 + v))));
          int mine = Go.select(a.onSend(1, () -> 10), b.onRecv(v -> 20 + v));
          t.join();
          // Over a: I sent 1, so 10 and 11. Over b: I received 2, so 22 and 20.
          assertTrue(mine == 10 ? other.get() == 11 : mine == 22 && other.get() == 20);
        });
  }

  /** Two senders against one select that waits: one is served, the other waits until its turn. */
  @Test
  void aSelectTakesFromOneSenderAndLeavesTheOther() {
    explore(
        INVOCATIONS,
        () -> {
          Chan<Integer> a = Chan.make();
          Chan<Integer> b = Chan.make();
          Thread one = start(() -> a.send(1));
          Thread two = start(() -> b.send(2));
          int first = Go.select(a.onRecv(v -> v), b.onRecv(v -> v));
          int second = first == 1 ? b.recv() : a.recv();
          one.join();
          two.join();
          assertEquals(3, first + second);
        });
  }

  /** A sender looks for the receiver in one step, and takes it from its place in another. */
  private static final class LooksFirst implements Rendezvous {
    private final AtomicReference<@Nullable Thread> receiver = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger elem = new AtomicInteger();

    @Override
    public boolean trySend(int element) {
      Thread r = receiver.get();
      if (r == null) {
        return false;
      }
      elem.set(element);
      receiver.set(null);
      LockSupport.unpark(r);
      return true;
    }

    @Override
    public int recv() {
      receiver.set(Thread.currentThread());
      while (receiver.get() != null && !closed.get()) {
        LockSupport.park();
      }
      return elem.get();
    }

    @Override
    public void close() {
      closed.set(true);
      Thread r = receiver.get();
      if (r != null) {
        LockSupport.unpark(r);
      }
    }
  }
}
