package bench.servers;

import io.helidon.webserver.WebServer;

/** Helidon SE: a virtual thread for each connection, on as many carriers as the JVM is given. */
public final class Helidon {
  private Helidon() {}

  /**
   * Serves.
   *
   * @param args number of CPUs, which the JDK's scheduler is told, and port
   */
  public static void main(String[] args) {
    WebServer.builder()
        .host("127.0.0.1")
        .port(Integer.parseInt(args[1]))
        .routing(
            r ->
                r.get(
                        "/hello",
                        (req, res) ->
                            res.send("Hello, " + req.query().first("name").orElse("world") + "!"))
                    .get(
                        "/slow",
                        (req, res) -> {
                          Thread.sleep(10);
                          res.send("slow");
                        }))
        .build()
        .start();
  }
}
