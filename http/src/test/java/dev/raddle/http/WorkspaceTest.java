package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers and parsers go from one connection to the next. */
@Timeout(60)
class WorkspaceTest {
  private static final int CLIENTS = 24;
  private static final int ROUNDS = 40;

  private static void echo(ResponseWriter w, Request r) throws IOException {
    if (r.path().equals("/watched")) {
      r.context(); // a second goroutine reads ahead
    }
    byte[] body = r.body().readAllBytes();
    w.header().set("Content-Length", Integer.toString(body.length));
    w.write(body);
  }

  /** Bodies of all lengths, alone and pipelined, watched and not: each gets its own back. */
  @Test
  void nothingOfOneConnectionEndsUpWithAnother() throws Exception {
    try (TestServer server = TestServer.start(WorkspaceTest::echo);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int id = i;
        all.add(
            clients.submit(
                () -> {
                  talk(server, id);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void talk(TestServer server, int id) throws IOException {
    try (RawClient client = new RawClient(server.server().address())) {
      for (int i = 0; i < ROUNDS; i++) {
        String first = ("<" + id + " " + i + ">").repeat(i * i);
        String second = ("[" + id + " " + i + "]").repeat(i);
        boolean pipelined = i % 3 == 0;
        String path = i % 5 == 4 ? "/watched" : "/";
        client.send(request(path, first) + (pipelined ? request("/", second) : ""));
        assertEquals(first, body(client.read(first.length())));
        if (pipelined) {
          assertEquals(second, body(client.read(second.length())));
        }
      }
    }
  }

  private static String request(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String body(String response) {
    return response.substring(response.indexOf("\r\n\r\n") + 4);
  }
}
