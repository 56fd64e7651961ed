package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares with the bytes that Go 1.27.3's net/http sent for the same requests and handlers
 * (wire.txt, whose names say which behaviour a case shows).
 */
@Timeout(30)
class WireTest {
  private static Server server = Server.builder().build();

  @BeforeAll
  static void start() throws IOException {
    server = Server.builder().addr("127.0.0.1:0").handler(GoTwin.mux()).build();
    server.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  static List<WireCase> cases() throws IOException {
    return WireCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsGoDoesByteForByte(WireCase wire) throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      client.send(wire.request()).endOutput();
      String answer = client.readAll();
      if (wire.ours() != null) {
        assertNotEquals(wire.go(), wire.ours(), "a difference that is none");
      }
      assertEquals(wire.ours() != null ? wire.ours() : wire.go(), answer);
    }
  }
}
