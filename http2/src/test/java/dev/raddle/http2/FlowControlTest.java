package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Http2Config;
import dev.raddle.http.Server;
import dev.raddle.http.ServerBuilder;
import dev.raddle.http2.FrameClient.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows in both directions, and who does not move them. Follows Go's http2/server_test.go. */
@Timeout(60)
class FlowControlTest {
  private static final int FRAME_BYTES = 16_384;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  /** Follows TestServer_Response_LargeWrite_FlowControlled: no byte more than the windows allow. */
  @Test
  void aResponseWaitsForTheWindowOfItsStream() throws Exception {
    Handler handler = (w, r) -> w.write("0123456789");
    try (Server server = Fixture.start(Fixture.h2c(handler));
        FrameClient client =
            new FrameClient(server.address(), FrameClient.INITIAL_WINDOW_SIZE, 3)) {
      client.sendRequest(1, "GET", "/", true);
      assertEquals("012", client.next(FrameClient.DATA).text());
      client.sendSettings(FrameClient.INITIAL_WINDOW_SIZE, 0); // minus three for this stream
      client.sendWindowUpdate(1, 3);
      client.sendRequest(3, "HEAD", "/", true); // needs no window
      Frame head = client.next(FrameClient.HEADERS);
      assertEquals(3, head.streamId());
      client.sendWindowUpdate(1, 4);
      assertEquals("3456", client.next(FrameClient.DATA).text());
      client.sendSettings(FrameClient.INITIAL_WINDOW_SIZE, 100);
      Frame rest = client.next(FrameClient.DATA);
      assertEquals("789", rest.text());
      assertTrue(rest.has(FrameClient.END_STREAM));
    }
  }

  /** One that takes nothing of a stream does not stop the others; the connection's window does. */
  @Test
  void streamsShareTheWindowOfTheConnection() throws Exception {
    Handler handler = (w, r) -> w.write("x".repeat(100_000));
    try (Server server = Fixture.start(Fixture.h2c(handler));
        FrameClient client =
            new FrameClient(server.address(), FrameClient.INITIAL_WINDOW_SIZE, 1 << 20)) {
      client.sendRequest(1, "GET", "/", true);
      int got = 0;
      while (got < Flow.DEFAULT_WINDOW_BYTES) {
        Frame frame = client.next(FrameClient.DATA);
        assertTrue(frame.payload().length <= FRAME_BYTES);
        got += frame.payload().length;
      }
      assertEquals(Flow.DEFAULT_WINDOW_BYTES, got);
      client.sendWindowUpdate(0, 1 << 20);
      while (got < 100_000) {
        got += client.next(FrameClient.DATA).payload().length;
      }
      assertEquals(100_000, client.get(3, "/").body().length());
    }
  }

  /** Follows TestServer_Handler_Sends_WindowUpdate: what is read is given back, on both levels. */
  @Test
  void aBodyMovesTheWindowsAsItIsRead() throws Exception {
    BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
    Handler handler =
        (w, r) -> {
          for (int n = lengths.take(); n > 0; n = lengths.take()) {
            assertEquals(n, r.body().readNBytes(n).length);
            seen.add("read");
          }
        };
    Http2Config limits = Http2Config.DEFAULT.withMaxReceiveBuffers(100_000, 1000);
    try (Server server = Fixture.start(Fixture.h2c(handler).http2(limits));
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "POST", "/", false);
      client.next(FrameClient.WINDOW_UPDATE); // of the connection, as a greeting
      client.sendData(1, "x".repeat(600), false);
      lengths.add(400);
      assertEquals("read", seen()); // less than half: no update
      lengths.add(100);
      Frame update = client.next(FrameClient.WINDOW_UPDATE);
      assertEquals(1, update.streamId());
      assertEquals(500, update.error()); // four bytes, as an error has
      lengths.add(0);
      assertEquals(200, client.answer(1).status());
    }
  }

  /** RFC 9113, 6.9.1: who sends more than allowed is reset, or loses the connection. */
  @Test
  void windowsAreNotExceeded() throws Exception {
    Handler handler = (w, r) -> r.context().done().recv();
    Http2Config limits = Http2Config.DEFAULT.withMaxReceiveBuffers(100_000, 70_000);
    try (Server server = Fixture.start(Fixture.h2c(handler).http2(limits));
        FrameClient client = new FrameClient(server.address())) {
      client.next(FrameClient.SETTINGS);
      client.sendRequest(1, "POST", "/", false);
      String part = "x".repeat(14_000);
      for (int i = 0; i < 5; i++) {
        client.sendData(1, part, false);
      }
      client.sendData(1, "x", false);
      client.assertReset(1, FrameClient.FLOW_CONTROL_ERROR);
      client.sendRequest(3, "POST", "/", false);
      client.sendRequest(5, "POST", "/", false);
      for (int i = 0; i < 8; i++) {
        client.sendData(i % 2 == 0 ? 3 : 5, part, false);
      }
      client.assertGoesAway(FrameClient.FLOW_CONTROL_ERROR);
    }
  }

  /** RFC 9113, 6.9: an error of the stream, also when it has been answered in the meantime. */
  @Test
  void aWindowMovesBySomething() throws Exception {
    try (Server server = Fixture.start(Fixture.h2c((w, r) -> w.write("answered")));
        FrameClient client = new FrameClient(server.address())) {
      assertEquals("answered", client.get(1, "/").body());
      client.sendWindowUpdate(1, 0);
      client.assertReset(1, FrameClient.PROTOCOL_ERROR);
    }
  }

  /** Follows TestUnreadFlowControlReturned_Server: nothing is lost of the connection's window. */
  @Test
  void whatIsNotReadIsGivenBackToTheConnection() throws Exception {
    Handler handler = (w, r) -> {};
    Http2Config limits = Http2Config.DEFAULT.withMaxReceiveBuffers(65_535, 65_535);
    try (Server server = Fixture.start(Fixture.h2c(handler).http2(limits));
        FrameClient client = new FrameClient(server.address())) {
      for (int id = 1; id < 80; id += 2) {
        client.sendRequest(id, "POST", "/", false);
        client.sendData(id, "x".repeat(10_000), true);
        assertEquals(200, client.answer(id).status());
      }
    }
  }

  /** A client that does not read holds its handler for no longer than the server's patience. */
  @Test
  void aResponseThatStandsStillIsGivenUp() throws Exception {
    Handler handler =
        (w, r) -> {
          UncheckedIOException e =
              assertThrows(UncheckedIOException.class, () -> w.write("x".repeat(100_000)));
          seen.add(String.valueOf(e.getMessage()));
        };
    ServerBuilder builder = Fixture.h2c(handler).stallTimeout(Duration.ofMillis(50));
    try (Server server = Fixture.start(builder);
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "GET", "/", true);
      client.assertReset(1, FrameClient.CANCEL);
      assertTrue(seen().contains("took nothing of the response for 50 ms"));
    }
  }

  /** Nor does one that stops in the middle of a body. */
  @Test
  void aBodyThatStandsStillIsGivenUp() throws Exception {
    Handler handler =
        (w, r) ->
            seen.add(
                String.valueOf(
                    assertThrows(IOException.class, () -> r.body().read()).getMessage()));
    ServerBuilder builder = Fixture.h2c(handler).stallTimeout(Duration.ofMillis(50));
    try (Server server = Fixture.start(builder);
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "POST", "/", false);
      client.assertReset(1, FrameClient.CANCEL);
      assertTrue(seen().contains("nothing came of the request's body for 50 ms"));
    }
  }
}
