package dev.raddle;

import static dev.raddle.Go.after;
import static dev.raddle.Go.newTicker;
import static dev.raddle.Go.newTimer;
import static dev.raddle.Go.select;
import static dev.raddle.Go.tick;
import static dev.raddle.Times.HOUR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One direction of a channel gives no way to the other. */
@Timeout(60)
class DirectionTest {
  @Test
  void theChannelOfATimerCannotBeCastToOneThatCloses() {
    assertFalse(newTimer(HOUR).c() instanceof SendChan);
    assertFalse(newTicker(HOUR).c() instanceof SendChan);
    assertFalse(after(HOUR) instanceof SendChan);
    assertFalse(tick(HOUR) instanceof SendChan);
  }

  @Test
  void aViewCannotBeCastBack() {
    Chan<Integer> ch = Chan.make();
    assertFalse(ch.recvOnly() instanceof SendChan);
    assertFalse(ch.sendOnly() instanceof RecvChan);
  }

  @Test
  void aViewIsTheSameChannel() throws Exception {
    Chan<Integer> ch = Chan.make(3);
    RecvChan<Integer> in = ch.recvOnly();
    SendChan<Integer> out = ch.sendOnly();
    out.send(1);
    assertTrue(out.trySend(2));
    assertEquals("sent", select(out.onSend(3, () -> "sent")));
    assertFalse(out.trySend(4));
    assertEquals(3, in.len());
    assertEquals(3, out.len());
    assertEquals(3, in.cap());
    assertEquals(3, out.cap());
    assertEquals(1, in.recv());
    assertEquals("2", select(in.onRecv(v -> "" + v)));
    assertEquals(new Recv<>(3, true), in.tryRecv());
    out.close();
    assertEquals(new Recv<>(null, false), in.receive());
    assertEquals(false, select(in.onReceive(Recv::ok)));
    assertFalse(in.iterator().hasNext());
    assertEquals(
        "send on closed channel",
        assertThrows(ChannelClosedException.class, () -> out.send(5)).getMessage());
  }

  /** Go: channels are compared by identity, also between views. */
  @Test
  void channelsAndTheirViewsAreEqualByIdentity() {
    Chan<Integer> a = Chan.make();
    Chan<Integer> b = Chan.make();
    Set<Object> all = new HashSet<>(List.of(a, a.recvOnly(), a.sendOnly(), b.recvOnly(), b));
    assertEquals(Set.of(a, b), all);
    assertEquals(a.recvOnly(), a.sendOnly());
    assertNotEquals(a, b);
    assertNotEquals(a.recvOnly(), b.recvOnly());
    assertEquals(Chan.nil(), Chan.nil().recvOnly());
    assertNotEquals(a, Chan.nil());
    assertEquals(a.toString(), a.sendOnly().toString());
    assertEquals(a.toString(), a.recvOnly().toString());
  }
}
