package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.tls.TlsConfig;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a server was told; fixed once it is made. Times are in nanoseconds, 0 for no limit. */
final class ServerConfig {
  static final int DEFAULT_MAX_HEADER_BYTES = 1 << 20; // Go's
  static final int DEFAULT_MAX_HEADER_VALUES = 500; // Go's

  /** Go has no limit here, and a client that never ends its head holds a connection for ever. */
  static final long DEFAULT_HEAD_NANOS = 60_000_000_000L;

  /**
   * Go has no limit here, and a client that stops in the middle of a body, or does not read the
   * response, holds a connection and its handler for ever. nginx's client_body_timeout and
   * send_timeout are as long.
   */
  static final long DEFAULT_STALL_NANOS = 60_000_000_000L;

  String addr = "";
  Handler handler = Http.DEFAULT_MUX;
  int maxHeaderBytes = DEFAULT_MAX_HEADER_BYTES;
  int maxHeaderValues = DEFAULT_MAX_HEADER_VALUES;
  long readHeaderNanos = -1; // -1: not set
  long readNanos;
  long writeNanos;
  long idleNanos = -1;
  long stallNanos = DEFAULT_STALL_NANOS;
  boolean generalOptions = true;
  boolean h2c;
  Http2Config http2 = Http2Config.DEFAULT;
  Log log = new Log(null);
  Function<Listener, Context> baseContext = listener -> Context.background();
  @Nullable BiFunction<Context, Conn, Context> connContext;
  @Nullable BiConsumer<Conn, ConnState> connState;
  @Nullable TlsConfig tls;

  /** How long a head may take. As in Go the time for the whole request counts if it is all. */
  long headNanos() {
    return readHeaderNanos >= 0 ? readHeaderNanos : readNanos > 0 ? readNanos : DEFAULT_HEAD_NANOS;
  }

  long idleNanos() {
    return idleNanos >= 0 ? idleNanos : readNanos;
  }

  void report(Conn conn, ConnState state) {
    if (connState != null) {
      connState.accept(conn, state);
    }
  }

  ServerConfig copy() {
    ServerConfig copy = new ServerConfig();
    copy.addr = addr;
    copy.handler = handler;
    copy.maxHeaderBytes = maxHeaderBytes;
    copy.maxHeaderValues = maxHeaderValues;
    copy.readHeaderNanos = readHeaderNanos;
    copy.readNanos = readNanos;
    copy.writeNanos = writeNanos;
    copy.idleNanos = idleNanos;
    copy.stallNanos = stallNanos;
    copy.generalOptions = generalOptions;
    copy.h2c = h2c;
    copy.http2 = http2;
    copy.log = log;
    copy.baseContext = baseContext;
    copy.connContext = connContext;
    copy.connState = connState;
    copy.tls = tls;
    return copy;
  }
}
