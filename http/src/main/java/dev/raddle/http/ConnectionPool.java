package dev.raddle.http;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.spi.ClientStream;
import dev.raddle.net.Conn;
import dev.raddle.sync.Pool;
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
  private final Sessions sessions;
  private final Pool<ClientWorkspace> workspaces;
  private final Map<Destination, Deque<ClientConnection>> idle = new HashMap<>(); // guarded by this
  private final Set<ClientConnection> oldestFirst = new LinkedHashSet<>(); // guarded by this
  private final Map<Destination, Slots> slots = new HashMap<>(); // guarded by this
  private boolean closed; // guarded by this
  private boolean unwanted; // guarded by this; from closeIdle() until somebody wants a connection

  ConnectionPool(TransportBuilder config, Sessions sessions) {
    this.config = config;
    this.sessions = sessions;
    int maxHeaderBytes = config.maxHeaderBytes;
    workspaces = new Pool<>(() -> new ClientWorkspace(maxHeaderBytes));
  }

  /** For what is between a request and its response. */
  Pool<ClientWorkspace> workspaces() {
    return workspaces;
  }

  /** The limit of one destination, as long as somebody has a slot or waits for one. */
  private static final class Slots {
    final Chan<Boolean> taken;
    int users; // guarded by the pool

    Slots(int limit) {
      taken = Chan.make(limit);
    }
  }

  /** Waits for a connection that may be used, or makes one that others may use, too. */
  Sessions.Way take(Destination to, Context context) throws IOException {
    acquireSlot(to, context);
    boolean taken = false;
    try {
      ClientConnection connection = poll(to);
      if (connection == null) {
        Conn conn = SecureDial.dial(config, to, context);
        ClientStream stream = sessions.adopt(to, conn);
        if (stream != null) {
          return new Sessions.Way(stream, null, conn);
        }
        connection = new ClientConnection(this, to, conn);
      }
      connection.begin();
      taken = true;
      return new Sessions.Way(null, connection, connection.conn);
    } finally {
      if (!taken) {
        releaseSlot(to);
      }
    }
  }

  private void acquireSlot(Destination to, Context context) throws IOException {
    if (config.maxPerHost <= 0) {
      return;
    }
    Slots own;
    synchronized (this) {
      own = slots.computeIfAbsent(to, t -> new Slots(config.maxPerHost));
      own.users++;
    }
    boolean acquired = false;
    try {
      acquire(own.taken, context);
      acquired = true;
    } finally {
      if (!acquired) {
        leave(to, own);
      }
    }
  }

  private synchronized void leave(Destination to, Slots own) {
    if (--own.users == 0) {
      slots.remove(to);
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

  private synchronized @Nullable ClientConnection poll(Destination to) {
    unwanted = false;
    Deque<ClientConnection> deque = idle.get(to);
    while (deque != null && !deque.isEmpty()) {
      ClientConnection connection = deque.getLast();
      remove(connection);
      connection.idle.clear();
      connection.intake.unwatch();
      if (!connection.isClosed() && connection.isQuiet()) {
        connection.use();
        return connection;
      }
      Go.go(connection::close);
    }
    return null;
  }

  void put(ClientConnection connection) {
    // Before anybody can take it: its user must find the goroutine that watches.
    connection.intake.watchAll(() -> drop(connection));
    ClientConnection evicted = null;
    synchronized (this) {
      Deque<ClientConnection> others = idle.get(connection.to);
      int kept = others == null ? 0 : others.size();
      boolean full = kept >= config.maxIdlePerHost && config.maxPerHost == 0;
      if (closed
          || unwanted
          || !config.keepAlives
          || full
          || config.maxIdlePerHost < 0
          || !connection.isQuiet()) { // gone before it was here for drop() to find
        evicted = connection;
      } else {
        if (config.idleNanos > 0) {
          connection.idle.set(Deadline.in(config.idleNanos));
        }
        idle.computeIfAbsent(connection.to, to -> new ArrayDeque<>()).addLast(connection);
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
  }

  private void remove(ClientConnection connection) {
    oldestFirst.remove(connection);
    Deque<ClientConnection> deque = idle.get(connection.to);
    if (deque != null) {
      deque.removeLastOccurrence(connection); // mostly the youngest
      if (deque.isEmpty()) {
        idle.remove(connection.to);
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

  /** Lets the next one that waits for a connection to this destination go on. */
  void releaseSlot(Destination to) {
    Slots own;
    synchronized (this) {
      own = slots.get(to);
    }
    if (own != null) {
      own.taken.tryRecv();
      leave(to, own);
    }
  }

  synchronized int idleConnections() {
    return oldestFirst.size();
  }

  synchronized int inUse(Destination to) {
    Slots own = slots.get(to);
    return own == null ? 0 : own.taken.len();
  }

  synchronized int addressesInUse() {
    return slots.size();
  }

  void closeIdle() {
    List<ClientConnection> all;
    synchronized (this) {
      unwanted = true;
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
