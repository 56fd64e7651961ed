package dev.raddle.http;

import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.RequestParser;
import dev.raddle.http.internal.Source;
import java.io.IOException;
import java.nio.ByteBuffer;

/*
 * What a connection of a server needs while it is at a request, some 12 KB: the parser with its
 * buffer, the buffer of what goes out, and that of a body's beginning. A connection that waits for
 * a request has none; so each is used by one connection after the other.
 *
 * Lending     ServerConnection.awaitRequest alone takes one, and alone gives it back: between two
 *             requests, when the last one has been read and answered to its end and nothing of the
 *             next one is there. After anything else (a failure, a hijacking, a body of which
 *             somebody else reads) it is not given back, and garbage.
 * Leftovers   RequestBody and ServerResponse of a request that is over still refer to it. They do
 *             not use it: RequestBody I1, and ServerResponse.returned. A goroutine that writes to a
 *             response while its handler returns breaks that, as it does with Go's pools.
 */
/** The parser and the buffers of a connection that is at a request. */
final class Workspace {
  final RequestParser parser;
  final Output out = new Output(Workspace::nobody);
  final byte[] bodyBuffer = new byte[Http1Response.BODY_BUFFER_BYTES];

  Workspace(ServerConfig config) {
    parser = new RequestParser(Workspace::nobody, config.maxHeaderBytes, config.maxHeaderValues);
  }

  private static int nobody(ByteBuffer buffer) throws IOException {
    throw new IOException("http: expected a connection, found none for " + buffer);
  }

  void connect(Source source, Output.Sink sink) {
    parser.connect(source);
    out.connect(sink);
  }

  void disconnect() {
    connect(Workspace::nobody, Workspace::nobody);
    parser.forget();
  }
}
