package dev.raddle.http;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.spi.ClientLink;
import dev.raddle.http.spi.ClientProtocol;
import dev.raddle.http.spi.ClientSession;
import dev.raddle.http.spi.ClientStream;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * The connections of a transport that carry many requests at once, and which way a request takes.
 *
 * Way         A destination that may speak such a protocol is dialed by one request at a time; the
 *             others wait for what comes of it, as with Go's HTTP/2 transport. If it speaks HTTP/1
 *             that is remembered, and each request gets a connection of the pool, or dials. If it
 *             turns out to speak another protocol after all, the pool hands the connection over.
 * Limits      A session that has no room for a request is joined by another one, up to
 *             maxConnsPerHost.
 * Failures    A dial that fails has failed for all who wait for it, unless it was only the context
 *             of the request that dialed which has ended.
 * Locks       `this` guards all. A session's own lock is taken under it, never the other way.
 */
/** Chooses connections, and shares those that can be shared. */
final class Sessions {
  private static final int REMEMBERED = 1000;

  private final TransportBuilder config;
  private final Map<Destination, Host> hosts = new HashMap<>();
  private final Set<Shared> idleOldestFirst = new LinkedHashSet<>();
  private final Map<Destination, Boolean> speakHttp1 =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Destination, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private boolean closed;

  Sessions(TransportBuilder config) {
    this.config = config;
  }

  /** By what a request is sent; one of the first two is null. */
  record Way(@Nullable ClientStream stream, @Nullable ClientConnection connection, Conn conn) {}

  private static final class Dial {
    @Nullable IOException failure;
  }

  private static final class Host {
    final List<Shared> sessions = new ArrayList<>();
    Chan<Void> changed = Chan.make(); // closed when those who wait should look again
    int waiting;
    @Nullable Dial dial;

    void wake() {
      if (waiting > 0) {
        changed.close();
        changed = Chan.make();
      }
    }
  }

  /** One connection, and what its session has to know of it. */
  private final class Shared implements ClientLink {
    final Destination to;
    final Deadline idle = new Deadline(this::expire);
    @Nullable ClientSession session;
    private final Conn conn;

    Shared(Destination to, Conn conn) {
      this.to = to;
      this.conn = conn;
    }

    @Override
    public Conn conn() {
      return conn;
    }

    @Override
    public int maxHeaderBytes() {
      return config.maxHeaderBytes;
    }

    @Override
    public long sendPingNanos() {
      return config.sendPingNanos;
    }

    @Override
    public long pingNanos() {
      return config.pingNanos;
    }

    @Override
    public void changed() {
      refresh(this);
    }

    private void expire() {
      ClientSession expired;
      synchronized (Sessions.this) {
        expired = session;
      }
      if (expired != null) {
        expired.closeIfIdle();
      }
    }
  }

  /** Waits for a way to send a request. */
  Way take(Destination to, Context context, ConnectionPool pool) throws IOException {
    if (to.onlyHttp1() || (!to.secure() && !config.h2c)) {
      return pool.take(to, context); // no session will be made of it
    }
    Dial waitedFor = null;
    while (true) {
      Dial own = null;
      Host waitsAt = null;
      Chan<Void> changed = null;
      synchronized (this) {
        IOException failure = waitedFor == null ? null : waitedFor.failure;
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        Host host = hosts.get(to);
        Way open = host == null ? null : open(host);
        if (open != null) {
          return open;
        }
        if (mayBeShared(to)) {
          if (host == null) {
            host = new Host();
            hosts.put(to, host);
          }
          if (host.dial == null && !isFull(host)) {
            own = new Dial();
            host.dial = own;
          } else {
            waitedFor = host.dial;
            waitsAt = host;
            changed = host.changed;
            host.waiting++;
          }
        }
      }
      if (waitsAt != null && changed != null) {
        awaitChange(waitsAt, changed, context);
      } else {
        return own == null ? pool.take(to, context) : dial(to, own, context, pool);
      }
    }
  }

  private boolean mayBeShared(Destination to) {
    return speakHttp1.get(to) == null && config.multiplexes(to.secure());
  }

