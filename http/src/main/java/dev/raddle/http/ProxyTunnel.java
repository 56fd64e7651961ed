package dev.raddle.http;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.internal.ResponseParser;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a proxy to pass bytes on to a server. */
final class ProxyTunnel {
  private static final Duration PATIENCE = Duration.ofMinutes(1); // Go's
  private static final int MAX_INTERIM_RESPONSES = 5; // Go's max1xxResponses

  /** What is said to a proxy. */
  interface Talk {
    void run() throws IOException;
  }

  private ProxyTunnel() {}

  /**
   * Sends CONNECT, and waits for a 200. On failure the connection is left to be closed.
   *
   * @throws SocketTimeoutException if the proxy is silent for a minute
   * @throws IOException if it refuses, or the context ends
   */
  static void open(Conn conn, String address, URI proxy, int maxHeaderBytes, Context context)
      throws IOException {
    patiently(
        conn,
        context,
        () -> {
          ask(conn, address, Destination.authorization(proxy));
          awaitYes(conn, maxHeaderBytes);
        });
  }

  /** Ends a talk with a proxy that is silent for a minute, and when the context ends. */
  static void patiently(Conn conn, Context context, Talk talk) throws IOException {
    try (CancelContext limited = context.withTimeout(PATIENCE)) {
      try (Context.Stop _ = limited.afterFunc(conn::close)) {
        talk.run();
      } catch (IOException e) {
        Transport.checkContext(context);
        if (limited.err() == null) {
          throw e;
        }
        var timeout = new SocketTimeoutException("net/http: timeout awaiting the proxy's answer");
        timeout.initCause(e);
        throw timeout;
      }
    }
  }

  private static void ask(Conn conn, String address, String authorization) throws IOException {
    String head = "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: ";
    head += RequestWriter.USER_AGENT + "\r\n";
    head += authorization.isEmpty() ? "" : "Proxy-Authorization: " + authorization + "\r\n";
    conn.write(ByteBuffer.wrap((head + "\r\n").getBytes(StandardCharsets.UTF_8)));
  }

  private static void awaitYes(Conn conn, int maxHeaderBytes) throws IOException {
    ResponseParser parser = new ResponseParser(conn::read, maxHeaderBytes);
    ResponseParser.Head answer = parser.readHead(true); // no body follows a 200
    for (int interim = 0; answer.status < 200 && interim < MAX_INTERIM_RESPONSES; interim++) {
      answer = parser.readHead(true);
    }
    if (answer.status != Http.STATUS_OK) {
      throw new IOException(
          "net/http: proxy answered CONNECT with " + answer.status + " " + answer.reason);
    }
    if (parser.hasLeftovers()) {
      throw new IOException("net/http: proxy sent bytes before it was asked for any");
    }
  }
}
