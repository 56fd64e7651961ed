package dev.raddle.child;

import static dev.raddle.Go.go;
import static dev.raddle.Go.select;

import dev.raddle.Chan;
import org.jspecify.annotations.Nullable;

/** Fills an unbounded channel until there is no memory, then receives everything. */
final class MemoryProgram {
  private static long sent;

  /** Given up for the receiver, which allocates, too. */
  @SuppressWarnings("UnusedVariable") // it takes room
  private static byte @Nullable [] reserve;

  private MemoryProgram() {}

  private static void send(Chan<long[]> ch, boolean bySelect) throws InterruptedException {
    long[] element = {sent};
    if (bySelect) {
      select(ch.onSend(element, () -> 0));
    } else {
      ch.send(element);
    }
    sent++;
  }

  public static void main(String[] args) throws Exception {
    for (boolean bySelect : new boolean[] {false, true}) {
      Chan<long[]> ch = Chan.unbounded();
      sent = 0;
      reserve = new byte[2_000_000];
      try {
        for (; ; ) {
          send(ch, bySelect);
        }
      } catch (OutOfMemoryError e) {
        reserve = null; // and the channel must be usable
      }
      long received = 0;
      for (; received < sent / 2; received++) {
        check(ch.recv()[0] == received);
      }
      go(ch::close);
      for (long[] element : ch) {
        check(element[0] == received++);
      }
      check(received == sent);
      check(sent > 100_000);
    }
    System.out.print("all received");
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError();
    }
  }
}
