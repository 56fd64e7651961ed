package dev.raddle.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client that knows no HTTP but where a head ends: it sends and gets bytes. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawClient(InetSocketAddress server) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.setSoTimeout(10_000);
    in = socket.getInputStream();
  }

  RawClient send(String bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    } catch (SocketException e) {
      // The server has refused the request before it was sent; its answer can still be read.
    }
    return this;
  }

  /** Sends; says whether the server was there to take it. */
  boolean offer(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Everything until the server closes. */
  String readAll() throws IOException {
    return maskDate(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
  }

  /** A head and as many bytes after it. */
  String read(int bodyBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return maskDate(text);
      }
      bytes.write(b);
      text = bytes.toString(StandardCharsets.ISO_8859_1);
    }
    bytes.write(in.readNBytes(bodyBytes));
    return maskDate(bytes.toString(StandardCharsets.ISO_8859_1));
  }

  static String maskDate(String response) {
    return response.replaceAll("\r\nDate: [^\r]*", "\r\nDate: D");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
