package dev.raddle.net;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The two ends of a connection over this machine.
 *
 * @param here the dialed end
 * @param there the accepted end
 */
record Pair(Conn here, Conn there) implements AutoCloseable {
  /** Of tcp, unix or unixpacket. */
  static Pair of(String network) throws IOException, InterruptedException {
    try (Listener listener = listen(network)) {
      Chan<Conn> accepted = Chan.make(1);
      Go.go(() -> accepted.send(listener.accept()));
      Conn here = Net.dial(network, listener.addr().toString());
      return new Pair(here, accepted.recv());
    }
  }

  /** A listener on a free address of this machine. */
  static Listener listen(String network) throws IOException {
    return Net.listen(network, network.startsWith("unix") ? freePath() : "127.0.0.1:0");
  }

  static String freePath() throws IOException {
    Path directory = Files.createTempDirectory("raddle-net");
    directory.toFile().deleteOnExit();
    return directory.resolve("s").toString();
  }

  @Override
  public void close() throws IOException {
    here.close();
    there.close();
  }
}
