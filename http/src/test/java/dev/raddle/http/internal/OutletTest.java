package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class OutletTest {
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private final StringBuilder events = new StringBuilder();
  private Runnable during = () -> {};
  private boolean broken;
  private final Outlet outlet = new Outlet(this::sink, () -> event("close "));

  private void event(String what) {
    events.append(what);
    broken |= what.equals("close ");
  }

  private void sink(ByteBuffer bytes) throws IOException {
    during.run();
    if (broken) {
      throw new ClosedChannelException();
    }
    event("write ");
  }

  private void write() throws IOException {
    outlet.write(ByteBuffer.allocate(1));
  }

  private static long past() {
    return notZero(System.nanoTime() - 1);
  }

  private static long notZero(long nanoTime) {
    return nanoTime == 0 ? -1 : nanoTime;
  }

  @Test
  void aWriteAfterTheDeadlineFailsAndTheConnectionStays() throws IOException {
    outlet.setDeadline(past());
    assertThrows(SocketTimeoutException.class, this::write);
    assertThrows(SocketTimeoutException.class, () -> outlet.run(() -> 1));
    outlet.expire();
    outlet.setDeadline(notZero(System.nanoTime() + HOUR_NANOS));
    write();
    assertEquals("write ", events.toString());
  }

  /** The timer of a deadline may come to it when the next request is there already. */
  @Test
  void whatExpiresTooLateDoesNothing() throws IOException {
    outlet.setDeadline(past());
    outlet.setDeadline(0);
    outlet.expire();
    during = outlet::expire;
    write();
    outlet.setDeadline(notZero(System.nanoTime() + HOUR_NANOS));
    write();
    assertEquals("write write ", events.toString());
  }

  @Test
  void aWriteThatWaitsIsBrokenOff() {
    during =
        () -> {
          outlet.setDeadline(past());
          outlet.expire();
        };
    assertThrows(SocketTimeoutException.class, this::write);
    assertEquals("close ", events.toString());
  }
}
