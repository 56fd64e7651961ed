package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Follows Go's nettest.TestConn (golang.org/x/net/nettest/conntest.go), which net/conn_test runs.
 */
@Timeout(60)
class ConnProtocolTest {
  private static final Duration PAST = Duration.ofSeconds(-1);

  static boolean isTimeout(IOException e) {
    return e instanceof NetException n && n.isTimeout();
  }

  static boolean isClosed(IOException e) {
    return e instanceof NetException n && n.isClosed();
  }

  /** Follows testBasicIO: what goes through one way and back is the same. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void bytesComeBackAsTheyWere(String network) throws Exception {
    byte[] sent = new byte[1 << 20];
    new Random(1).nextBytes(sent);
    try (Pair p = Pair.of(network)) {
      Go.go(
          () -> {
            p.here().write(sent, 0, sent.length);
            p.here().closeWrite();
          });
      Go.go(
          () -> {
            p.there().inputStream().transferTo(p.there().outputStream());
            p.there().close();
          });
      var back = new ByteArrayOutputStream();
      p.here().inputStream().transferTo(back);
      assertArrayEquals(sent, back.toByteArray());
    }
  }

  /** Follows testPingPong. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void theTwoEndsTakeTurns(String network) throws Exception {
    int rounds = 2_000;
    try (Pair p = Pair.of(network)) {
      var done = new WaitGroup();
      done.go(() -> echo(p.there(), rounds));
      ByteBuffer b = ByteBuffer.allocateDirect(8);
      for (long i = 0; i < rounds; i++) {
        p.here().write(b.clear().putLong(i).flip());
        fill(p.here(), b.clear());
        assertEquals(i + 1, b.flip().getLong());
      }
      done.await();
    }
  }

  private static void echo(Conn conn, int rounds) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(8);
    for (int i = 0; i < rounds; i++) {
      fill(conn, b.clear());
      long v = b.flip().getLong();
      conn.write(b.clear().putLong(v + 1).flip());
    }
  }

  static void fill(Conn conn, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (conn.read(target) < 0) {
        throw new IOException("the stream ended before the buffer was full");
      }
    }
  }

  /** Follows testRacyRead: readers that race with each other and with their own deadlines. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void readersRaceWithDeadlines(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      Go.go(() -> floodUntilClosed(p.there()));
      p.here().setReadDeadline(Duration.ofMillis(1));
      var done = new WaitGroup();
      for (int i = 0; i < 10; i++) {
        done.go(
            () -> {
              byte[] some = new byte[1024];
              for (int j = 0; j < 10; j++) {
                try {
                  assertTrue(p.here().read(some, 0, some.length) > 0);
                } catch (NetException e) {
                  assertTrue(e.isTimeout(), e.toString());
                  p.here().setReadDeadline(Duration.ofMillis(1));
                }
              }
            });
      }
      done.await();
    }
  }

  private static void floodUntilClosed(Conn conn) {
    byte[] some = new byte[1024];
    try {
      for (; ; ) {
        conn.write(some, 0, some.length);
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  /** Follows testRacyWrite. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void writersRaceWithDeadlines(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      Go.go(() -> p.there().inputStream().transferTo(OutputStream.nullOutputStream()));
      p.here().setWriteDeadline(Duration.ofMillis(1));
      var done = new WaitGroup();
      for (int i = 0; i < 10; i++) {
        done.go(
            () -> {
              byte[] some = new byte[1024];
              for (int j = 0; j < 10; j++) {
                try {
                  p.here().write(some, 0, some.length);
                } catch (NetException e) {
                  assertTrue(e.isTimeout(), e.toString());
                  p.here().setWriteDeadline(Duration.ofMillis(1));
                }
              }
            });
      }
      done.await();
    }
  }

  /** Follows testReadTimeout: a read deadline does not touch writes. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aReadDeadlineLeavesWritesAlone(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      p.here().setReadDeadline(PAST);
      p.here().write(new byte[100], 0, 100);
      assertTrue(
          isTimeout(assertThrows(IOException.class, () -> p.here().read(new byte[1], 0, 1))));
    }
  }

  /** Follows testWriteTimeout: a write deadline does not touch reads. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aWriteDeadlineLeavesReadsAlone(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      p.there().write(new byte[100], 0, 100);
      p.here().setWriteDeadline(PAST);
      assertTrue(p.here().read(new byte[1], 0, 1) == 1);
      assertTrue(
          isTimeout(assertThrows(IOException.class, () -> p.here().write(new byte[1], 0, 1))));
    }
  }

  /** Follows testPastTimeout: a deadline that has passed fails at once, and can be taken back. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aDeadlineInThePastCanBeTakenBack(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      Go.go(() -> p.there().inputStream().transferTo(p.there().outputStream()));
      p.here().setDeadline(PAST);
      assertTrue(
          isTimeout(assertThrows(IOException.class, () -> p.here().write(new byte[1], 0, 1))));
      assertTrue(
          isTimeout(assertThrows(IOException.class, () -> p.here().read(new byte[1], 0, 1))));
      p.here().setDeadline(null);
      p.here().write(new byte[] {7}, 0, 1);
      byte[] one = new byte[1];
      assertEquals(1, p.here().read(one, 0, 1));
      assertEquals(7, one[0]);
    }
  }

  /** Follows testPresentTimeout: a deadline set now ends calls that wait already. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aDeadlineEndsCallsThatWait(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      Chan<IOException> ends = Chan.make(2);
      Go.go(() -> ends.send(endOf(() -> p.here().read(new byte[1], 0, 1))));
      Go.go(() -> ends.send(endOf(() -> floodUntilFailure(p.here()))));
      Go.sleep(Duration.ofMillis(20)); // most often they wait by now; either order must work
      p.here().setDeadline(PAST);
      assertTrue(isTimeout(ends.recv()));
      assertTrue(isTimeout(ends.recv()));
    }
  }

  private static void floodUntilFailure(Conn conn) throws IOException {
    for (; ; ) {
      conn.write(new byte[1024], 0, 1024);
    }
  }

  /** What may fail. */
  interface Call {
    void run() throws IOException;
  }

