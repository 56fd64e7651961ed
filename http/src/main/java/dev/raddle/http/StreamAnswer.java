package dev.raddle.http;

import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.Target;
import dev.raddle.http.spi.ServerStream;
import dev.raddle.http.spi.StreamExchange;
import dev.raddle.http.spi.StreamRequest;
import dev.raddle.net.Conn;
import dev.raddle.net.tls.TlsConn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers one request that came by a connection of streams. */
final class StreamAnswer implements StreamExchange {
  private static final int HEAD_SLACK_BYTES = 4096; // as with HTTP/1

  private final Server server;
  private final ServerConnection connection;
  private final ServerConfig config;
  private final Conn conn;
  private final StreamRequest received;
  private final ServerStream stream;
  private final RequestScope scope;

  StreamAnswer(
      Server server,
      ServerConnection connection,
      Conn conn,
      StreamRequest received,
      ServerStream stream) {
    this.server = server;
    this.connection = connection;
    this.conn = conn;
    this.received = received;
    this.stream = stream;
    config = server.config();
    scope = new RequestScope(connection.base(), ended -> {}); // gone() ends it
  }

  @Override
  public void gone() {
    scope.end();
  }

  @Override
  public void run() {
    try {
      RequestHead head = head();
      answer(head, Target.parse(head.method, head.target));
    } catch (BadRequest e) {
      refuse(e);
    } catch (IOException e) {
      // The client is gone, or does not want an answer any more.
    } finally {
      scope.end();
      stream.end();
    }
  }

  private void answer(RequestHead head, Target target) throws IOException {
    if (config.readNanos != 0) {
      stream.setReadDeadline(Deadline.in(config.readNanos));
    }
    if (config.writeNanos != 0) {
      stream.setWriteDeadline(Deadline.in(config.writeNanos));
    }
    boolean expectsContinue =
        head.contentLength != 0 && HeaderText.hasToken(head.expect, "100-continue");
    RequestBody body =
        new RequestBody(
            new LimitedTrailer(stream, config.maxHeaderValues),
            head,
            expectsContinue
                ? () -> stream.writeHead(Http.STATUS_CONTINUE, List.of(), false)
                : null);
    RequestParts parts = new RequestParts(head, target, conn.remoteAddress(), body);
    if (conn instanceof TlsConn tls) {
      parts.tls = tls.connectionState();
    }
    Request request = new Request(parts, scope);
    ResponseHead responseHead = new ResponseHead(head, () -> true, config.log);
    StreamResponse response =
        new StreamResponse(
            stream, responseHead, head.method.equals(Http.METHOD_HEAD), body, config.log);
    boolean done;
    try {
      done = Handling.run(server, request, response);
    } finally {
      scope.end();
      request.cleanUp();
    }
    try {
      if (done) {
        response.finish();
      }
      if (responseHead.closesConnection() || !server.keepsAlive()) {
        connection.shutDownSession(); // the handler, or the server, wants no more requests
      }
    } finally {
      body.settle();
    }
  }

  private RequestHead head() throws BadRequest {
    if (received.headBytes() > (long) config.maxHeaderBytes + HEAD_SLACK_BYTES
        || received.lines().size() / 2 > config.maxHeaderValues) {
      throw new BadRequest(Http.STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE, "");
    }
    boolean connect = received.method().equals(Http.METHOD_CONNECT);
    if (!HeaderText.isValidName(received.method())) {
      throw new BadRequest(Http.STATUS_BAD_REQUEST, "");
    }
    RequestHead head = new RequestHead();
    head.http11 = true;
    head.http2 = true;
    head.method = received.method();
    head.target = connect ? received.authority() : received.path();
    head.host = received.authority();
    head.contentLength = received.contentLength();
    head.announced = new ArrayList<>(0);
    StringBuilder cookies = new StringBuilder();
    List<String> lines = received.lines();
    for (int i = 0; i < lines.size(); i += 2) {
      String name = HeaderText.canonicalName(lines.get(i));
      String value = HeaderText.decode(lines.get(i + 1));
      switch (name) {
        case "Host" -> host(head, value);
        case "Trailer" -> announce(head.announced, value);
        case "Cookie" -> cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
        case "Expect" -> {
          head.expect = value;
          head.add(name, value);
        }
        default -> head.add(name, value);
      }
    }
    if (!cookies.isEmpty()) {
      head.add("Cookie", cookies.toString()); // may come in crumbs, RFC 9113, 8.2.3
    }
    return head;
  }

  private static void host(RequestHead head, String value) throws BadRequest {
    if (head.host.isEmpty()) {
      head.host = value;
    } else if (!head.host.equalsIgnoreCase(value)) {
      throw new BadRequest(Http.STATUS_BAD_REQUEST, ""); // RFC 9113, 8.3.1
    }
  }

  private static void announce(List<String> announced, String names) {
    for (String name : names.split(",", -1)) {
      String canonical = HeaderText.canonicalName(name.strip());
      switch (canonical) {
        case "", "Transfer-Encoding", "Trailer", "Content-Length" -> {} // ignored, as by Go
        default -> announced.add(canonical);
      }
    }
  }

  private void refuse(BadRequest e) {
    byte[] text = e.body().getBytes(StandardCharsets.ISO_8859_1);
    List<String> lines =
        List.of(
            "Content-Type",
            "text/plain; charset=utf-8",
            "Content-Length",
            Integer.toString(text.length));
    try {
      stream.writeHead(e.status(), lines, false);
      stream.writeBody(text, 0, text.length, true);
    } catch (IOException gone) {
      // It does not want to know.
    }
  }
}