  private boolean isFull(Host host) {
    return config.maxPerHost > 0 && host.sessions.size() >= config.maxPerHost;
  }

  private @Nullable Way open(Host host) {
    for (Shared shared : host.sessions) {
      ClientStream stream = shared.session == null ? null : shared.session.tryOpen();
      if (stream != null) {
        idleOldestFirst.remove(shared);
        shared.idle.clear();
        return new Way(stream, null, shared.conn);
      }
    }
    return null;
  }

  private void awaitChange(Host host, Chan<Void> changed, Context context) throws IOException {
    try {
      boolean ended =
          Go.select(changed.onRecv(nothing -> false), context.done().onRecv(nothing -> true));
      if (ended) {
        Transport.checkContext(context);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("net/http: interrupted while waiting for a connection");
    } finally {
      synchronized (this) {
        host.waiting--;
      }
    }
  }

  private Way dial(Destination to, Dial own, Context context, ConnectionPool pool)
      throws IOException {
    Way way = null;
    IOException failure = null;
    try {
      way = pool.take(to, context);
      return way;
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      boolean onlyOurs = context.err() != null || Thread.currentThread().isInterrupted();
      synchronized (this) {
        if (way != null && way.connection() != null) {
          speakHttp1.put(to, true);
        }
        own.failure = onlyOurs ? null : failure;
        Host host = hosts.get(to);
        if (host != null) {
          host.dial = null;
          settle(to, host);
        }
      }
    }
  }

  /** Makes a session of a new connection, and a stream; null if HTTP/1 has been agreed on. */
  @Nullable ClientStream adopt(Destination to, Conn conn) throws IOException {
    ClientProtocol protocol = null;
    if (!to.onlyHttp1()) {
      protocol =
          to.secure() ? ClientProtocols.agreed(conn) : config.h2c ? ClientProtocols.http2() : null;
    }
    if (protocol == null) {
      return null;
    }
    Shared shared = new Shared(to, conn);
    ClientSession session = protocol.open(shared);
    ClientStream first = session.tryOpen();
    if (first == null) {
      throw new IOException("net/http: connection ended before its first request");
    }
    synchronized (this) {
      shared.session = session;
      speakHttp1.remove(to);
      hosts.computeIfAbsent(to, t -> new Host()).sessions.add(shared);
    }
    refresh(shared); // what has changed before it was here
    return first;
  }

  private void refresh(Shared shared) {
    ClientSession evicted = null;
    synchronized (this) {
      ClientSession session = shared.session;
      if (session == null) {
        return; // adopt() will look
      }
      Host host = hosts.get(shared.to);
      if (!session.isUsable()) {
        idleOldestFirst.remove(shared);
        shared.idle.stop();
        if (host != null) {
          host.sessions.remove(shared);
        }
      } else if (session.streams() > 0) {
        idleOldestFirst.remove(shared);
        shared.idle.clear();
      } else {
        evicted = rest(shared, session);
      }
      if (host != null) {
        settle(shared.to, host);
      }
    }
    if (evicted != null) {
      evicted.closeIfIdle();
    }
  }

  /** Returns which session is one too many. */
  private @Nullable ClientSession rest(Shared shared, ClientSession session) {
    if (closed || !config.keepAlives) {
      return session;
    }
    if (config.idleNanos > 0) {
      shared.idle.set(Deadline.in(config.idleNanos));
    }
    idleOldestFirst.remove(shared);
    idleOldestFirst.add(shared);
    if (config.maxIdle > 0 && idleOldestFirst.size() > config.maxIdle) {
      Shared oldest = idleOldestFirst.iterator().next();
      idleOldestFirst.remove(oldest);
      return oldest.session;
    }
    return null;
  }

  private void settle(Destination to, Host host) {
    if (host.sessions.isEmpty() && host.dial == null) {
      hosts.remove(to);
    }
    host.wake();
  }

  void closeIdle() {
    List<ClientSession> all = new ArrayList<>();
    synchronized (this) {
      for (Host host : hosts.values()) {
        for (Shared shared : host.sessions) {
          if (shared.session != null) {
            all.add(shared.session);
          }
        }
      }
    }
    all.forEach(ClientSession::closeIfIdle);
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    closeIdle();
  }
}
