package dev.raddle.http;

import java.io.IOException;

/** A server in a process of its own: says its port, and ends with its input. */
public final class IdleServerProgram {
  private IdleServerProgram() {}

  /** Needs no arguments. */
  public static void main(String[] args) throws IOException {
    Server server =
        Server.builder().addr("127.0.0.1:0").handler((w, r) -> w.write("idle?")).build();
    server.start();
    System.out.println(server.address().getPort());
    if (System.in.read() >= 0) {
      throw new IllegalStateException("the end of the input was expected, found more");
    }
    System.exit(0);
  }
}
