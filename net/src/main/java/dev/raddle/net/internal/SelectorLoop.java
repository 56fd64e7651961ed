package dev.raddle.net.internal;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;

/*
 * The portable poller: one thread in the JDK's selector, for all sockets of the process.
 *
 * Interest    is asked for by each wait (PollSide.arm, after the waiter is in place) and taken back by
 *             the loop before it readies the waiter: an interest that comes later is a new one.
 * Closing     A registered channel is freed by the selector's thread alone, so that is who closes it.
 */
/** The JDK's selector on a thread of its own. */
final class SelectorLoop extends Thread {
  private static final class Holder {
    static final SelectorLoop LOOP = begin();
  }

  private final Selector selector;
  private final ConcurrentLinkedQueue<JdkFd> closing = new ConcurrentLinkedQueue<>();

  private SelectorLoop(Selector selector) {
    super(null, null, "raddle-netpoll", 0, false);
    this.selector = selector;
    setDaemon(true);
  }

  /** The loop of this process, started on first use. */
  static SelectorLoop get() {
    return Holder.LOOP;
  }

  private static SelectorLoop begin() {
    try {
      var loop = new SelectorLoop(Selector.open());
      loop.start();
      return loop;
    } catch (IOException e) {
      throw new IllegalStateException("the JDK's selector cannot be opened", e);
    }
  }

  SelectionKey register(SelectableChannel channel, JdkFd fd) throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, 0, fd);
  }

  /** The next event of that kind readies its waiter. */
  void arm(SelectionKey key, int operation) {
    try {
      if ((key.interestOpsOr(operation) & operation) == 0) {
        selector.wakeup();
      }
    } catch (CancelledKeyException e) {
      // closed: whoever waits has been woken
    }
  }

  void close(JdkFd fd) {
    closing.add(fd);
    selector.wakeup();
  }

  @Override
  public void run() {
    for (; ; ) {
      try {
        selector.select(SelectorLoop::deliver);
        closeAll();
      } catch (IOException | RuntimeException e) {
        System.getLogger("dev.raddle.net")
            .log(System.Logger.Level.ERROR, "the selector failed; going on", e);
      }
    }
  }

  private void closeAll() throws IOException {
    while (!closing.isEmpty()) { // again: selectNow may have used up a wake-up meant for the next
      var closed = new ArrayList<JdkFd>();
      for (JdkFd fd; (fd = closing.poll()) != null; ) {
        fd.closeChannel();
        closed.add(fd);
      }
      selector.selectNow(SelectorLoop::deliver); // frees the descriptors
      closed.forEach(NetFd::destroyed);
    }
  }

  private static void deliver(SelectionKey key) {
    if (key.attachment() instanceof JdkFd fd) {
      try {
        int ready = key.readyOps();
        key.interestOpsAnd(~ready); // before ready(): what is asked for afterwards counts
        fd.deliver(ready);
      } catch (CancelledKeyException e) {
        // closed meanwhile
      }
    }
  }
}
