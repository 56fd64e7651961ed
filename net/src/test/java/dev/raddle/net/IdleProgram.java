package dev.raddle.net;

import java.util.ArrayList;
import java.util.List;

/** Opens connections and leaves them idle; told so, it uses each once. */
public final class IdleProgram {
  private IdleProgram() {}

  /** The address and the number of connections are system properties. */
  public static void main(String[] args) throws Exception {
    List<Conn> idle = new ArrayList<>();
    for (int i = 0; i < Integer.getInteger("idle.count"); i++) {
      idle.add(Net.dial("tcp", System.getProperty("idle.address")));
    }
    System.in.read();
    for (Conn conn : idle) {
      conn.write(new byte[] {1}, 0, 1);
      if (conn.read(new byte[1], 0, 1) != 1) {
        throw new IllegalStateException("an echo was expected");
      }
      conn.close();
    }
    System.exit(0);
  }
}
