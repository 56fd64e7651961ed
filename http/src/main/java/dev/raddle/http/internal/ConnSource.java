package dev.raddle.http.internal;

import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The receiving direction of a connection.
 *
 * @param conn the connection
 */
public record ConnSource(Conn conn) implements Source {
  @Override
  public int read(ByteBuffer target) throws IOException {
    return conn.read(target);
  }

  @Override
  public void awaitInput() throws IOException {
    conn.awaitInput();
  }

  @Override
  public boolean hasInput() {
    return conn.hasInput();
  }
}
