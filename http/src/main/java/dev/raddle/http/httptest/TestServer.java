package dev.raddle.http.httptest;

import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.Client;
import dev.raddle.http.Handler;
import dev.raddle.http.Server;
import dev.raddle.http.ServerBuilder;
import dev.raddle.http.Transport;
import dev.raddle.net.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * A server on a free port of this machine, and a client for it: Go's {@code httptest.Server}.
 *
 * <pre>{@code
 * try (TestServer server = TestServer.start(handler)) {
 *   String text = Http.get(server.url() + "/hello").text();
 * }
 * }</pre>
 */
public final class TestServer implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Server server;
  private final Transport transport = Transport.builder().proxy(request -> null).build();
  private final Client client = Client.builder().transport(transport).build();

  private TestServer(Server server) {
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @param handler what answers
   * @return the server; the caller closes it
   * @throws IOException if there is no free port
   */
  public static TestServer start(Handler handler) throws IOException {
    return start(Server.builder().handler(handler));
  }

  /**
   * Starts a server.
   *
   * @param builder all but its address
   * @return the server; the caller closes it
   * @throws IOException if there is no free port
   */
  public static TestServer start(ServerBuilder builder) throws IOException {
    Server server = builder.addr("127.0.0.1:0").build();
    server.start();
    return new TestServer(server);
  }

  /**
   * Returns where the server is.
   *
   * @return {@code http://127.0.0.1:port}, without a slash at the end
   */
  public String url() {
    return "http://" + HostPort.of(server.address());
  }

  /**
   * Returns the server itself.
   *
   * @return the server
   */
  public Server server() {
    return server;
  }

  /**
   * Returns a client whose connections {@link #close} closes.
   *
   * @return the client
   */
  public Client client() {
    return client;
  }

  /** Closes idle connections, waits up to five seconds for requests, and closes the rest. */
  @Override
  public void close() throws IOException {
    transport.close();
    try (CancelContext patience = Context.background().withTimeout(PATIENCE)) {
      server.shutdown(patience);
    } catch (CanceledException late) {
      // Those that are left are closed below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
    }
  }
}