  static IOException endOf(Call call) {
    try {
      call.run();
      return new IOException("it ended without a failure");
    } catch (IOException e) {
      return e;
    }
  }

  /** Follows testFutureTimeout: both directions end at a deadline in the future, and live again. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void aDeadlineInTheFutureComes(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      p.here().setDeadline(Duration.ofMillis(30));
      Chan<IOException> ends = Chan.make(2);
      Go.go(() -> ends.send(endOf(() -> p.here().read(new byte[1], 0, 1))));
      Go.go(() -> ends.send(endOf(() -> floodUntilFailure(p.here()))));
      assertTrue(isTimeout(ends.recv()));
      assertTrue(isTimeout(ends.recv()));
      p.here().setDeadline(null);
      p.there().write(new byte[] {1}, 0, 1);
      assertEquals(1, p.here().read(new byte[1], 0, 1));
    }
  }

  /** Follows testCloseTimeout: close ends calls that wait, deadline or not. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void closeEndsBothDirections(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      p.here().setDeadline(Duration.ofHours(1));
      Chan<IOException> ends = Chan.make(2);
      Go.go(() -> ends.send(endOf(() -> p.here().read(new byte[1], 0, 1))));
      Go.go(() -> ends.send(endOf(() -> floodUntilFailure(p.here()))));
      Go.sleep(Duration.ofMillis(20)); // as above
      p.here().close();
      assertTrue(isClosed(ends.recv()));
      assertTrue(isClosed(ends.recv()));
      assertTrue(isClosed(endOf(() -> p.here().setDeadline(null))));
      p.here().close();
    }
  }

  /** Follows testConcurrentMethods. */
  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void everyMethodMayRunBesideEveryOther(String network) throws Exception {
    try (Pair p = Pair.of(network)) {
      Go.go(() -> p.there().inputStream().transferTo(p.there().outputStream()));
      var done = new WaitGroup();
      for (int i = 0; i < 50; i++) {
        done.go(() -> tolerant(() -> p.here().read(new byte[1024], 0, 1024)));
        done.go(() -> tolerant(() -> p.here().write(new byte[1024], 0, 1024)));
        done.go(() -> tolerant(() -> p.here().setDeadline(Duration.ofMillis(10))));
        done.go(() -> tolerant(() -> p.here().setReadDeadline(Duration.ofMillis(10))));
        done.go(() -> tolerant(() -> p.here().setWriteDeadline(Duration.ofMillis(10))));
        done.go(() -> assertFalse(p.here().localAddr().toString().isEmpty()));
        done.go(() -> assertFalse(p.here().remoteAddr().toString().isEmpty()));
      }
      done.await();
    }
  }

  private static void tolerant(Call call) {
    try {
      call.run();
    } catch (IOException e) {
      assertTrue(isTimeout(e), e.toString());
    }
  }
}
