package bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a server at a fixed rate, or as fast as it answers, over connections that it keeps.
 *
 * <p>In the open loop request {@code k} is due at {@code start + k / rate}, whatever became of
 * those before it, and its latency counts from then. It goes out on a connection that has nothing
 * outstanding; if there is none it waits for one, and that is part of its latency. So a server that
 * stands still pays for all that were due meanwhile (others call the opposite coordinated
 * omission). One thread, since a thread a connection would take more of the CPUs that the server
 * runs on. While a connection is free it parks until the next is due, 20 µs at most, which the
 * system makes some 70: the error of every latency.
 */
final class Pacer implements AutoCloseable {
  private static final long LOOK_NANOS = 20_000;

  /** How long it waits for answers when nothing more is due. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final byte[] REQUEST =
      "GET /hello?name=John HTTP/1.1\r\nHost: localhost\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final String OK = "HTTP/1.1 200 ";
  private static final String GREETING = "Hello, John!";

  private final Selector selector = Selector.open();
  private final List<Conn> all = new ArrayList<>();
  private final ArrayDeque<Conn> idle = new ArrayDeque<>();
  private long[] latencies = new long[1];
  private int answered;
  private long now;

  /** Opens connections to a port of this machine. */
  Pacer(int port, int connections) throws IOException {
    try {
      for (int i = 0; i < connections; i++) {
        Conn c = new Conn(port, selector);
        all.add(c);
        idle.add(c);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Asks again as soon as there is an answer; answers a second. */
  double closedLoop(double seconds) throws IOException {
    begin(1); // nobody asks for the latencies
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (now = start; now - end < 0; now = System.nanoTime()) {
      while (!idle.isEmpty()) {
        idle.remove().ask(now);
      }
      selector.select(this::receive, 1000);
    }
    double rate = answered / ((now - start) / 1e9);
    drain(now + PATIENCE_NANOS);
    return rate;
  }

  /**
   * Asks at a rate.
   *
   * @return the latencies, ascending, in nanoseconds; those of requests that were not answered in
   *     the end are what they had waited by then
   */
  long[] openLoop(double perSecond, double seconds) throws IOException {
    int n = (int) Math.max(1, perSecond * seconds);
    begin(n);
    double period = 1e9 / perSecond;
    long start = System.nanoTime();
    long end = start + (long) (n * period) + PATIENCE_NANOS;
    int asked = 0;
    for (now = start; answered < n && now - end < 0; now = System.nanoTime()) {
      while (asked < n && !idle.isEmpty() && now - due(start, period, asked) >= 0) {
        idle.remove().ask(due(start, period, asked++));
      }
      if (idle.isEmpty() || asked == n) {
        selector.select(this::receive, 1000);
      } else if (selector.selectNow(this::receive) == 0) {
        long left = due(start, period, asked) - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(Math.min(left, LOOK_NANOS));
        }
      }
    }
    for (Conn c : all) {
      if (c.asked) {
        note(now - c.due);
      }
    }
    for (; asked < n; asked++) {
      note(now - due(start, period, asked));
    }
    long[] sorted = Arrays.copyOf(latencies, n);
    Arrays.sort(sorted);
    return sorted;
  }

  private static long due(long start, double period, int request) {
    return start + (long) (request * period);
  }

  private void begin(int most) {
    latencies = new long[most];
    answered = 0;
  }

  private void note(long latency) {
    if (answered < latencies.length) {
      latencies[answered] = latency;
    }
    answered++;
  }

  private void drain(long end) throws IOException {
    while (idle.size() < all.size()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("expected answers, found none for some seconds");
      }
      selector.select(this::receive, 1000);
    }
  }

  private void receive(SelectionKey key) {
    Conn c = (Conn) key.attachment();
    if (c.receive()) {
      note(System.nanoTime() - c.due);
      idle.add(c);
    }
  }

  @Override
  public void close() throws IOException {
    for (Conn c : all) {
      c.channel.close();
    }
    selector.close();
  }

  /** A connection with at most one request outstanding. */
  private static final class Conn {
    private final SocketChannel channel;
    private final ByteBuffer request = ByteBuffer.wrap(REQUEST);
    private final ByteBuffer answer = ByteBuffer.allocate(4096);
    private boolean asked;
    private long due;

    Conn(int port, Selector selector) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void ask(long when) throws IOException {
      due = when;
      asked = true;
      if (channel.write(request.rewind()) != REQUEST.length) {
        throw new IOException("expected room for a request, found none");
      }
    }

    /** Whether the answer is whole. */
    boolean receive() {
      try {
        if (channel.read(answer) < 0) {
          throw new IllegalStateException("the server closed a connection");
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      String text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
      boolean begun = text.startsWith(OK) || OK.startsWith(text);
      if (!asked || !begun || !answer.hasRemaining()) {
        throw new IllegalStateException("wrong result: " + text);
      }
      if (!text.endsWith(GREETING) && !text.endsWith(GREETING + "\r\n0\r\n\r\n")) {
        return false;
      }
      answer.clear();
      asked = false;
      return true;
    }
  }
}
