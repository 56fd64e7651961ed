package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A server that knows no HTTP but where a head ends: what a test writes is what clients get. */
final class WireServer implements Closeable {
  /** What happens on a connection; it is closed afterwards. */
  @FunctionalInterface
  interface Script {
    /**
     * Plays.
     *
     * @param peer the connection
     * @param number 0 for the first connection
     * @throws Exception ends the connection
     */
    void play(Peer peer, int number) throws Exception;
  }

  /** The server's end of a connection. */
  record Peer(Conn conn) {
    /** Reads up to the end of a head, or of the connection. */
    String head() throws IOException {
      StringBuilder text = new StringBuilder();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (text.indexOf("\r\n\r\n") < 0 && conn.read(one.clear()) > 0) {
        text.append((char) one.get(0));
      }
      return text.toString();
    }

    /** Reads as many bytes. */
    String read(int bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(bytes);
      boolean more = true;
      while (more && buffer.hasRemaining()) {
        more = conn.read(buffer) >= 0;
      }
      return StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
    }

    /** Reads until the client closes. */
    void readAll() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      boolean more = true;
      while (more) {
        more = conn.read(buffer.clear()) >= 0;
      }
    }

    void write(String bytes) throws IOException {
      conn.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private final Listener listener;

  private WireServer(Listener listener) {
    this.listener = listener;
  }

  static WireServer start(Script script) throws IOException {
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    Go.go(
        () -> {
          try {
            for (int i = 0; true; i++) {
              int number = i;
              Conn conn = listener.accept();
              Go.go(() -> serve(script, conn, number));
            }
          } catch (IOException e) {
            // The test is over.
          }
        });
    return new WireServer(listener);
  }

  private static void serve(Script script, Conn conn, int number) throws Exception {
    try (conn) {
      script.play(new Peer(conn), number);
    } catch (IOException e) {
      // The client has gone, which some tests are about.
    }
  }

  String address() {
    return HostPort.of(listener.address()).toString();
  }

  String url() {
    return "http://" + address() + "/";
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
