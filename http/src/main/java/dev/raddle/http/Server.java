package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import dev.raddle.net.NetException;
import dev.raddle.net.tls.Tls;
import dev.raddle.net.tls.TlsConfig;
import dev.raddle.sync.Pool;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server: Go's {@code http.Server}. One goroutine accepts, each connection has one more.
 *
 * <pre>{@code
 * try (Server server = Server.builder().addr("127.0.0.1:0").handler(mux).build()) {
 *   server.start();
 *   use(server.address());
 * }
 * }</pre>
 */
public final class Server implements Closeable {
  private static final long FIRST_LOOK_MILLIS = 1;
  private static final long LAST_LOOK_MILLIS = 500; // Go's shutdownPollIntervalMax
  private static final long SILENT_NANOS = 5_000_000_000L; // Go's: new, and silent for so long

  private final ServerConfig config;
  private final Pool<Workspace> workspaces;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final List<Runnable> shutdownHooks = new CopyOnWriteArrayList<>();
  private final AtomicInteger serving = new AtomicInteger(); // loops that accept
  private volatile boolean shuttingDown;
  private volatile boolean closed;
  private volatile boolean keepAlives = true;
  private volatile @Nullable InetSocketAddress address;

  Server(ServerConfig config) {
    this.config = config;
    workspaces = new Pool<>(() -> new Workspace(config));
  }

  /**
   * Starts a description of a server.
   *
   * @return a builder with Go's defaults
   */
  public static ServerBuilder builder() {
    return new ServerBuilder();
  }

  /**
   * Listens on the configured address and serves, on the calling goroutine or thread, until {@link
   * #close} or {@link #shutdown}. Interrupting the caller closes the listener, too.
   *
   * @throws NetException if the address cannot be listened on
   * @throws IOException if accepting breaks down for good
   * @throws IllegalStateException if the server has been closed
   */
  public void listenAndServe() throws IOException {
    serve(listen(":http"));
  }

  /**
   * Listens on the configured address and serves on a goroutine of its own. Returns when clients
   * can connect; {@link #address} is known then. Goroutines do not keep the JVM alive: {@link
   * #listenAndServe} on the main thread does.
   *
   * @throws NetException if the address cannot be listened on
   * @throws IllegalStateException if the server has been closed
   */
  public void start() throws IOException {
    serveInBackground(listen(":http"));
  }

  /**
   * Serves connections of a listener, on the calling goroutine or thread, until {@link #close} or
   * {@link #shutdown}, which close the listener too. Go: {@code Server.Serve}.
   *
   * @param listener where connections come from
   * @throws IOException if accepting breaks down for good, or the listener is closed by somebody
   *     else
   * @throws IllegalStateException if the server has been closed
   */
  public void serve(Listener listener) throws IOException {
    serving.incrementAndGet();
    try {
      register(listener);
      acceptAll(listener);
    } finally {
      serving.decrementAndGet();
    }
  }

  /** The listener counts as served before the goroutine runs: a shutdown waits for it. */
  private void serveInBackground(Listener listener) {
    serving.incrementAndGet();
    Go.go(
        () -> {
          try {
            acceptAll(listener);
          } finally {
            serving.decrementAndGet();
          }
        });
  }

  private void acceptAll(Listener listener) throws IOException {
    Context base = config.baseContext.apply(listener);
    try (listener) {
      while (true) {
        Conn conn = listener.accept();
        Context own = config.connContext == null ? base : config.connContext.apply(base, conn);
        ServerConnection connection = new ServerConnection(this, conn, own);
        connections.add(connection);
        if (closed) {
          connection.close(); // close() may have looked before it was added
        }
        Go.go(connection);
      }
    } catch (IOException e) {
      if (!shuttingDown) {
        throw e;
      }
    } finally {
      listeners.remove(listener);
    }
  }

  /**
   * As {@link #serve}, with TLS on each connection, as {@link ServerBuilder#tlsConfig} says. The
   * handshake is part of the time for the first head. Go: {@code Server.ServeTLS}.
   *
   * @param listener where connections come from
   * @throws IOException as {@link #serve}
   * @throws IllegalStateException as {@link #serve}, or if there is no configuration of TLS
   */
  public void serveTLS(Listener listener) throws IOException {
    serve(Tls.newListener(listener, tls()));
  }

  /**
   * As {@link #listenAndServe}, with TLS. Go: {@code Server.ListenAndServeTLS}.
   *
   * @throws IOException as {@link #listenAndServe}
   * @throws IllegalStateException as {@link #serveTLS}
   */
  public void listenAndServeTLS() throws IOException {
    TlsConfig tls = tls();
    serve(Tls.newListener(listen(":https"), tls));
  }

