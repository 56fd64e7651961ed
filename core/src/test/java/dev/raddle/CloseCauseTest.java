package dev.raddle;

import static dev.raddle.Go.after;
import static dev.raddle.Go.go;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A channel that is closed with a cause hands it to both sides; a plain close stays Go's. */
@Timeout(60)
class CloseCauseTest {
  private final Throwable why = new IOException("the disk is full");

  private static void fails(String message, @Nullable Throwable cause, Executable use) {
    var e = assertThrows(ChannelClosedException.class, use);
    assertEquals(message, e.getMessage());
    assertSame(cause, e.getCause());
  }

  @Test
  void whatIsBufferedComesFirstThenTheCause() throws Exception {
    Chan<Integer> ch = Chan.make(3);
    ch.send(1);
    ch.send(2);
    ch.send(3);
    ch.close(why);
    assertEquals(1, ch.recv());
    assertEquals(new Recv<>(2, true), ch.receive());
    assertEquals(new Recv<>(3, true, null), ch.tryRecv());
    assertEquals(new Recv<>(null, false, why), ch.receive());
    assertEquals(new Recv<>(null, false, why), ch.tryRecv());
    assertEquals(new Recv<>(null, false, why), select(ch.onReceive(r -> r)));
    fails("receive on closed channel", why, ch::recv);
    fails("receive on closed channel", why, () -> select(ch.onRecv(v -> v)));
  }

  @Test
  void aRangeGivesTheElementsThenFails() throws Exception {
    Chan<Integer> ch = Chan.make(2);
    ch.send(1);
    ch.send(2);
    ch.close(why);
    List<Integer> got = new ArrayList<>();
    fails("receive on closed channel", why, () -> ch.forEach(got::add));
    assertEquals(List.of(1, 2), got);
    fails("receive on closed channel", why, ch.iterator()::hasNext);
  }

  @Test
  void sendsAndASecondCloseFailWithTheCause() {
    Chan<Integer> ch = Chan.make(1);
    ch.close(why);
    fails("send on closed channel", why, () -> ch.send(1));
    fails("send on closed channel", why, () -> ch.trySend(1));
    fails("send on closed channel", why, () -> select(ch.onSend(1, () -> "sent")));
    fails("close of closed channel", why, ch::close);
    fails("close of closed channel", why, () -> ch.close(new IOException("another")));
    assertEquals(new Recv<>(null, false, why), ch.tryRecv());
    fails("close of nil channel", null, () -> Chan.nil().close(why));
  }

  @Test
  void theCauseReachesThoseWhoWait() throws Exception {
    for (int i = 0; i < 200; i++) {
      Chan<Integer> ch = Chan.make();
      Chan<@Nullable Throwable> causes = Chan.make(4);
      boolean sends = i % 2 == 0;
      go(
          () -> {
            try {
              if (sends) {
                ch.send(1);
              } else {
                ch.recv();
              }
            } catch (ChannelClosedException e) {
              causes.send(e.getCause());
            }
          });
      go(
          () -> {
            try {
              String won = sends ? select(ch.onSend(1, () -> "")) : select(ch.onRecv(v -> "" + v));
              causes.send(new AssertionError("chose " + won));
            } catch (ChannelClosedException e) {
              causes.send(e.getCause());
            }
          });
      ch.close(why);
      assertSame(why, causes.recv());
      assertSame(why, causes.recv());
    }
  }

  @Test
  void withoutACauseItIsGosClose() throws Exception {
    Chan<Integer> ch = Chan.make();
    ch.close(null);
    assertNull(ch.recv());
    assertEquals(new Recv<>(null, false), ch.receive());
    assertTrue(select(ch.onRecv(v -> v == null), after(Times.HOUR, () -> false)));
    fails("send on closed channel", null, () -> ch.send(1));
    fails("close of closed channel", null, () -> ch.close(why));
  }
}
