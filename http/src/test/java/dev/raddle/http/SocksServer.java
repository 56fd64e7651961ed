package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS5 proxy, which connects everybody to one server, whatever it asks for. */
final class SocksServer implements AutoCloseable {
  private final Listener listener = Net.listen("tcp", "127.0.0.1:0");
  private final String target;
  private final String credentials; // user:password; empty: it wants to know nobody
  private final int reply;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  SocksServer(String target, String credentials, int reply) throws IOException {
    this.target = target;
    this.credentials = credentials;
    this.reply = reply;
    Go.go(this::acceptAll);
  }

  String address() {
    return listener.addr().toString();
  }

  /** What was asked for, with the kind of its address. */
  List<String> asked() {
    return asked;
  }

  private void acceptAll() {
    try {
      while (true) {
        Conn conn = listener.accept();
        Go.go(() -> serve(conn));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Conn conn) {
    try (conn) {
      DataInputStream in = new DataInputStream(conn.inputStream());
      OutputStream out = conn.outputStream();
      if (!greet(in, out)) {
        return;
      }
      in.skipNBytes(3); // version, command, reserved
      int kind = in.readByte();
      String host =
          switch (kind) {
            case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
            case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
            default -> text(in);
          };
      asked.add(kind + " " + host + " " + in.readUnsignedShort());
      out.write(new byte[] {5, (byte) reply, 0, 3, 1, 'x', 0, 9}); // bound to a name of one byte
      if (reply == 0) {
        pass(conn);
      }
    } catch (IOException e) {
      // The client has left.
    }
  }

  private boolean greet(DataInputStream in, OutputStream out) throws IOException {
    in.skipNBytes(1); // version
    byte[] methods = in.readNBytes(in.readByte());
    if (credentials.isEmpty()) {
      out.write(new byte[] {5, 0});
      return true;
    }
    if (methods[methods.length - 1] != 2) {
      out.write(new byte[] {5, (byte) 0xff});
      return false;
    }
    out.write(new byte[] {5, 2});
    in.skipNBytes(1); // version
    boolean right = (text(in) + ":" + text(in)).equals(credentials);
    out.write(new byte[] {1, (byte) (right ? 0 : 1)});
    return right;
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
  }

  private void pass(Conn client) throws IOException {
    try (Conn server = Net.dial("tcp", target)) {
      Go.go(
          () -> {
            try (server) {
              client.inputStream().transferTo(server.outputStream());
            } catch (IOException e) {
              // One of them has left.
            }
          });
      server.inputStream().transferTo(client.outputStream());
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
