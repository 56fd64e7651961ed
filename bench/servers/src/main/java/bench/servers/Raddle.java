package bench.servers;

import dev.raddle.Go;
import dev.raddle.http.Http;
import java.time.Duration;

/** Ours. */
public final class Raddle {
  private Raddle() {}

  /**
   * Serves.
   *
   * @param args number of Ps and port
   */
  public static void main(String[] args) throws Exception {
    Go.gomaxprocs(Integer.parseInt(args[0]));
    Http.handleFunc(
        "/hello",
        (w, r) -> {
          String name = r.query("name");
          w.write("Hello, " + (name.isEmpty() ? "world" : name) + "!");
        });
    Http.handleFunc(
        "/slow",
        (w, r) -> {
          Go.sleep(Duration.ofMillis(10));
          w.write("slow");
        });
    Http.listenAndServe("127.0.0.1:" + args[1], null);
  }
}
