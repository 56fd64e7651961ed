package dev.raddle.job;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import java.util.concurrent.atomic.AtomicReferenceArray;

/*
 * Numbered visitors enter one at a time, in the order of their numbers.
 *
 * Shape      A slot for each of the visitors that can be under way, at its number modulo their count:
 *            a number waits only while all from the next one up to it are under way.
 * Ordering   R1  waiter stored in its slot, next read  <->  next stored, slot read. Both sequentially
 *                consistent, so the waiter sees its turn or is seen. Whoever takes the waiter out of the
 *                slot decides: itself, and it does not park; or the visitor before, who readies it.
 * Checked by PipelineTest; proof: TurnPass.
 */
final class Turn {
  private final Children children;
  private final AtomicReferenceArray<Waiter> slots;
  private volatile long next;

  Turn(Children children, int visitors) {
    this.children = children;
    slots = new AtomicReferenceArray<>(visitors);
  }

  private final class Visitor extends Waiter {
    private final int slot;

    Visitor(int slot) {
      this.slot = slot;
    }

    @Override
    protected boolean withdraw() {
      return slots.compareAndSet(slot, this, null);
    }
  }

  private int slot(long number) {
    return (int) (number % slots.length());
  }

  /** Waits for the turn of {@code number}. */
  void await(long number) throws InterruptedException, Halt {
    if (next == number) {
      return;
    }
    if (children.isCancelled()) { // an interrupt after this look ends the wait
      throw Halt.INSTANCE;
    }
    var visitor = new Visitor(slot(number));
    slots.set(visitor.slot, visitor);
    if (next == number && visitor.withdraw()) { // R1
      return;
    }
    visitor.await(WaitReason.JOIN);
  }

  /** The visitor whose turn it is leaves. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // written by the one whose turn it is
  void pass() {
    long following = next + 1;
    next = following;
    Waiter waiter = slots.getAndSet(slot(following), null); // R1
    if (waiter != null) {
      waiter.ready();
    }
  }
}
