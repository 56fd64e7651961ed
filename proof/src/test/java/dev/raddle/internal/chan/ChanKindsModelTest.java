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

/**
 * Each kind of channel is linearizable, as far as operations that do not wait can tell; of an
 * unbuffered one {@link RendezvousModelTest} tells more. Each has a twin that does in two critical
 * sections, or without any, what its kind does in one.
 */
class ChanKindsModelTest {
  @Test
  void unbufferedIsLinearizable() {
    Models.holds(Unbuffered.class);
  }

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
  void anOfferThatIsWithdrawnIsRejected() {
    Models.isRejected(Offers.class, 0);
  }

  @Test
  void aBufferWithoutALockIsRejected() {
    Models.isRejected(NoLock.class, 2);
  }

  @Test
  void aBacklogWithoutALockIsRejected() {
    Models.isRejected(NoLockUnbounded.class, 2);
  }

  @Test
  void aLatestThatReadsAndThenClearsIsRejected() {
    Models.isRejected(ReadsThenClears.class, 1);
  }

  @Test
  void aSenderThatDropsAndThenAddsIsRejected() {
    Models.isRejected(DropsThenAdds.class, 2);
  }

  @Test
  void aSenderThatLooksAndThenAddsIsRejected() {
    Models.isRejected(LooksThenAdds.class, 1);
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

  /** One without a slot. */
  public static class Unbuffered extends Operations {
    /** For Lincheck. */
    public Unbuffered() {
      super(Chan.make());
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

  /** What a twin has in place of a channel. */
  @Param(name = "element", gen = IntGen.class, conf = "0:9")
  abstract static class Twin {
    final ArrayDeque<Integer> queue = new ArrayDeque<>();

    /** A sender. */
    @Operation
    public abstract boolean trySend(@Param(name = "element") int element);

    /** A receiver. */
    @Operation
    public String tryRecv() {
      return queue.isEmpty() ? "empty" : "got " + queue.poll();
    }
  }

  /** A buffer that nobody guards. */
  public static class NoLock extends Twin {
    @Override
    public boolean trySend(int element) {
      return queue.size() < 2 && queue.add(element);
    }
  }

  /** One without a limit that nobody guards. */
  public static class NoLockUnbounded extends Twin {
    @Override
    public boolean trySend(int element) {
      return queue.add(element);
    }
  }

  /** A twin whose steps are critical sections, each for itself. */
  abstract static class Stepwise extends Twin {
    @Override
    public String tryRecv() {
      synchronized (queue) {
        return super.tryRecv();
      }
    }

    int size() {
      synchronized (queue) {
        return queue.size();
      }
    }

    boolean add(int element) {
      synchronized (queue) {
        return queue.add(element);
      }
    }
  }

  /**
   * An unbuffered one whose sender shows its element for a moment, and says that nobody took it.
   */
  public static class Offers extends Stepwise {
    @Override
    public boolean trySend(int element) {
      add(element);
      synchronized (queue) {
        queue.clear();
      }
      return false;
    }
  }

  /** Drops the oldest in one step, and adds in another. */
  public static class DropsThenAdds extends Stepwise {
    @Override
    public boolean trySend(int element) {
      if (size() == 2) {
        synchronized (queue) {
          queue.poll();
        }
      }
      return add(element);
    }
  }

  /** Looks for room in one step, and adds in another. */
  public static class LooksThenAdds extends Stepwise {
    @Override
    public boolean trySend(int element) {
      return size() == 2 || add(element);
    }
  }

  /** Keeps the newest; its receiver reads in one step, and clears in another. */
  public static class ReadsThenClears extends Twin {
    private volatile int newest = -1;

    @Override
    public boolean trySend(int element) {
      newest = element;
      return true;
    }

    @Override
    public String tryRecv() {
      int element = newest;
      newest = -1;
      return element < 0 ? "empty" : "got " + element;
    }
  }
}
