package dev.raddle;

import static dev.raddle.Go.go;
import static dev.raddle.Times.HOUR;
import static dev.raddle.Times.ms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The select that is made once. */
@Timeout(120)
class SelectorTest {
  @Test
  void itTakesWhatIsReadyAndTellsWhich() throws Exception {
    Chan<String> in = Chan.make(1);
    Chan<Integer> out = Chan.make(1);
    var s = new Selector();
    var words = s.onRecv(in);
    var numbers = s.onSend(out);
    assertEquals(0, words.index());
    assertEquals(1, numbers.index());
    assertEquals(Selector.NONE, s.trySelect());
    numbers.offer(7);
    assertEquals(1, s.select());
    assertEquals(7, out.recv());
    in.send("a");
    assertEquals(0, s.select());
    assertTrue(words.ok());
    assertEquals("a", words.value());
    assertEquals(new Recv<>("a", true), words.receive());
    assertEquals(Selector.NONE, s.select(ms(1)));
    assertEquals(Selector.NONE, s.select(ms(-1)));
  }

  /** An element is sent once; a case without one is not ready. */
  @Test
  void aSendCaseTakesPartWhileItHasAnElement() throws Exception {
    Chan<@Nullable String> out = Chan.make(10);
    var s = new Selector();
    var send = s.onSend(out);
    assertEquals(Selector.NONE, s.trySelect());
    send.offer(null);
    assertEquals(0, s.trySelect());
    assertEquals(Selector.NONE, s.trySelect());
    send.offer("a");
    send.withdraw();
    assertEquals(Selector.NONE, s.trySelect());
    send.offer("a");
    send.offer("b");
    assertEquals(0, s.select(HOUR));
    out.close();
    List<@Nullable String> got = new ArrayList<>();
    out.forEach(got::add);
    List<@Nullable String> expected = new ArrayList<>();
    expected.add(null);
    expected.add("b");
    assertEquals(expected, got);
  }

  @Test
  void theValueIsThatOfTheChosenCaseOnly() throws Exception {
    Chan<String> a = Chan.make(1);
    Chan<String> b = Chan.make(1);
    var s = new Selector();
    var first = s.onRecv(a);
    assertThrows(IllegalStateException.class, first::value);
    var second = s.onRecv(b);
    b.send("x");
    assertEquals(1, s.select());
    var e = assertThrows(IllegalStateException.class, first::value);
    assertEquals("select: expected case 0 to be the chosen one, found 1", e.getMessage());
    assertThrows(IllegalStateException.class, first::ok);
    assertThrows(IllegalStateException.class, first::receive);
    assertEquals("x", second.value());
    assertEquals(Selector.NONE, s.trySelect());
    assertThrows(IllegalStateException.class, second::value);
  }

  @Test
  void closedChannelsAreReady() throws Exception {
    var why = new IOException("why");
    Chan<String> in = Chan.make(1);
    Chan<String> out = Chan.make(1);
    var s = new Selector();
    var recv = s.onRecv(in);
    in.close();
    assertEquals(0, s.select());
    assertFalse(recv.ok());
    assertNull(recv.value());
    assertEquals(new Recv<>(null, false), recv.receive());
    recv.chan(null);
    var send = s.onSend(out);
    out.close(why);
    assertEquals(Selector.NONE, s.trySelect());
    send.offer("x");
    for (int i = 0; i < 2; i++) {
      var e = assertThrows(ChannelClosedException.class, s::select);
      assertEquals("send on closed channel", e.getMessage());
      assertSame(why, e.getCause());
    }
    send.withdraw();
    recv.chan(out);
    assertEquals(0, s.select());
    assertEquals(new Recv<>(null, false, why), recv.receive());
    assertSame(why, assertThrows(ChannelClosedException.class, recv::value).getCause());
  }

  /** Follows Go's test/chan/select.go: a nil channel switches a case off. */
  @Test
  void aCaseCanBeGivenAnotherChannelOrNone() throws Exception {
    Chan<Integer> a = Chan.make(1);
    Chan<Integer> b = Chan.make(1);
    var s = new Selector();
    var recv = s.onRecv(a.recvOnly());
    var send = s.onSend((SendChan<Integer>) null);
    for (int i = 0; i < 100; i++) {
      send.offer(i);
      send.chan(i % 2 == 0 ? a.sendOnly() : b);
      recv.chan(null);
      assertEquals(1, s.select());
      send.chan(Chan.nil());
      recv.chan(i % 2 == 0 ? a : b);
      assertEquals(0, s.select());
      assertEquals(i, recv.value());
      assertEquals(Selector.NONE, s.trySelect());
    }
  }

