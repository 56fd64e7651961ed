package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Http2Config;
import dev.raddle.http.Server;
import dev.raddle.http2.Fixture.LogLines;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What costs a client nothing, and us much, ends its connection with one line in the log. */
@Timeout(60)
class FloodTest {
  private static final int MANY = 100_000;
  private static final Http2Config LIMITS = Http2Config.DEFAULT.withMaxControlFrames(100);

  private final LogLines log = new LogLines();

  private interface Flood {
    void send(FrameClient client, int i) throws IOException;
  }

  private void assertEnds(Handler handler, Http2Config limits, Flood flood) throws Exception {
    try (Server server = Fixture.start(Fixture.h2c(handler).http2(limits).errorLog(log));
        FrameClient client = new FrameClient(server.address())) {
      client.next(FrameClient.SETTINGS);
      try {
        for (int i = 0; i < MANY; i++) {
          flood.send(client, i);
        }
      } catch (SocketException closed) {
        // The server did not wait for the end.
      }
      Fixture.until("a line in the log", () -> !log.lines.isEmpty());
      assertTrue(log.lines.getFirst().contains("ENHANCE_YOUR_CALM"), log.lines.toString());
      assertEquals(1, log.lines.size());
      try (FrameClient other = new FrameClient(server.address())) {
        assertEquals(200, other.get(1, "/ok").status());
      }
    }
  }

  private static final Handler ANSWERS = (w, r) -> {};

  /** CVE-2019-9512. */
  @Test
  void pings() throws Exception {
    byte[] ping = FrameClient.frame(FrameClient.PING, 0, 0, new byte[8]);
    assertEnds(ANSWERS, LIMITS, (client, i) -> client.send(ping));
  }

  /** CVE-2019-9515. */
  @Test
  void settings() throws Exception {
    assertEnds(ANSWERS, LIMITS, (client, i) -> client.sendSettings());
  }

  /** CVE-2019-9518. */
  @Test
  void framesWithoutData() throws Exception {
    assertEnds(
        (w, r) -> {
          if (!r.path().equals("/ok")) {
            assertThrows(IOException.class, () -> r.body().readAllBytes());
          }
        },
        LIMITS,
        (client, i) -> {
          if (i == 0) {
            client.sendRequest(1, "POST", "/", false);
          }
          client.sendData(1, "", false);
        });
  }

  /** CVE-2023-44487: requests that are given up as soon as they are made. */
  @Test
  void resets() throws Exception {
    assertEnds(
        ANSWERS,
        LIMITS,
        (client, i) -> {
          client.sendRequest(2 * i + 1, "GET", "/", true);
          client.sendReset(2 * i + 1, FrameClient.CANCEL);
        });
  }

  /** Follows TestServerMaxHandlerGoroutines: handlers that go on after their streams are gone. */
  @Test
  void handlersThatDoNotEnd() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    Handler stubborn =
        (w, r) -> {
          if (r.path().equals("/ok")) {
            return;
          }
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          end.await();
          running.decrementAndGet();
        };
    Http2Config limits = Http2Config.DEFAULT.withMaxConcurrentStreams(5);
    try {
      assertEnds(
          stubborn,
          limits.withMaxControlFrames(Integer.MAX_VALUE),
          (client, i) -> {
            client.sendRequest(2 * i + 1, "GET", "/", true);
            client.sendReset(2 * i + 1, FrameClient.CANCEL);
          });
      assertTrue(most.get() <= 10, "handlers at once: " + most);
    } finally {
      end.countDown();
    }
  }

  /** Answers that nobody reads do not gather here. */
  @Test
  void answersThatAreNotRead() throws Exception {
    byte[] ping = FrameClient.frame(FrameClient.PING, 0, 0, new byte[8]);
    byte[] thousand = new byte[1000 * ping.length];
    for (int i = 0; i < 1000; i++) {
      System.arraycopy(ping, 0, thousand, i * ping.length, ping.length);
    }
    assertEnds(
        ANSWERS,
        Http2Config.DEFAULT.withMaxControlFrames(Integer.MAX_VALUE),
        (client, i) -> client.send(thousand));
  }

  /** Follows TestServer_Rejects_Too_Many_Streams: one more than allowed can be tried again. */
  @Test
  void requestsBeyondTheLimitAreRefused() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Handler waits = (w, r) -> end.await();
    Http2Config limits = Http2Config.DEFAULT.withMaxConcurrentStreams(2);
    try (Server server = Fixture.start(Fixture.h2c(waits).http2(limits));
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "GET", "/", true);
      client.sendRequest(3, "GET", "/", true);
      client.sendRequest(5, "GET", "/", true);
      client.assertReset(5, FrameClient.REFUSED_STREAM);
      end.countDown();
      assertEquals(200, client.answer(1).status());
    } finally {
      end.countDown();
    }
  }

  /** A head that never ends is not kept. */
  @Test
  void continuedHeadsAreLimited() throws Exception {
    try (Server server = Fixture.start(Fixture.h2c(ANSWERS).maxHeaderBytes(1000));
        FrameClient client = new FrameClient(server.address())) {
      client.sendFrame(FrameClient.HEADERS, 0, 1, FrameClient.block(":method", "GET"));
      byte[] more = FrameClient.block("a", "x".repeat(10_000));
      try {
        for (int i = 0; i < 1000; i++) {
          client.sendFrame(FrameClient.CONTINUATION, 0, 1, more);
        }
      } catch (SocketException closed) {
        return; // before we looked
      }
      client.assertGoesAway(FrameClient.PROTOCOL_ERROR);
    }
  }
}
