package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import dev.raddle.net.NetException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final String addr;
  private final Handler handler;
  private final int maxHeaderBytes;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile @Nullable InetSocketAddress address;

  private Server(Builder builder) {
    addr = builder.addr;
    handler = builder.handler;
    maxHeaderBytes = builder.maxHeaderBytes;
  }

  /**
   * Starts a description of a server.
   *
   * @return a builder with Go's defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Listens on the configured address and serves, on the calling goroutine or thread, until {@link
   * #close}. Interrupting the caller closes the listener, too.
   *
   * @throws NetException if the address cannot be listened on
   * @throws IOException if accepting breaks down for good
   * @throws IllegalStateException if the server has been closed
   */
  public void listenAndServe() throws IOException {
    serve(listen());
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
    Listener listener = listen();
    Go.go(() -> serve(listener));
  }

  /**
   * Serves connections of a listener, on the calling goroutine or thread, until {@link #close},
   * which closes the listener too. Go: {@code Server.Serve}.
   *
   * @param listener where connections come from
   * @throws IOException if accepting breaks down for good, or the listener is closed by somebody
   *     else
   * @throws IllegalStateException if the server has been closed
   */
  public void serve(Listener listener) throws IOException {
    register(listener);
    try (listener) {
      while (true) {
        Conn conn = listener.accept();
        ServerConnection connection = new ServerConnection(this, conn);
        connections.add(connection);
        if (closed) {
          connection.close(); // close() may have looked before it was added
        }
        Go.go(connection);
      }
    } catch (NetException e) {
      if (!closed) {
        throw e;
      }
    } finally {
      listeners.remove(listener);
    }
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
   * Stops at once: closes the listeners and all connections, also those that are being served. Does
   * not wait for handlers; a handler that reads or writes gets an error. A second call does
   * nothing. Go: {@code Server.Close}.
   *
   * @throws IOException if a listener reports an error; everything is closed anyway
   */
  @Override
  public void close() throws IOException {
    closed = true;
    IOException failure = null;
    for (Listener listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    for (ServerConnection connection : connections) {
      connection.close();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private Listener listen() throws IOException {
    checkOpen();
    Listener listener = Net.listen("tcp", addr.isEmpty() ? ":http" : addr);
    register(listener);
    return listener;
  }

  private void register(Listener listener) throws IOException {
    address = listener.address();
    listeners.add(listener);
    if (closed) {
      listener.close();
      checkOpen();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("http: Server closed");
    }
  }

  Handler handlerFor(Request request) {
    return request.requestUri().equals("*") && request.method().equals(Http.METHOD_OPTIONS)
        ? Server::answerOptions
        : handler;
  }

  /** {@code OPTIONS *} asks about the server as a whole; Go answers without asking the handler. */
  private static void answerOptions(ResponseWriter w, Request r) {
    w.header().set("Content-Length", "0");
  }

  int maxHeaderBytes() {
    return maxHeaderBytes;
  }

  boolean isClosed() {
    return closed;
  }

  void forget(ServerConnection connection) {
    connections.remove(connection);
  }

  /** Describes a server. Not for use by several threads at once. */
  public static final class Builder {
    private static final int DEFAULT_MAX_HEADER_BYTES = 1 << 20; // Go's

    private String addr = "";
    private Handler handler = Http.DEFAULT_MUX;
    private int maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES;

    private Builder() {}

    /**
     * Sets where to listen, in the syntax of {@link Net#listen}.
     *
     * @param newAddr for example {@code :8080}; empty, the default, means {@code :http}, port 80
     * @return this builder
     */
    public Builder addr(String newAddr) {
      addr = newAddr;
      return this;
    }

    /**
     * Sets what answers requests. The default is the mux that {@link Http#handle} fills.
     *
     * @param newHandler a mux or any other handler
     * @return this builder
     */
    public Builder handler(Handler newHandler) {
      handler = newHandler;
      return this;
    }

    /**
     * Sets how long the head of a request may be, request line included. A longer one is answered
     * with 431. As in Go, 4096 bytes more are let pass. The default is 1 MB.
     *
     * @param bytes a positive number
     * @return this builder
     * @throws IllegalArgumentException if it is not positive, or above 1 GB
     */
    public Builder maxHeaderBytes(int bytes) {
      if (bytes <= 0 || bytes > 1 << 30) {
        throw new IllegalArgumentException(
            "maxHeaderBytes: expected 1 to 1073741824, found " + bytes);
      }
      maxHeaderBytes = bytes;
      return this;
    }

    /**
     * Makes the server. It does not listen yet.
     *
     * @return the server
     */
    public Server build() {
      return new Server(this);
    }
  }
}
