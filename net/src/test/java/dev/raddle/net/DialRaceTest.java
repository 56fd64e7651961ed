package dev.raddle.net;

import static dev.raddle.net.ConnProtocolTest.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Follows Go's TestDialParallel (net/dial_test.go): the addresses of two families race. */
@Timeout(60)
class DialRaceTest {
  private static Dial dial(Context context) {
    return new Dial(context, "tcp");
  }

  private static List<InetSocketAddress> one(InetSocketAddress address) {
    return List.of(address);
  }

  /** Where nobody listens: connections are refused. */
  private static InetSocketAddress refusing() throws IOException {
    try (var s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return (InetSocketAddress) s.getLocalSocketAddress();
    }
  }

  /**
   * A listener that accepts none, with as many who wait as it has room for: others get no reply.
   */
  private static final class Silent implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> waiting = new ArrayList<>();

    Silent() throws IOException {
      for (int i = 0; i < 2; i++) { // one more than the backlog, on Linux
        waiting.add(SocketChannel.open(address()));
      }
    }

    InetSocketAddress address() {
      return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel each : waiting) {
        each.close();
      }
      listener.close();
    }
  }

  @Test
  void theFirstFamilyIsTakenIfItAnswers() throws Exception {
    try (Listener first = Pair.listen("tcp");
        Conn c = dial(Context.background()).parallel(one(first.address()), one(refusing()))) {
      assertEquals(first.address(), c.remoteAddress());
    }
  }

  @Test
  void theOtherFamilyIsTriedAtOnceIfTheFirstFails() throws Exception {
    try (Listener other = Pair.listen("tcp");
        Conn c = dial(Context.background()).parallel(one(refusing()), one(other.address()))) {
      assertEquals(other.address(), c.remoteAddress());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theOtherFamilyIsTriedIfTheFirstIsSilent() throws Exception {
    try (var silent = new Silent();
        Listener other = Pair.listen("tcp");
        Conn c = dial(Context.background()).parallel(one(silent.address()), one(other.address()))) {
      assertEquals(other.address(), c.remoteAddress());
    }
  }

  @Test
  void ifBothFailTheFirstFamilysFailureCounts() throws Exception {
    InetSocketAddress first = refusing();
    InetSocketAddress other = refusing();
    IOException e = endOf(() -> dial(Context.background()).parallel(one(first), one(other)));
    assertTrue(e.toString().contains(":" + first.getPort()), e::toString);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theContextEndsBoth() throws Exception {
    try (var first = new Silent();
        var other = new Silent();
        CancelContext ctx = Context.background().withCancel()) {
      ctx.cancel();
      IOException e = endOf(() -> dial(ctx).parallel(one(first.address()), one(other.address())));
      assertTrue(e.getCause() instanceof CanceledException, e::toString);
    }
  }
}
