package dev.raddle;

import static dev.raddle.Go.go;
import static dev.raddle.Go.orElse;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * After programs of Go's test/fixedbugs that are about channels and select: what is evaluated when,
 * and what a received value is. Those about memory are in {@link GoMemoryTest}.
 */
@Timeout(60)
class GoFixedbugsTest {
  /** Follows bug067.go: what a goroutine sends is received. */
  @Test
  void aGoroutineHandsOver() throws Exception {
    Chan<Integer> c = Chan.make();
    go(() -> c.send(7));
    assertEquals(7, c.recv());
  }

  /** Follows bug147.go: an unbuffered send returns after its receive, not after the one before. */
  @Test
  void aSynchronousSendWaits() throws Exception {
    Chan<Integer> c = Chan.make();
    int[] count = {0};
    go(
        () -> {
          c.recv();
          count[0]++;
          Go.sleep(Duration.ofMillis(1));
          count[0]++;
          c.recv();
        });
    c.send(1);
    c.send(2);
    assertEquals(2, count[0]);
  }

  /** Follows bug225.go: the default is taken while the buffer is empty, and not once it is not. */
  @Test
  void theDefaultIsForAnEmptyBuffer() throws Exception {
    Chan<Boolean> c = Chan.make(1);
    assertFalse(select(c.onRecv(v -> v), orElse(() -> false)));
    c.send(true);
    assertTrue(select(c.onRecv(v -> v), orElse(() -> false)));
  }

  /** Follows bug234.go: ok before and after the close, by plain receives. */
  @Test
  void okTellsTheEndOfABufferedChannel() throws Exception {
    Chan<Integer> c = Chan.make(1);
    c.send(100);
    assertEquals(new Recv<>(100, true), c.receive());
    c.close();
    assertEquals(new Recv<>(null, false), c.receive());
  }

  /** Follows bug320.go: the body of a case sees what was received, whoever else looks at it. */
  @Test
  void theBodySeesTheValueThatWasReceived() throws Exception {
    Chan<Integer> c = Chan.make(1);
    Chan<Integer> never = Chan.make();
    Chan<Integer> later = Chan.make(10);
    int sent = 0x12345678;
    for (int i = 0; i < 10; i++) {
      sent += 0x1020304;
      c.send(sent);
      int got =
          select(
              c.onRecv(
                  v -> {
                    go(() -> later.send(v));
                    return v;
                  }),
              never.onSend(1, () -> -1));
      assertEquals(sent, got);
      assertEquals(sent, later.recv());
    }
  }

  private record Holder(Chan<Integer> c) {}

  @SuppressWarnings("NullAway") // the mistake under test
  private static Holder nothing() {
    return null;
  }

  private static int line() {
    return Thread.currentThread().getStackTrace()[2].getLineNumber();
  }

  /** Follows bug347.go: a failure in the operand of a case is told with the line of that case. */
  @Test
  void aFailureInAnOperandNamesItsLine() {
    Chan<Integer> good = Chan.make();
    int before = line();
    var e =
        assertThrows(
            NullPointerException.class,
            () ->
                select(
                    good.onRecv(v -> v), //
                    nothing().c().onRecv(v -> v)));
    StackTraceElement top = e.getStackTrace()[0];
    assertEquals("GoFixedbugsTest.java", top.getFileName());
    assertEquals(before + 7, top.getLineNumber());
  }

  /** Follows issue4313.go: what a case sends is taken before the next case is evaluated. */
  @Test
  void theElementIsTakenBeforeTheNextCaseIsEvaluated() throws Exception {
    Chan<Integer> c = Chan.make(1);
    int[] x = {0};
    select(c.onSend(x[0], () -> 0), changes(x, Chan.make()).onRecv(v -> 1));
    assertEquals(0, c.recv());
    assertEquals(42, x[0]);
  }

  private static Chan<Boolean> changes(int[] x, Chan<Boolean> result) {
    x[0] = 42;
    return result;
  }

  /** Follows issue8336.go: an operand that fails keeps those behind it from being evaluated. */
  @Test
  void nothingIsEvaluatedAfterAFailure() {
    int[] evaluated = {0};
    assertThrows(
        NullPointerException.class,
        () -> select(nothing().c().onRecv(v -> 0), changes(evaluated, Chan.make()).onRecv(v -> 1)));
    assertEquals(0, evaluated[0]);
  }

