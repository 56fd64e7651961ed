package dev.raddle.internal.chan;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A channel whose sends never wait: what does not fit into the buffer goes into a list of chunks.
 *
 * Invariants  I1  of Hchan holds with a stronger half: no sender ever waits.
 *             I3  backlog not empty  =>  buffer full.  So the buffer is the older part, and what a
 *                 receive frees in it is filled from the backlog, as if its senders waited.
 * Chunks      A ring that doubles would copy everything under a spin lock, and stay large.
 * Memory      A send can run out of it. The chunk is made before anything is changed, and whoever
 *             holds the lock gives it back: here in send and trySend, for a select in Select.run.
 */
/** A channel without a limit. */
public final class Unbounded extends Hchan {
  /** Large enough for a channel that is read as fast as it is filled. Not tuned. */
  private static final int BUFFER = 16;

  private static final int CHUNK = 64;

  private static final class Chunk {
    final @Nullable Object[] slots = new Object[CHUNK];
    @Nullable Chunk next;
  }

  private @Nullable Chunk first;
  private @Nullable Chunk last;
  private int head;
  private int tail;
  private int backlog;

  /** Makes a channel. */
  public Unbounded(@Nullable Consumer<@Nullable Object> undelivered) {
    super(BUFFER, undelivered);
  }

  @Override
  public int capacity() {
    return Integer.MAX_VALUE;
  }

  @Override
  int lengthLocked() {
    return super.lengthLocked() + backlog;
  }

  @Override
  boolean sendLooksReady() {
    return true;
  }

  @Override
  Outcome fullLocked(@Nullable Object elem, Attempt a) {
    Chunk l = last;
    if (l == null || tail == CHUNK) {
      var c = new Chunk();
      if (l == null) {
        first = c;
        head = 0;
      } else {
        l.next = c;
      }
      last = c;
      l = c;
      tail = 0;
    }
    l.slots[tail++] = elem;
    backlog++;
    return Outcome.DONE;
  }

  @Override
  Outcome recvLocked(Attempt a) {
    Outcome o = super.recvLocked(a);
    if (o == Outcome.DONE && backlog > 0) {
      put(poll());
    }
    return o;
  }

  private @Nullable Object poll() {
    Chunk f = first;
    if (f == null) {
      throw new AssertionError("a backlog of " + backlog + " without a chunk");
    }
    Object elem = f.slots[head];
    f.slots[head++] = null;
    backlog--;
    if (backlog == 0) {
      head = 0; // f is the last chunk, and is kept
      tail = 0;
    } else if (head == CHUNK) {
      first = f.next;
      head = 0;
    }
    return elem;
  }

  @Override
  public boolean send(@Nullable Object elem) {
    var a = new Attempt();
    lock();
    Outcome o;
    try {
      o = sendLocked(elem, a);
    } finally {
      unlock();
    }
    a.finish();
    return o == Outcome.DONE;
  }

  @Override
  public @Nullable Boolean trySend(@Nullable Object elem) {
    return send(elem) ? Boolean.TRUE : null;
  }

  @Override
  public String toString() {
    return "unbounded chan#" + id;
  }
}
