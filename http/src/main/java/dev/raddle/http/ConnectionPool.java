package dev.raddle.http;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a transport: those that wait to be used again, the last one first, and how
 * many there are for each address. A connection that waits is watched, and dropped when the server
 * closes it or says something unasked.
 *
 * <p>A slot is held while a connection is in use. One that waits holds none; as a new one is made
 * only when none waits, there are never more than slots.
 */
final class ConnectionPool {
  private final TransportBuilder config;
  private final Map<String, Deque<ClientConnection>> idle = new HashMap<>(); // guarded by this
  private final Set<ClientConnection> oldestFirst = new LinkedHashSet<>(); // guarded by this
  private final Map<String, Chan<Boolean>> slots = new HashMap<>(); // guarded by this
  private boolean closed; // guarded by this

  ConnectionPool(TransportBuilder config) {
    this.config = config;
  }

  /** Waits for a connection that may be used. */
  ClientConnection take(String address, Context context) throws IOException {
    Chan<Boolean> slot = slots(address);
    if (slot != null) {
      acquire(slot, context);
    }
    ClientConnection kept = poll(address);
    if (kept != null) {
      return kept;
    }
    boolean dialled = false;
    try {
      Conn conn = SecureDial.dial(config, address, context);
      dialled = true;
      return new ClientConnection(this, address, conn, config.maxHeaderBytes);
    } finally {
      if (!dialled) {
        releaseSlot(address);
      }
    }
  }

  private static void acquire(Chan<Boolean> slot, Context context) throws IOException {
    try {
      boolean free =
          Go.select(slot.onSend(true, () -> true), context.done().onRecv(nothing -> false));
      if (!free) {
        Transport.checkContext(context);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("net/http: interrupted while waiting for a connection");
    }
  }

  private synchronized @Nullable ClientConnection poll(String address) {
    Deque<ClientConnection> deque = idle.get(address);
    while (deque != null && !deque.isEmpty()) {
      ClientConnection connection = deque.removeLast();
      oldestFirst.remove(connection);
      connection.idle.clear();
      connection.intake.unwatch();
      if (!connection.isClosed() && connection.intake.isQuiet()) {
        connection.use();
        return connection;
      }
      Go.go(connection::close);
    }
    return null;
  }

  void put(ClientConnection connection) {
    ClientConnection evicted = null;
    synchronized (this) {
      Deque<ClientConnection> deque =
          idle.computeIfAbsent(connection.address, a -> new ArrayDeque<>());
      boolean full = deque.size() >= config.maxIdlePerHost && config.maxPerHost == 0;
      if (closed || !config.keepAlives || full || config.maxIdlePerHost < 0) {
        evicted = connection;
      } else {
        deque.addLast(connection);
        oldestFirst.add(connection);
        if (config.maxIdle > 0 && oldestFirst.size() > config.maxIdle) {
          evicted = oldestFirst.iterator().next();
          remove(evicted);
        }
      }
    }
    if (evicted != null) {
      evicted.close();
    }
    if (evicted != connection) {
      if (config.idleNanos > 0) {
        connection.idle.set(Deadline.in(config.idleNanos));
      }
      connection.intake.watch(() -> drop(connection));
    }
  }

  private void remove(ClientConnection connection) {
    oldestFirst.remove(connection);
    Deque<ClientConnection> deque = idle.get(connection.address);
    if (deque != null) {
      deque.remove(connection);
      if (deque.isEmpty()) {
        idle.remove(connection.address);
      }
    }
  }

  /** Closes a connection if nobody uses it. */
  void drop(ClientConnection connection) {
    boolean unused;
    synchronized (this) {
      unused = oldestFirst.contains(connection);
      remove(connection);
    }
    if (unused) {
      connection.close();
    }
  }

  private synchronized @Nullable Chan<Boolean> slots(String address) {
    return config.maxPerHost <= 0
        ? null
        : slots.computeIfAbsent(address, a -> Chan.make(config.maxPerHost));
  }

  /** Lets the next one that waits for a connection to this address go on. */
  void releaseSlot(String address) {
    Chan<Boolean> slot = slots(address);
    if (slot != null) {
      slot.tryRecv();
    }
  }

  synchronized int idleConnections() {
    return oldestFirst.size();
  }

  int inUse(String address) {
    Chan<Boolean> slot = slots(address);
    return slot == null ? 0 : slot.len();
  }

  void closeIdle() {
    List<ClientConnection> all;
    synchronized (this) {
      all = new ArrayList<>(oldestFirst);
      oldestFirst.clear();
      idle.clear();
    }
    all.forEach(ClientConnection::close);
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    closeIdle();
  }
}