  @Test
  void oneChannelMayStandInSeveralCasesAndBothDirections() throws Exception {
    Chan<Integer> ch = Chan.make();
    var s = new Selector();
    var in = s.onRecv(ch);
    var again = s.onRecv(ch);
    var out = s.onSend(ch);
    out.offer(0);
    assertEquals(Selector.NONE, s.select(ms(1)), "received its own send");
    int[] chosen = new int[3];
    int received = 0;
    for (int i = 0; i < 300; i++) {
      int n = i;
      out.offer(n);
      boolean partnerSends = i % 2 == 0;
      var partner =
          Threads.of(i)
              .start(
                  () -> {
                    if (partnerSends) {
                      ch.send(n + 1);
                    } else {
                      assertEquals(n, ch.recv());
                    }
                  });
      int c = s.select();
      chosen[c]++;
      if (c < 2) {
        assertEquals(n + 1, (c == 0 ? in : again).value());
        received++;
      }
      partner.join();
    }
    assertEquals(150, received);
    assertEquals(150, chosen[2]);
    assertTrue(chosen[0] > 30 && chosen[1] > 30, chosen[0] + " and " + chosen[1]);
  }

  @ParameterizedTest
  @EnumSource
  void itWaitsAgainAndAgain(Threads kind) throws Exception {
    Chan<Integer> in = Chan.make();
    Chan<Integer> out = Chan.make();
    Chan<Integer> never = Chan.make();
    var echo =
        kind.start(
            () -> {
              var s = new Selector();
              var request = s.onRecv(in);
              s.onRecv(never);
              var reply = s.onSend(out);
              for (; ; ) {
                switch (s.select()) {
                  case 0 -> {
                    if (!request.ok()) {
                      return;
                    }
                    reply.offer(request.value() * 2);
                    request.chan(null);
                  }
                  case 2 -> request.chan(in);
                  default -> throw new AssertionError("nothing was sent there");
                }
              }
            });
    for (int i = 0; i < 3000; i++) {
      in.send(i);
      assertEquals(2 * i, out.recv());
    }
    in.close();
    echo.join();
  }

  /** Its wait is bound to a thread and goroutine: it gets another one when it goes over. */
  @Test
  void itMayGoFromGoroutineToGoroutine() throws Exception {
    Chan<Integer> ch = Chan.make();
    var s = new Selector();
    var recv = s.onRecv(ch);
    for (int i = 0; i < 200; i++) {
      int n = i;
      var user =
          Threads.of(i)
              .start(
                  () -> {
                    assertEquals(0, s.select());
                    assertEquals(n, recv.value());
                  });
      ch.send(i);
      user.join();
    }
  }

  @Test
  void anInterruptEndsTheWaitAndItCanBeUsedAgain() throws Exception {
    Chan<Integer> ch = Chan.make();
    var s = new Selector();
    var recv = s.onRecv(ch);
    var send = s.onSend(ch);
    for (int i = 0; i < 100; i++) {
      send.offer(i);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, s::select);
      assertNull(ch.tryRecv());
      assertFalse(ch.trySend(1));
      go(() -> ch.send(7));
      send.withdraw();
      assertEquals(0, s.select());
      assertEquals(7, recv.value());
    }
  }

  @Test
  void moreCasesThanGoAllowsAreRefused() throws Exception {
    int max = 65_536;
    Case<?>[] cases = new Case<?>[max + 1];
    Chan<Integer> ch = Chan.make(1);
    ch.send(1);
    cases[max] = ch.onRecv(v -> v);
    var e = assertThrows(IllegalArgumentException.class, () -> Go.<Object>select(cases));
    assertEquals("select: too many cases (max 65536): found 65537", e.getMessage());
    cases[max - 1] = cases[max];
    assertEquals((Object) 1, Go.<Object>select(java.util.Arrays.copyOf(cases, max)));
  }
}
