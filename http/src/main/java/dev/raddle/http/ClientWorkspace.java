package dev.raddle.http;

import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.ResponseParser;
import dev.raddle.http.internal.Source;
import java.io.IOException;
import java.nio.ByteBuffer;

/*
 * What a connection of a client needs while it is at a request, as Workspace for a server's: the
 * buffer of what goes out, and the parser with its own.
 *
 * Lending     ConnectionPool.take has the connection borrow one, outside of the pool's lock;
 *             ClientConnection.release gives it back, before anybody else can take the connection.
 *             Only an exchange that has ended well comes there: the request is written, the response
 *             read to its end, by the goroutine that gives back. After any other end somebody may
 *             still read or write: it goes with its connection, and is garbage.
 * Leftovers   Exchange and ClientBody of a request that is over refer to the connection, and do not
 *             ask it for its workspace: Exchange.over, ClientBody.done.
 */
/** The parser and the buffer of a connection that is at a request. */
final class ClientWorkspace {
  final ResponseParser parser;
  final Output out = new Output(ClientWorkspace::nobody);

  ClientWorkspace(int maxHeaderBytes) {
    parser = new ResponseParser(ClientWorkspace::nobody, maxHeaderBytes);
  }

  private static int nobody(ByteBuffer buffer) throws IOException {
    throw new IOException("net/http: expected a connection, found none for " + buffer);
  }

  void connect(Source source, Output.Sink sink) {
    parser.connect(source);
    out.connect(sink);
  }

  void disconnect() {
    connect(ClientWorkspace::nobody, ClientWorkspace::nobody);
    parser.forget();
  }
}
