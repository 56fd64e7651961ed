package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's net.Listen: addresses, ports and the words of its errors. */
class NetListenTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ":99999|listen tcp :99999: invalid port, expected 0 to 65535, found 99999",
        ":-1|listen tcp :-1: invalid port, expected 0 to 65535, found -1",
        ":nope|listen tcp :nope: unknown port, expected 0 to 65535, http or https, found nope",
        ":-|listen tcp :-: unknown port, expected 0 to 65535, http or https, found -",
        "nohost.invalid:80|listen tcp: lookup nohost.invalid: no such host",
        "8080|listen tcp: address 8080: missing port in address, expected host:port or :port,"
            + " found 8080",
      })
  void badAddressesAreRefusedInGosWords(String address, String message) {
    NetException e = assertThrows(NetException.class, () -> Net.listen("tcp", address));
    assertEquals(message, e.getMessage());
  }

  @Test
  void unknownNetworkIsTheCallersFault() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Net.listen("udp", ":0"));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("expected tcp, tcp4, tcp6, unix or unixpacket, found udp"));
  }

  @Test
  void portZeroGivesAFreePort() throws IOException {
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0")) {
      assertNotEquals(0, listener.address().getPort());
      assertEquals("127.0.0.1", HostPort.of(listener.address()).host());
    }
  }

  @Test
  void emptyHostListensOnAllInterfaces() throws IOException {
    try (Listener listener = Net.listen("tcp", ":0")) {
      assertTrue(listener.address().getAddress().isAnyLocalAddress());
    }
  }

  @Test
  void namesAreLookedUp() throws IOException {
    try (Listener listener = Net.listen("tcp", "localhost:0")) {
      assertTrue(listener.address().getAddress().isLoopbackAddress());
    }
  }

  @Test
  void aPortInUseIsSaidInGosWords() throws IOException {
    try (Listener listener = Net.listen("tcp", "127.0.0.1:0")) {
      String address = HostPort.of(listener.address()).toString();
      NetException e = assertThrows(NetException.class, () -> Net.listen("tcp", address));
      assertEquals("listen tcp " + address + ": bind: address already in use", e.getMessage());
    }
  }
}
