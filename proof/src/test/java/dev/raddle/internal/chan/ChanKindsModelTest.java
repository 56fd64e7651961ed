package dev.raddle.internal.chan;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Recv;
import dev.raddle.internal.sched.Models;
import java.util.ArrayDeque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Each kind of channel is linearizable, as far as operations that do not wait can tell. */
class ChanKindsModelTest {
  @Test
  void bufferedIsLinearizable() {
    Models.holds(Buffered.class);
  }

  @Test
  void unboundedIsLinearizable() {
    Models.holds(Unbounded.class);
  }

  @Test
  void latestIsLinearizable() {
    Models.holds(Latest.class);
  }

  @Test
  void dropOldestIsLinearizable() {
    Models.holds(DropOldest.class);
  }

  @Test
  void dropNewestIsLinearizable() {
    Models.holds(DropNewest.class);
  }

  @Test
  void aBufferWithoutALockIsRejected() {
    Models.isRejected(NoLock.class, 2);
  }

  /** What Lincheck calls. */
  @Param(name = "element", gen = IntGen.class, conf = "0:9")
  abstract static class Operations {
    private final Chan<Integer> chan;

    Operations(Chan<Integer> chan) {
      this.chan = chan;
    }

    /** A sender. */
    @Operation
    public String trySend(@Param(name = "element") int element) {
      try {
        return chan.trySend(element) ? "sent" : "full";
      } catch (ChannelClosedException e) {
        return "closed";
      }
    }

    /** A receiver. */
    @Operation
    public String tryRecv() {
      Recv<Integer> r = chan.tryRecv();
      return r == null ? "empty" : r.ok() ? "got " + r.value() : "closed";
    }

    /** Who closes. */
    @Operation
    public String close() {
      try {
        chan.close();
        return "closed";
      } catch (ChannelClosedException e) {
        return "closed before";
      }
    }

    /** Anyone. */
    @Operation
    public int len() {
      return chan.len();
    }
  }

  /** A plain channel. */
  public static class Buffered extends Operations {
    /** For Lincheck. */
    public Buffered() {
      super(Chan.make(2));
    }
  }

  /** One that is never full. */
  public static class Unbounded extends Operations {
    /** For Lincheck. */
    public Unbounded() {
      super(Chan.unbounded());
    }
  }

  /** One that keeps the newest. */
  public static class Latest extends Operations {
    /** For Lincheck. */
    public Latest() {
      super(Chan.latest());
    }
  }

  /** One that drops the oldest. */
  public static class DropOldest extends Operations {
    /** For Lincheck. */
    public DropOldest() {
      super(Chan.dropOldest(2));
    }
  }

  /** One that drops the newest. */
  public static class DropNewest extends Operations {
    /** For Lincheck. */
    public DropNewest() {
      super(Chan.dropNewest(2));
    }
  }

  /** The same over a queue that nobody guards. */
  @Param(name = "element", gen = IntGen.class, conf = "0:9")
  public static class NoLock {
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();

    /** A sender. */
    @Operation
    public boolean trySend(@Param(name = "element") int element) {
      return queue.size() < 2 && queue.add(element);
    }

    /** A receiver. */
    @Operation
    public String tryRecv() {
      return queue.isEmpty() ? "empty" : "got " + queue.poll();
    }
  }
}
