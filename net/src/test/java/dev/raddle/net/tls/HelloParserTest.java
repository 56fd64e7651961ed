package dev.raddle.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.net.tls.HelloParser.Look;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The first message of a client, as the JDK writes it, in all kinds of pieces. */
class HelloParserTest {
  private static final int HEADER = 5; // of a record
  private static byte[] record = {};

  @BeforeAll
  static void write() throws Exception {
    TlsConfig config = Certs.client().nextProtos("h2", "http/1.1").build();
    SSLEngine engine = config.client("localhost", 1);
    ByteBuffer out = ByteBuffer.allocate(Buffers.BYTES);
    engine.beginHandshake();
    engine.wrap(Buffers.NONE, out);
    record = new byte[out.flip().remaining()];
    out.get(record);
  }

  private static ClientHelloInfo parse(Look look) throws Exception {
    ByteBuffer body = assertInstanceOf(Look.Whole.class, look).body();
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) { // for an address
      ClientHelloInfo hello = HelloParser.parse(body, pair.server().netConn());
      assertNotNull(hello);
      return hello;
    }
  }

  private static void check(ClientHelloInfo hello) {
    assertEquals("localhost", hello.serverName());
    assertEquals(List.of("h2", "http/1.1"), hello.supportedProtos());
    assertEquals(List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), hello.supportedVersions());
  }

  @Test
  void itIsReadOnceAllOfItIsThere() throws Exception {
    for (int n = 0; n < record.length; n++) {
      assertInstanceOf(Look.More.class, HelloParser.look(ByteBuffer.wrap(record, 0, n)));
    }
    ByteBuffer whole = ByteBuffer.wrap(record);
    check(parse(HelloParser.look(whole)));
    assertEquals(0, whole.position(), "left for the engine");
  }

  @Test
  void itMayComeInManyRecords() throws Exception {
    ByteBuffer small = ByteBuffer.allocate(record.length * (HEADER + 1));
    for (int i = HEADER; i < record.length; i++) {
      small.put(record, 0, 3).putShort((short) 1).put(record[i]);
    }
    check(parse(HelloParser.look(small.flip())));
  }

  @Test
  void somethingElseIsNotIt() {
    byte[] other = record.clone();
    other[HEADER] = 2; // a ServerHello
    assertInstanceOf(Look.Other.class, HelloParser.look(ByteBuffer.wrap(other)));
    other = record.clone();
    other[0] = 21; // an alert
    assertInstanceOf(Look.Other.class, HelloParser.look(ByteBuffer.wrap(other)));
    other = record.clone();
    other[HEADER + 1] = 2; // 128 KB
    assertInstanceOf(Look.Other.class, HelloParser.look(ByteBuffer.wrap(other)));
  }

  /** Whatever bytes come, they are read or refused; no other exception comes out. */
  @Test
  void aMalformedOneIsLeftToTheEngine() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      int refused = 0;
      int message = HEADER + 4;
      for (int at = message; at < record.length; at++) {
        byte[] bad = record.clone();
        bad[at] = (byte) 0xFF;
        if (HelloParser.parse(
                ByteBuffer.wrap(bad, message, bad.length - message).slice(),
                pair.server().netConn())
            == null) {
          refused++;
        }
        HelloParser.parse(
            ByteBuffer.wrap(record, message, at - message).slice(), pair.server().netConn());
      }
      assertTrue(refused > 10, "of wrong lengths: " + refused);
    }
  }
}
