package bench.servers;

import dev.raddle.Go;
import dev.raddle.http.Http;
import dev.raddle.http.Server;
import dev.raddle.runtime.Mode;
import java.time.Duration;

/** Ours. */
public final class Raddle {
  private Raddle() {}

  /**
   * Serves.
   *
   * @param args number of Ps, perhaps {@code h2c}, and port
   */
  public static void main(String[] args) throws Exception {
    if (Mode.current() == Mode.OWN) {
      Go.gomaxprocs(Integer.parseInt(args[0])); // the JDK's has a property of its own
    }
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
    String address = "127.0.0.1:" + args[args.length - 1];
    if (args[1].equals("h2c")) {
      Server.builder().addr(address).h2c(true).build().listenAndServe();
    } else {
      Http.listenAndServe(address, null);
    }
  }
}