  /**
   * As {@link #start}, with TLS.
   *
   * @throws IOException as {@link #start}
   * @throws IllegalStateException as {@link #serveTLS}
   */
  public void startTLS() throws IOException {
    TlsConfig tls = tls();
    serveInBackground(Tls.newListener(listen(":https"), tls));
  }

  private TlsConfig tls() {
    TlsConfig tls = config.tls;
    if (tls == null) {
      throw new IllegalStateException(
          "http: expected a server with a tlsConfig, found one without");
    }
    return tls;
  }

  /**
   * Returns the address of the listener that was added last.
   *
   * @return address and port, the real one if 0 was asked for
   * @throws IllegalStateException if the server has not been started
   */
  public InetSocketAddress address() {
    InetSocketAddress known = address;
    if (known == null) {
      throw new IllegalStateException(
          "server address: expected a server that was started, found one that was not");
    }
    return known;
  }

  /**
   * Stops in good order: closes the listeners and waits until nobody accepts on them, closes
   * connections that are idle, and waits until the others have answered the request they are at;
   * each closes then. New connections that have been silent for five seconds are closed, too.
   * Hijacked ones are not waited for. Go: {@code Server.Shutdown}.
   *
   * @param context how long to wait; when it ends, connections go on as they are
   * @throws CanceledException if the context ended first
   * @throws InterruptedException if the caller is interrupted while it waits
   * @throws IOException if a listener reports an error; the shutdown is done anyway
   */
  public void shutdown(Context context) throws IOException, InterruptedException {
    shuttingDown = true;
    IOException failure = closeListeners();
    for (Runnable hook : shutdownHooks) {
      Go.go(hook::run);
    }
    long start = System.nanoTime();
    long pause = FIRST_LOOK_MILLIS;
    while (serving.get() > 0 || !closeIdle(System.nanoTime() - start >= SILENT_NANOS)) {
      boolean ended =
          Go.select(
              context.done().onRecv(nothing -> true),
              Go.after(Duration.ofMillis(pause), () -> false));
      if (ended) {
        CanceledException why = context.err();
        throw why != null ? why : new IllegalStateException("context done without an error");
      }
      pause = Math.min(pause * 2, LAST_LOOK_MILLIS);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Adds something for {@link #shutdown} to start on a goroutine, such as telling hijacked
   * connections to end. Go: {@code RegisterOnShutdown}.
   *
   * @param hook not waited for
   */
  public void registerOnShutdown(Runnable hook) {
    shutdownHooks.add(hook);
  }

  /**
   * Says whether connections may serve another request. They do by default; after a change to no,
   * idle ones are closed. Go: {@code SetKeepAlivesEnabled}.
   *
   * @param enabled false for one request a connection
   */
  public void setKeepAlivesEnabled(boolean enabled) {
    keepAlives = enabled;
    if (!enabled) {
      closeIdle(false);
    }
  }

  /**
   * Stops at once: closes the listeners and all connections, also those that are being served. Does
   * not wait for handlers; a handler that reads or writes gets an error. A second call does
   * nothing. Go: {@code Server.Close}.
   *
   * @throws IOException if a listener reports an error; everything is closed anyway
   */
  @Override
  public void close() throws IOException {
    shuttingDown = true;
    closed = true;
    IOException failure = closeListeners();
    for (ServerConnection connection : connections) {
      connection.close();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable IOException closeListeners() {
    IOException failure = null;
    for (Listener listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    return failure;
  }

  /** Says whether there is no connection any more. */
  private boolean closeIdle(boolean newToo) {
    boolean none = true;
    for (ServerConnection connection : connections) {
      none &= connection.closeIfIdle(newToo);
    }
    return none;
  }

  private Listener listen(String standard) throws IOException {
    checkOpen();
    Listener listener = Net.listen("tcp", config.addr.isEmpty() ? standard : config.addr);
    register(listener);
    return listener;
  }

  private void register(Listener listener) throws IOException {
    address = listener.address();
    listeners.add(listener);
    if (shuttingDown) {
      listener.close();
      checkOpen();
    }
  }

  private void checkOpen() {
    if (shuttingDown) {
      throw new IllegalStateException("http: Server closed");
    }
  }

  Handler handlerFor(Request request) {
    return config.generalOptions
            && request.requestUri().equals("*")
            && request.method().equals(Http.METHOD_OPTIONS)
        ? Server::answerOptions
        : config.handler;
  }

  /** {@code OPTIONS *} asks about the server as a whole; Go answers without asking the handler. */
  private static void answerOptions(ResponseWriter w, Request r) {
    w.header().set("Content-Length", "0");
  }

  ServerConfig config() {
    return config;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isShuttingDown() {
    return shuttingDown;
  }

  boolean keepsAlive() {
    return keepAlives && !shuttingDown;
  }

  Pool<Workspace> workspaces() {
    return workspaces;
  }

  void forget(ServerConnection connection) {
    connections.remove(connection);
  }
}
