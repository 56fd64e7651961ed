package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Headers;
import dev.raddle.http.Response;
import dev.raddle.http.httputil.ReverseProxy;
import dev.raddle.http2.Pair.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A proxy with one protocol in front and one behind. Follows httputil/reverseproxy_test.go, which
 * has HTTP/1 on both sides.
 */
@Timeout(60)
class ModesProxyTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  private interface Talk {
    void with(Pair front, Pair back) throws Exception;
  }

  private static void serve(Mode inFront, Mode behind, Handler handler, Talk talk)
      throws Exception {
    try (Pair back = Pair.ofTransport(behind, handler, t -> t.disableCompression());
        Pair front =
            Pair.of(
                inFront,
                ReverseProxy.to(back.url())
                    .transport(back.transport)
                    .flushInterval(Duration.ofNanos(-1))
                    .errorHandler((w, r, e) -> w.writeHeader(502)))) {
      talk.with(front, back);
    }
  }

  /** Follows TestReverseProxy and Test1xxResponses: head, hints, body, trailers. */
  @ParameterizedTest
  @CsvSource({"HTTP1,H2", "H2,HTTP1", "H2,H2", "H2C,H2C"})
  void allOfAResponsePasses(Mode inFront, Mode behind) throws Exception {
    Handler handler =
        (w, r) -> {
          seen.add(r.proto() + " " + r.header("X-Forwarded-For") + r.header("Connection"));
          w.header().set("Link", "</style.css>; rel=preload");
          w.writeHeader(103);
          w.header().set("Trailer", "X-Trailer");
          w.header().set("X-Foo", "bar");
          w.writeHeader(418);
          w.write("hi, ");
          w.write(Fixture.read(r) + r.trailer().get("X-Sum"));
          w.header().set("X-Trailer", "value");
          w.header().set("Trailer:X-Unannounced", "another");
        };
    serve(
        inFront,
        behind,
        handler,
        (front, back) -> {
          List<Integer> hints = new ArrayList<>();
          Headers trailer = new Headers();
          trailer.set("X-Sum", "6");
          var body = new ByteArrayInputStream("body".getBytes(StandardCharsets.UTF_8));
          try (Response response =
              front.send(
                  front
                      .to("POST", "/")
                      .body(body, -1)
                      .trailer(trailer)
                      .got1xxResponse((status, headers) -> hints.add(status)))) {
            assertEquals(418, response.status());
            assertEquals("bar", response.header("X-Foo"));
            assertEquals("hi, body6", response.text());
            assertEquals("value", response.trailer().get("X-Trailer"));
            assertEquals("another", response.trailer().get("X-Unannounced"));
          }
          assertEquals(List.of(103), hints);
          assertEquals(behind.proto() + " 127.0.0.1", seen());
        });
  }

  /** Follows TestReverseProxyFlushIntervalHeaders; larger than the windows. */
  @ParameterizedTest
  @CsvSource({"HTTP1,H2", "H2,HTTP1", "H2,H2", "H2C,H2C"})
  void largeBodiesPass(Mode inFront, Mode behind) throws Exception {
    Handler echo =
        (w, r) -> {
          byte[] all = r.body().readAllBytes();
          for (int i = 0; i < all.length; i += 10_000) {
            w.write(all, i, Math.min(10_000, all.length - i));
          }
        };
    serve(
        inFront,
        behind,
        echo,
        (front, back) -> {
          byte[] bytes = new byte[2 << 20];
          new Random(4).nextBytes(bytes);
          try (Response response = front.send(front.to("POST", "/").body(bytes))) {
            assertArrayEquals(bytes, response.body().readAllBytes());
          }
        });
  }

  /** Follows TestReverseProxyCancellation: who gives up in front ends the request behind. */
  @ParameterizedTest
  @CsvSource({"HTTP1,H2", "H2,HTTP1", "H2,H2", "H2C,H2C"})
  void theEndOfARequestPasses(Mode inFront, Mode behind) throws Exception {
    Handler handler =
        (w, r) -> {
          w.write("begun");
          w.flush();
          r.context().done().recv();
          seen.add("ended");
        };
    serve(
        inFront,
        behind,
        handler,
        (front, back) -> {
          try (Response response = front.get("/")) {
            assertEquals(
                "begun", new String(response.body().readNBytes(5), StandardCharsets.UTF_8));
          }
          assertEquals("ended", seen());
        });
  }

  /** Follows TestReverseProxy_CopyBuffer's and TestReverseProxyErrorHandler's broken backends. */
  @ParameterizedTest
  @CsvSource({"HTTP1,H2", "H2,HTTP1", "H2,H2", "H2C,H2C"})
  void aFailureBehindIsOneInFront(Mode inFront, Mode behind) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/late")) {
            w.write("half");
            w.flush();
          }
          throw new IllegalStateException("intended");
        };
    serve(
        inFront,
        behind,
        handler,
        (front, back) -> {
          try (Response response = front.get("/at-once")) {
            assertEquals(502, response.status());
          }
          try (Response response = front.get("/late")) {
            assertEquals("half", new String(response.body().readNBytes(4), StandardCharsets.UTF_8));
            assertThrows(IOException.class, () -> response.body().read());
          }
          assertTrue(back.log.lines.size() >= 1);
        });
  }

  /** Follows TestBidiStreamReverseProxy, which HTTP/1 cannot: each piece comes back at once. */
  @ParameterizedTest
  @CsvSource({"H2,H2", "H2C,H2C"})
  void bothDirectionsFlowAtTheSameTime(Mode inFront, Mode behind) throws Exception {
    Handler echo =
        (w, r) -> {
          byte[] piece = new byte[100];
          for (int n = r.body().read(piece); n >= 0; n = r.body().read(piece)) {
            w.write(piece, 0, n);
            w.flush();
          }
        };
    serve(
        inFront,
        behind,
        echo,
        (front, back) -> {
          Feed feed = new Feed();
          feed.send("0");
          try (Response response = front.send(front.to("PUT", "/").body(feed, -1))) {
            for (int i = 0; i < 5; i++) {
              assertEquals('0' + i, response.body().read());
              feed.send(Integer.toString(i + 1));
            }
            feed.end();
            assertEquals("5", response.text());
          }
        });
  }
}
