package dev.raddle.net.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;

/*
 * The handshakes that are being made, by their engines: what the managers of keys and of trust,
 * which the engine asks, and the connection, which drives it, have to tell one another.
 *
 * Name        The JDK asks for a certificate before it tells the name that the client wants, when
 *             it takes a ticket: it goes on with the session only if the certificate is the one
 *             that it was made with. So the connection reads the name by itself.
 * Full        No engine says whether it resumed a session. In a full handshake a client judges the
 *             server's certificate, and a server chooses its own, for a handshake session; for a
 *             ticket there is no session yet.
 * Life        From begin to end, both called by the connection, on the goroutine that runs all of
 *             the engine's steps, so that nobody else sees an entry; the map serves all connections.
 */
final class Handshakes {
  private static final class Entry {
    final String serverName;
    boolean full;

    Entry(String serverName) {
      this.serverName = serverName;
    }
  }

  private final Map<SSLEngine, Entry> entries = new ConcurrentHashMap<>();

  /** With the name that the client is known to ask for; empty if it is not known. */
  void begin(SSLEngine engine, String serverName) {
    entries.put(engine, new Entry(serverName));
  }

  /** The name that begin got. */
  String serverName(SSLEngine engine) {
    Entry entry = entries.get(engine);
    return entry == null ? "" : entry.serverName;
  }

  /** A certificate is needed: it is a full one. */
  void markFull(SSLEngine engine) {
    Entry entry = entries.get(engine);
    if (entry != null) {
      entry.full = true;
    }
  }

  /** Good or bad. Returns whether it was a full one. */
  boolean end(SSLEngine engine) {
    Entry entry = entries.remove(engine);
    return entry == null || entry.full;
  }
}
