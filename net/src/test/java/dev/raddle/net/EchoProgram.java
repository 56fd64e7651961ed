package dev.raddle.net;

import dev.raddle.Go;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends a byte back and forth, waits for one that does not come, and says so. */
public final class EchoProgram {
  private static final int ROUNDS = 1000;

  private EchoProgram() {}

  /** Echoes, and runs into a deadline. */
  public static void main(String[] args) throws Exception {
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0")) {
      Go.go(
          () -> {
            try (Conn server = listener.accept()) {
              ByteBuffer one = ByteBuffer.allocate(1);
              while (server.read(one.clear()) > 0) {
                server.write(one.flip());
              }
            }
          });
      try (Conn client = Net.dial("tcp", HostPort.of(listener.address()).toString())) {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < ROUNDS; i++) {
          client.write(one.clear());
          client.read(one.clear());
        }
        client.setReadDeadline(Duration.ofNanos(1_500_000));
        try {
          client.read(one.clear());
        } catch (NetException e) {
          System.out.println("echoed " + ROUNDS + ", timeout " + e.isTimeout());
        }
      }
    }
  }
}
