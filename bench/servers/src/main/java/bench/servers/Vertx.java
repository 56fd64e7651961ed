package bench.servers;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** Vert.x: an instance of the server for each event loop, on Netty's epoll. */
@SuppressWarnings("FutureReturnValueIgnored") // a server that does not start is seen by who asks
public final class Vertx {
  private Vertx() {}

  /**
   * Serves.
   *
   * @param args number of event loops, perhaps {@code h2c}, which it takes anyway, and port
   */
  public static void main(String[] args) {
    int loops = Integer.parseInt(args[0]);
    int port = Integer.parseInt(args[args.length - 1]);
    var options = new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true);
    io.vertx.core.Vertx.vertx(options)
        .deployVerticle(() -> new Server(port), new DeploymentOptions().setInstances(loops));
  }

  private static final class Server extends AbstractVerticle {
    private final int port;

    Server(int port) {
      this.port = port;
    }

    @Override
    public void start() {
      vertx
          .createHttpServer(new HttpServerOptions().setAcceptBacklog(4096))
          .requestHandler(this::handle)
          .listen(port, "127.0.0.1");
    }

    private void handle(HttpServerRequest request) {
      if ("/slow".equals(request.path())) {
        vertx.setTimer(10, id -> request.response().end("slow"));
      } else {
        String name = request.getParam("name");
        request.response().end("Hello, " + (name == null ? "world" : name) + "!");
      }
    }
  }
}
