package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What a server speaks when nobody brings another protocol; the rest is tested where one is. */
class ProtocolsTest {
  @Test
  void withoutAModuleThereIsHttp1Alone() {
    assertArrayEquals(new String[] {"http/1.1"}, Protocols.alpn());
    assertNull(Protocols.agreed("h2"));
    ServerBuilder builder = Server.builder().h2c(false);
    assertThrows(IllegalStateException.class, () -> builder.h2c(true));
  }

  @Test
  void limitsAreChecked() {
    Http2Config limits = Http2Config.DEFAULT.withMaxConcurrentStreams(7).withMaxControlFrames(8);
    assertEquals(7, limits.maxConcurrentStreams());
    assertEquals(8, limits.maxControlFrames());
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxConcurrentStreams(0));
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxReceiveBuffers(65_534, 1));
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxReceiveBuffers(65_535, 0));
  }
}
