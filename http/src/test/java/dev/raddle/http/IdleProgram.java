package dev.raddle.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Opens connections, sends a request over each, leaves them idle; told so, it does so again. */
public final class IdleProgram {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: idle\r\nAccept: */*\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private IdleProgram() {}

  /** The server's port and the number of connections are system properties. */
  public static void main(String[] args) throws IOException {
    var server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger("idle.port"));
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < Integer.getInteger("idle.count"); i++) {
      Socket socket = new Socket(server.getAddress(), server.getPort());
      socket.setSoLinger(true, 0); // no port stays taken
      idle.add(socket);
      ask(socket);
    }
    if (System.in.read() < 0) {
      throw new IllegalStateException("a word was expected");
    }
    for (Socket socket : idle) {
      ask(socket);
      socket.close();
    }
  }

  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write(REQUEST);
    StringBuilder answer = new StringBuilder();
    byte[] buffer = new byte[1024];
    while (answer.indexOf("idle?") < 0) {
      int n = socket.getInputStream().read(buffer);
      if (n < 0) {
        throw new IllegalStateException("an answer was expected, found its end: " + answer);
      }
      answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
    }
  }
}
