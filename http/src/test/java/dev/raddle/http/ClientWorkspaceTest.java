package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport's buffers and parsers go from one connection to the next. */
@Timeout(60)
class ClientWorkspaceTest {
  private static final int USERS = 24;
  private static final int ROUNDS = 60;

  private static void echo(ResponseWriter w, Request r) throws IOException {
    w.write(r.body().readAllBytes());
  }

  /** Bodies of all lengths, read whole, in part, and cancelled: each gets its own back. */
  @Test
  void nothingOfOneConnectionEndsUpWithAnother() throws Exception {
    try (TestServer server = TestServer.start(ClientWorkspaceTest::echo);
        Transport transport = Transport.builder().proxy(r -> null).build();
        ExecutorService users = Executors.newFixedThreadPool(USERS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        int id = i;
        all.add(
            users.submit(
                () -> {
                  for (int j = 0; j < ROUNDS; j++) {
                    ask(transport, server.url(), id, j);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void ask(Transport transport, String url, int id, int round) throws IOException {
    byte[] body =
        ("<" + id + " " + round + ">").repeat(round * round).getBytes(StandardCharsets.UTF_8);
    try (CancelContext context = Context.background().withCancel()) {
      Request request =
          Request.to("POST", url)
              .context(context)
              .body(new ByteArrayInputStream(body), round % 2 == 0 ? body.length : -1)
              .build();
      try (Response response = transport.roundTrip(request);
          InputStream in = response.body()) {
        int part = round % 5 == 4 ? body.length / 2 : body.length;
        String got = new String(in.readNBytes(part), StandardCharsets.UTF_8);
        assertEquals(new String(body, 0, part, StandardCharsets.UTF_8), got);
        if (round % 7 == 6) {
          context.cancel();
        }
        if (part == body.length && round % 7 != 6) {
          assertEquals(-1, in.read());
        }
      }
    }
  }
}
