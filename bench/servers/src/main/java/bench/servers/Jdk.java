package bench.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** The JDK's own server, a virtual thread for each request. */
public final class Jdk {
  private Jdk() {}

  /**
   * Serves.
   *
   * @param args number of CPUs, which the JDK's scheduler is told, and port
   */
  public static void main(String[] args) throws IOException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    HttpServer server = HttpServer.create(address, 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/hello", x -> answer(x, "Hello, " + name(x) + "!"));
    server.createContext("/slow", Jdk::slow);
    server.start();
  }

  private static void slow(HttpExchange x) throws IOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answer(x, "slow");
  }

  private static String name(HttpExchange x) {
    String query = x.getRequestURI().getRawQuery();
    return query != null && query.startsWith("name=")
        ? URLDecoder.decode(query.substring("name=".length()), StandardCharsets.UTF_8)
        : "world";
  }

  private static void answer(HttpExchange x, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    x.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    x.sendResponseHeaders(200, body.length);
    x.getResponseBody().write(body);
    x.close();
  }
}
