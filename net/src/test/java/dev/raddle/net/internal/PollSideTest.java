package dev.raddle.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table at the head of {@link PollSide}, against a model of it, over all short histories. */
@Timeout(60)
class PollSideTest {
  private static final int LENGTH = 6;

  private enum Op {
    READY,
    KICK,
    AWAIT,
    EXPIRE,
    NEVER,
    CLOSE
  }

  /** What the table says, for a waiter that stops where it would park. */
  private static final class Model {
    boolean ready;
    boolean awaited;
    boolean expired;
    boolean closed;

    String apply(Op op) {
      switch (op) {
        case READY -> {
          boolean woken = !ready && awaited;
          awaited = false;
          ready = true;
          return "" + woken;
        }
        case KICK -> awaited = false;
        case EXPIRE -> {
          expired = true;
          awaited = false;
        }
        case NEVER -> expired = false;
        case CLOSE -> {
          closed = true;
          expired = false;
          awaited = false;
        }
        case AWAIT -> {
          if (ready) {
            ready = false;
            return "" + PollSide.OK;
          }
          if (closed || expired) {
            return "" + (closed ? PollSide.CLOSED : PollSide.TIMEOUT);
          }
          if (awaited) {
            return "two";
          }
          awaited = true;
          return "parks";
        }
      }
      return "";
    }

    @Override
    public String toString() {
      int state = closed ? PollSide.CLOSED : expired ? PollSide.TIMEOUT : PollSide.OK;
      return ready + " " + awaited + " " + state;
    }
  }

  private static final class Real extends PollSide {
    private static final class Parks extends RuntimeException {
      private static final long serialVersionUID = 1;
    }

    @Override
    protected void arm() {
      throw new Parks();
    }

    String apply(Op op) throws InterruptedException {
      switch (op) {
        case READY -> {
          return "" + ready();
        }
        case KICK -> kick();
        case EXPIRE -> expireIn(0);
        case NEVER -> neverExpire();
        case CLOSE -> close();
        case AWAIT -> {
          try {
            return "" + await(null);
          } catch (Parks e) {
            return "parks";
          } catch (IllegalStateException e) {
            return "two";
          }
        }
      }
      return "";
    }

    String seen() {
      return isReady() + " " + isAwaited() + " " + state();
    }
  }

  @Test
  void everyShortHistoryFollowsTheTable() throws Exception {
    int all = (int) Math.pow(Op.values().length, LENGTH);
    for (int n = 0; n < all; n++) {
      var model = new Model();
      var real = new Real();
      List<Op> history = new ArrayList<>();
      for (int i = 0, rest = n; i < LENGTH; i++, rest /= Op.values().length) {
        Op op = Op.values()[rest % Op.values().length];
        history.add(op);
        assertEquals(model.apply(op), real.apply(op), history::toString);
        assertEquals(model.toString(), real.seen(), history::toString);
      }
    }
  }

  @Test
  void anAlarmThatWasReplacedDoesNotCount() throws Exception {
    var side = new PollSide();
    side.expireIn(1_000_000);
    side.expireIn(Duration.ofHours(1).toNanos());
    Chan<Integer> end = Chan.make(1);
    Go.go(() -> end.send(side.await(null)));
    Go.sleep(Duration.ofMillis(5));
    assertEquals(PollSide.OK, side.state());
    side.ready();
    assertEquals(PollSide.OK, end.recv());
  }

  @Test
  void aWaitEndsAtTheDeadline() throws Exception {
    var side = new PollSide();
    side.expireIn(2_000_000);
    assertEquals(PollSide.TIMEOUT, side.await(null));
  }
}
