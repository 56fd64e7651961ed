package dev.raddle.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;

/** The JDK's HTTP client and server, both on goroutines. */
class HttpClientTest {
  private interface WithServer {
    void run(HttpClient client, URI uri) throws Exception;
  }

  private static void on(On on, WithServer test) throws Exception {
    on.run(
        () -> {
          var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
          HttpServer server = HttpServer.create(address, 50);
          try (ExecutorService handlers = Scheduler.current().executor();
              HttpClient client = HttpClient.newHttpClient()) {
            server.setExecutor(handlers);
            server.createContext(
                "/echo",
                exchange -> {
                  byte[] body = exchange.getRequestBody().readAllBytes();
                  Go.gosched();
                  exchange.sendResponseHeaders(200, body.length);
                  exchange.getResponseBody().write(body);
                  exchange.close();
                });
            var end = new CountDownLatch(1);
            server.createContext(
                "/never",
                exchange -> {
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  exchange.close();
                });
            server.start();
            var bound = server.getAddress();
            test.run(
                client,
                URI.create("http://" + bound.getHostString() + ":" + bound.getPort() + "/"));
            end.countDown();
            server.stop(0);
          }
        });
  }

  private static HttpRequest.Builder echo(URI uri, int i) {
    return HttpRequest.newBuilder(uri.resolve("echo"))
        .timeout(On.LIMIT)
        .POST(HttpRequest.BodyPublishers.ofString("number " + i));
  }

  @OnEach
  void send(On on) throws Exception {
    on(
        on,
        (client, uri) ->
            On.all(
                20,
                i -> {
                  for (int r = 0; r < 5; r++) {
                    var response = client.send(echo(uri, i).build(), BodyHandlers.ofString(UTF_8));
                    assertEquals(200, response.statusCode());
                    assertEquals("number " + i, response.body());
                  }
                }));
  }

  @OnEach
  void sendAsync(On on) throws Exception {
    on(
        on,
        (client, uri) ->
            On.all(
                20,
                i ->
                    assertEquals(
                        "number " + i,
                        client
                            .sendAsync(echo(uri, i).build(), BodyHandlers.ofString(UTF_8))
                            .thenApply(response -> response.body())
                            .get(On.LIMIT_SECONDS, SECONDS))));
  }

  @OnEach
  void aRequestTimesOut(On on) throws Exception {
    on(
        on,
        (client, uri) -> {
          var request =
              HttpRequest.newBuilder(uri.resolve("never")).timeout(Duration.ofMillis(50)).build();
          assertThrows(
              HttpTimeoutException.class, () -> client.send(request, BodyHandlers.discarding()));
        });
  }
}
