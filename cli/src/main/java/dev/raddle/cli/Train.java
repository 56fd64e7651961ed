package dev.raddle.cli;

import static dev.raddle.Go.after;
import static dev.raddle.Go.go;
import static dev.raddle.Go.select;
import static dev.raddle.Go.sleep;

import dev.raddle.Chan;
import dev.raddle.http.ServeMux;
import dev.raddle.http.Server;
import dev.raddle.sync.WaitGroup;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What an AOT cache is trained on: a short tour of what programs use, without side effects. A
 * user's own program would be run twice by training.
 */
public final class Train {
  private Train() {}

  /** Run by {@link Exec}, as every program is. */
  public static void main(String[] args) throws Exception {
    // JDK 25 leaves a class that was never linked out of the cache, but not the lambdas inside it,
    // and crashes on those when it loads the cache. Lambdas of this one come with a spliterator.
    Class.forName("java.util.stream.StreamSpliterators");
    Chan<Integer> numbers = Chan.make(4);
    var group = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      int n = i;
      group.go(() -> numbers.send(n));
    }
    go(
        () -> {
          group.await();
          numbers.close();
        });
    int sum = 0;
    for (int n : numbers) {
      sum += n;
    }
    String end =
        select(numbers.onReceive(r -> "closed"), after(Duration.ofSeconds(1), () -> "timeout"));
    sleep(Duration.ofMillis(1));
    hello();
    System.out.println(sum + " " + end);
  }

  private static void hello() throws Exception {
    var mux = new ServeMux();
    mux.handleFunc("/hello", (w, r) -> w.write("Hello, " + r.query("name") + "!"));
    try (var server = Server.builder().addr("127.0.0.1:0").handler(mux).build()) {
      server.start();
      try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
        for (String path : new String[] {"/hello?name=a", "/other"}) {
          String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
          socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
          if (socket.getInputStream().read(new byte[1024]) <= 0) {
            throw new IOException("no answer");
          }
        }
      }
    }
  }
}
