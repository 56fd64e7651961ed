package dev.raddle.http.websocket;

import dev.raddle.http.Headers;
import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseController;
import dev.raddle.http.ResponseWriter;
import dev.raddle.http.RoundTripper;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/** The opening handshake, and what is agreed on in it. Immutable once it is in use. */
public final class Upgrade {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3

  private List<String> subprotocols = List.of();
  private Predicate<Request> originCheck = Upgrade::isSameOrigin;

  /** Makes one without subprotocols, for pages of this server only. */
  public Upgrade() {}

  /**
   * Sets what is spoken over the socket.
   *
   * @param names those this side knows, the favourite first
   * @return this
   */
  public Upgrade subprotocols(String... names) {
    subprotocols = List.of(names);
    return this;
  }

  /**
   * Sets whose pages may open a socket. Browsers do not keep other sites from it.
   *
   * @param check true to accept; the default compares Origin, if there is one, with Host
   * @return this
   */
  public Upgrade origins(Predicate<Request> check) {
    originCheck = check;
    return this;
  }

  private static boolean isSameOrigin(Request r) {
    String origin = r.header("Origin");
    return origin.isEmpty() || origin.endsWith("://" + r.host());
  }

  /**
   * Accepts a WebSocket.
   *
   * @param w the response, before anything is written
   * @param r the request
   * @return the socket; the caller closes it
   * @throws IOException if the request is none for a WebSocket, which has been answered then
   */
  public WebSocket accept(ResponseWriter w, Request r) throws IOException {
    String key = r.header("Sec-Websocket-Key");
    if (!r.method().equals(Http.METHOD_GET)
        || !hasToken(r.headers(), "Connection", "upgrade")
        || !hasToken(r.headers(), "Upgrade", "websocket")) {
      w.header().set("Connection", "Upgrade");
      w.header().set("Upgrade", "websocket");
      throw refuse(w, Http.STATUS_UPGRADE_REQUIRED, "expected a WebSocket handshake");
    }
    if (!r.header("Sec-Websocket-Version").equals("13")) {
      w.header().set("Sec-WebSocket-Version", "13");
      throw refuse(w, Http.STATUS_UPGRADE_REQUIRED, "expected WebSocket version 13");
    }
    if (!isKey(key)) {
      throw refuse(w, Http.STATUS_BAD_REQUEST, "expected Sec-WebSocket-Key of 16 bytes");
    }
    if (!originCheck.test(r)) {
      throw refuse(w, Http.STATUS_FORBIDDEN, "origin not allowed");
    }
    String chosen = choose(r.headers());
    StringBuilder head =
        new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
            .append("Connection: Upgrade\r\nSec-WebSocket-Accept: ")
            .append(answer(key))
            .append("\r\n");
    if (!chosen.isEmpty()) {
      head.append("Sec-WebSocket-Protocol: ").append(chosen).append("\r\n");
    }
    Conn conn = new ResponseController(w).hijack();
    conn.write(ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)));
    return new WebSocket(conn, true, chosen);
  }

  private static IOException refuse(ResponseWriter w, int status, String why) {
    Http.error(w, why, status);
    return new IOException("websocket: " + why);
  }

  /**
   * Opens a WebSocket to a server.
   *
   * @param transport connects, usually a {@link dev.raddle.http.Transport}
   * @param request GET, for a URL that begins with {@code http}
   * @return the socket; the caller closes it
   * @throws IOException if the server does not agree, or cannot be reached
   */
  public WebSocket dial(RoundTripper transport, Request request) throws IOException {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String key = Base64.getEncoder().encodeToString(random);
    var builder =
        request.toBuilder()
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", key);
    if (!subprotocols.isEmpty()) {
      builder.header("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
    }
    Response response = transport.roundTrip(builder.build());
    Conn conn = response.upgraded();
    String protocol = response.header("Sec-WebSocket-Protocol");
    boolean agreed =
        response.header("Sec-WebSocket-Accept").equals(answer(key))
            && hasToken(response.headers(), "Upgrade", "websocket")
            && (protocol.isEmpty() || subprotocols.contains(protocol));
    if (conn != null && agreed) {
      return new WebSocket(conn, false, protocol);
    }
    if (conn != null) {
      conn.close();
    }
    response.close();
    throw new IOException("websocket: bad handshake, status " + response.statusLine());
  }

  private String choose(Headers headers) {
    for (String known : subprotocols) {
      if (hasToken(headers, "Sec-Websocket-Protocol", known)) {
        return known;
      }
    }
    return "";
  }

  private static boolean hasToken(Headers headers, String name, String token) {
    for (String value : headers.values(name)) {
      for (String each : value.split(",", -1)) {
        if (each.strip().equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static String answer(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is in every JDK", e);
    }
  }
}