  /** A variable that operands change while others are evaluated. */
  private static final class Variable {
    Chan<Integer> ch = Chan.make();
    int x = 42;

    int close() {
      ch.close();
      ch = Chan.nil();
      return 0;
    }

    int forget() {
      ch = Chan.nil();
      x = 0;
      return 0;
    }
  }

  /** Follows issue43111.go: a later operand closes the channel of a case, or changes variables. */
  @Test
  void aLaterOperandDoesNotChangeAnEarlierCase() throws Exception {
    Chan<Integer> nil = Chan.nil();
    var a = new Variable();
    assertEquals(1, select(a.ch.onRecv(v -> 1), nil.onSend(a.close(), () -> 2)));
    var b = new Variable();
    assertEquals(1, select(b.ch.onRecv(v -> v == null ? 1 : 3), nil.onSend(b.close(), () -> 2)));
    var c = new Variable();
    assertEquals(false, select(c.ch.onReceive(Recv::ok), nil.onSend(c.close(), () -> true)));
    var d = new Variable();
    d.ch = Chan.make(1);
    Chan<Integer> kept = d.ch;
    assertEquals(1, select(d.ch.onSend(d.x, () -> 1), nil.onSend(d.forget(), () -> 2)));
    assertEquals(42, kept.recv());
  }

  /** Follows issue8347.go: ok is what the last receive said, whatever defaults were taken since. */
  @Test
  void theDefaultLeavesOkAlone() throws Exception {
    Chan<Boolean> c = Chan.make(1);
    boolean[] ok = {true};
    for (int i = 0; i < 12; i++) {
      int chosen =
          select(
              c.onReceive(
                  r -> {
                    ok[0] = r.ok();
                    return 1;
                  }),
              orElse(() -> 0));
      assertEquals(i <= 10 ? 0 : 1, chosen, "turn " + i);
      assertEquals(i <= 10, ok[0], "turn " + i);
      if (i == 10) {
        c.close();
      }
    }
  }

  /** Follows issue19201.go: what the body uses of the method around it is as it was. */
  @Test
  void theBodySeesTheVariablesAroundIt() throws Exception {
    Chan<Integer> closed = Chan.make();
    closed.close();
    int code = ByteBuffer.wrap(new byte[] {'a', 0, 0, 1}).getInt();
    List<Integer> consumed = new ArrayList<>();
    int seen =
        select(
            closed.onRecv(
                v -> {
                  consumed.add(code);
                  return code;
                }),
            Chan.<Integer>make().onRecv(v -> -1));
    assertEquals(0x61000001, seen);
    assertEquals(List.of(0x61000001), consumed);
  }

  private record Foo(@Nullable Object[] bar) {}

  /** Follows issue22683.go: what is in an element that comes by a loop is what was put there. */
  @Test
  void whatIsInAnElementComesWithIt() throws Exception {
    Chan<Foo> c = Chan.make(2);
    Object mine = new Object();
    c.send(new Foo(new Object[] {mine}));
    c.close();
    int n = 0;
    for (Foo v : c) {
      assertEquals(Arrays.asList(mine), Arrays.asList(v.bar()));
      n++;
    }
    assertEquals(1, n);
  }

  /** Follows issue48289.go: each turn of a loop around a select has a value of its own. */
  @Test
  void eachReceivedValueIsAVariableOfItsOwn() throws Exception {
    Chan<Integer> c = Chan.make(1);
    List<IntSupplier> values = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      c.send(i);
      select(c.onRecv(v -> values.add(() -> v)));
    }
    assertEquals(0, values.get(0).getAsInt());
    assertEquals(1, values.get(1).getAsInt());
  }

  /** Follows issue67190.go: a channel and its views are equal, whichever side is asked. */
  @Test
  @SuppressWarnings({"EqualsIncompatibleType", "AssertBetweenInconvertibleTypes"}) // as in Go
  void aChannelEqualsItsViews() {
    Chan<Integer> c = Chan.make();
    RecvChan<Integer> receives = c.recvOnly();
    SendChan<Integer> sends = c.sendOnly();
    assertEquals((Object) c, receives);
    assertEquals((Object) receives, c);
    assertEquals((Object) c, sends);
    assertEquals((Object) sends, c);
    assertEquals(c.hashCode(), receives.hashCode());
    assertNotEquals((Object) Chan.<Integer>make(), receives);
    assertNotNull(receives.toString());
    assertNull(receives.tryRecv());
  }
}
