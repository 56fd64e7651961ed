package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.AbortHandlerException;
import dev.raddle.http.Handler;
import dev.raddle.http.ResponseController;
import dev.raddle.http.ServeMux;
import dev.raddle.http.Server;
import dev.raddle.http2.Fixture.LogLines;
import dev.raddle.http2.FrameClient.Answer;
import dev.raddle.http2.FrameClient.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler's doings become on the wire. Follows Go's http2/server_test.go. */
@Timeout(60)
class ResponseTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final LogLines log = new LogLines();

  private interface Talk {
    void with(FrameClient client) throws Exception;
  }

  private void serve(Handler handler, Talk talk) throws Exception {
    try (Server server = Fixture.start(Fixture.h2c(handler).errorLog(log));
        FrameClient client = new FrameClient(server.address())) {
      talk.with(client);
    }
  }

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  /** Follows TestServer_Response_NoData, _NoData_Header_FooBar and _Data_Sniff_DoesntOverride. */
  @Test
  void headsAreCompletedAsInHttp1() throws Exception {
    ServeMux mux = new ServeMux();
    mux.handleFunc("/empty", (w, r) -> w.header().set("Foo-Bar", "some-value"));
    mux.handleFunc("/text", (w, r) -> w.write("<html>hello"));
    mux.handleFunc(
        "/typed",
        (w, r) -> {
          w.header().set("Content-Type", "foo/bar");
          w.header().set("Transfer-Encoding", "chunked");
          w.header().set("Keep-Alive", "x");
          w.write("<html>");
        });
    mux.handleFunc(
        "/none",
        (w, r) -> {
          w.header().set("Content-Length", "3");
          w.writeHeader(204);
        });
    mux.handleFunc(
        "/undated",
        (w, r) -> {
          w.header().setAll("Date", List.of());
          w.writeHeader(299);
        });
    serve(
        mux,
        client -> {
          Answer empty = client.get(1, "/empty");
          assertEquals("0", empty.header("content-length"));
          assertEquals("some-value", empty.header("foo-bar"));
          assertTrue(empty.header("date").endsWith(" GMT"));
          assertFalse(empty.head().containsKey("content-type"));
          Answer text = client.get(3, "/text");
          assertEquals("text/html; charset=utf-8", text.header("content-type"));
          assertEquals("11", text.header("content-length"));
          assertEquals("<html>hello", text.body());
          Answer typed = client.get(5, "/typed");
          assertEquals("foo/bar", typed.header("content-type"));
          assertFalse(typed.head().containsKey("transfer-encoding"));
          assertFalse(typed.head().containsKey("keep-alive"));
          Answer none = client.get(7, "/none");
          assertEquals(204, none.status());
          assertFalse(none.head().containsKey("content-length"));
          Answer undated = client.get(9, "/undated");
          assertEquals(299, undated.status());
          assertFalse(undated.head().containsKey("date"));
          assertEquals(404, client.get(11, "/elsewhere").status());
        });
  }

  /** Follows TestServer_Response_... for HEAD: the head of the GET, and nothing else. */
  @Test
  void headHasNoBody() throws Exception {
    serve(
        (w, r) -> w.write(r.path().equals("/long") ? "x".repeat(10_000) : "short"),
        client -> {
          client.sendRequest(1, "HEAD", "/", true);
          Answer answer = client.answer(1);
          assertEquals("5", answer.header("content-length"));
          assertEquals("text/plain; charset=utf-8", answer.header("content-type"));
          assertEquals("", answer.body());
          client.sendRequest(3, "HEAD", "/long", true);
          assertEquals("", client.answer(3).body());
        });
  }

  /** Follows TestServer_Response_Header_Flush_MidWrite: what is flushed comes at once. */
  @Test
  void flushSendsWhatIsThere() throws Exception {
    BlockingQueue<String> go = new LinkedBlockingQueue<>();
    serve(
        (w, r) -> {
          w.flush();
          go.take();
          w.write("one");
          new ResponseController(w).flush();
          go.take();
          w.write("two");
        },
        client -> {
          client.sendRequest(1, "GET", "/", true);
          Map<String, String> head = client.decode(client.next(FrameClient.HEADERS));
          assertFalse(head.containsKey("content-length"));
          go.add("");
          assertEquals("one", client.next(FrameClient.DATA).text());
          go.add("");
          Frame last = client.next(FrameClient.DATA);
          assertEquals("two", last.text());
          assertTrue(last.has(FrameClient.END_STREAM));
        });
  }

  /** Follows TestServerWritesTrailers_WithFlush, _WithoutFlush and UndeclaredTrailers. */
  @Test
  void trailersFollowTheBody() throws Exception {
    serve(
        (w, r) -> {
          w.header().add("Trailer", "Announced, Absent");
          w.write("body");
          if (r.path().equals("/flush")) {
            w.flush();
          }
          w.header().set("Announced", "a");
          w.header().set("Trailer:Sudden", "b");
          w.header().set("Late", "c");
        },
        client -> {
          for (int id : new int[] {1, 3}) {
            Answer answer = client.get(id, id == 1 ? "/" : "/flush");
            assertEquals("Announced, Absent", answer.header("trailer"));
            assertEquals("body", answer.body());
            assertEquals(Map.of("announced", "a", "sudden", "b"), answer.trailer());
          }
        });
  }

  /** Follows TestServerSendsEarlyHints; 101 belongs to HTTP/1. */
  @Test
  void interimResponsesComeBefore() throws Exception {
    serve(
        (w, r) -> {
          w.header().set("Link", "</a>");
          w.writeHeader(103);
          assertThrows(IllegalArgumentException.class, () -> w.writeHeader(101));
          w.header().del("Link");
          w.write("done");
        },
        client -> {
          client.sendRequest(1, "GET", "/", true);
          Map<String, String> hints = client.decode(client.next(FrameClient.HEADERS));
          assertEquals(Map.of(":status", "103", "link", "</a>"), hints);
          Answer answer = client.answer(1);
          assertEquals("done", answer.body());
          assertEquals("", answer.header("link"));
        });
  }

  /** Follows TestServer_Response_ManyHeaders_With_Continuation. */
  @Test
  void aHeadThatIsLongerThanAFrameIsContinued() throws Exception {
    serve(
        (w, r) -> {
          for (int i = 0; i < 5000; i++) {
            w.header().set("H" + i, "v" + i);
          }
        },
        client -> {
          client.sendRequest(1, "GET", "/", true);
          Frame first = client.next(FrameClient.HEADERS);
          assertFalse(first.has(FrameClient.END_HEADERS));
          assertTrue(first.has(FrameClient.END_STREAM));
          Frame frame = first;
          while (!frame.has(FrameClient.END_HEADERS)) {
            assertTrue(frame.payload().length <= 16_384);
            frame = client.next();
            assertEquals(FrameClient.CONTINUATION, frame.type());
          }
        });
  }

  /** Follows Go's TestHandlerPanic and TestServer_... : INTERNAL_ERROR, one line, and go on. */
  @Test
  void aHandlerThatFailsResetsItsStream() throws Exception {
    serve(
        (w, r) -> {
          w.write("half");
          w.flush();
          if (r.path().equals("/abort")) {
            throw new AbortHandlerException();
          }
          if (r.path().equals("/fail")) {
            throw new IllegalStateException("intended");
          }
        },
        client -> {
          client.sendRequest(1, "GET", "/fail", true);
          client.assertReset(1, FrameClient.INTERNAL_ERROR);
          client.sendRequest(3, "GET", "/abort", true);
          client.assertReset(3, FrameClient.INTERNAL_ERROR);
          assertEquals("half", client.get(5, "/").body());
          assertEquals(1, log.lines.size(), log.lines.toString());
          assertTrue(log.lines.getFirst().startsWith("http: handler failed on GET /fail HTTP/2.0"));
        });
  }

  /** A response that is not what it promised is never complete. */
  @Test
  void aBodyThatIsShorterThanDeclaredIsReset() throws Exception {
    serve(
        (w, r) -> {
          w.header().set("Content-Length", "10");
          w.write("short");
        },
        client -> {
          client.sendRequest(1, "GET", "/", true);
          client.assertReset(1, FrameClient.INTERNAL_ERROR);
        });
  }

  /** A connection of others is not handed out. */
  @Test
  void theConnectionCannotBeTaken() throws Exception {
    serve(
        (w, r) -> {
          var controller = new ResponseController(w);
          assertThrows(UnsupportedOperationException.class, controller::hijack);
          controller.enableFullDuplex();
          w.write("still here");
        },
        client -> assertEquals("still here", client.get(1, "/").body()));
  }

  /** Follows TestServerHandlerConnectionClose: the stream is answered, the connection ends. */
  @Test
  void connectionCloseEndsTheConnectionInGoodOrder() throws Exception {
    serve(
        (w, r) -> {
          w.header().set("Connection", "close");
          w.write("bye");
        },
        client -> {
          Answer answer = client.get(1, "/");
          assertEquals("bye", answer.body());
          assertFalse(answer.head().containsKey("connection"));
          client.assertGoesAway(FrameClient.NO_ERROR);
        });
  }

  /** Follows TestServer_Response_... SetReadDeadline: the body ends, the response does not. */
  @Test
  void aReadDeadlineEndsTheBodyAlone() throws Exception {
    serve(
        (w, r) -> {
          new ResponseController(w).setReadDeadline(Instant.now());
          assertThrows(SocketTimeoutException.class, () -> r.body().read());
          w.write("late");
        },
        client -> {
          client.sendRequest(1, "POST", "/", false);
          assertEquals("late", client.answer(1).body());
        });
  }

  /** Follows TestServerWriteTimeout: the stream is reset, the others go on. */
  @Test
  void aWriteDeadlineResetsTheStream() throws Exception {
    serve(
        (w, r) -> {
          if (r.path().equals("/late")) {
            new ResponseController(w).setWriteDeadline(Instant.now());
            w.write("x");
            assertThrows(UncheckedIOException.class, w::flush);
            seen.add("failed");
          }
        },
        client -> {
          client.sendRequest(1, "GET", "/late", true);
          client.assertReset(1, FrameClient.INTERNAL_ERROR);
          assertEquals("failed", seen());
          assertEquals(200, client.get(3, "/").status());
        });
  }

  /** Follows TestServer_Response_RST_Unblocks_LargeWrite and _RSTStream_Unblocks_Read. */
  @Test
  void aResetEndsContextBodyAndResponse() throws Exception {
    serve(
        (w, r) -> {
          seen.add("started");
          r.context().done().recv();
          seen.add("context " + r.context().err());
          IOException read = assertThrows(IOException.class, () -> r.body().read());
          seen.add(String.valueOf(read.getMessage()));
          w.write("x");
          assertThrows(UncheckedIOException.class, w::flush);
          seen.add("written");
        },
        client -> {
          client.sendRequest(1, "POST", "/", false);
          assertEquals("started", seen());
          client.sendReset(1, FrameClient.CANCEL);
          assertTrue(seen().startsWith("context "));
          assertEquals("http2: stream reset by the client: CANCEL_STREAM_ERROR", seen());
          assertEquals("written", seen());
        });
  }

  /** Follows TestServer_DeadConn_Unblocks_Read and TestServer_HandlerWriteErrorOnDisconnect. */
  @Test
  void aClientThatLeavesEndsItsRequests() throws Exception {
    serve(
        (w, r) -> {
          seen.add("started");
          r.context().done().recv();
          assertThrows(IOException.class, () -> r.body().read());
          seen.add("ended");
        },
        client -> {
          client.sendRequest(1, "POST", "/", false);
          client.sendRequest(3, "POST", "/", false);
          assertEquals("started", seen());
          assertEquals("started", seen());
          client.close();
          assertEquals("ended", seen());
          assertEquals("ended", seen());
        });
  }

  /** An interrupted handler does not take the connection with it. */
  @Test
  void anInterruptHitsOneStream() throws Exception {
    serve(
        (w, r) -> {
          if (r.path().equals("/interrupted")) {
            w.write("x".repeat(100_000)); // more than the window: it waits, and writes no more
            Thread.currentThread().interrupt();
            w.flush();
          }
        },
        client -> {
          client.sendRequest(1, "GET", "/interrupted", true);
          assertEquals(100_000, client.answer(1).body().length());
          assertEquals(200, client.get(3, "/").status());
        });
  }
}
