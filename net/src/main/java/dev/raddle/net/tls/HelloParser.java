package dev.raddle.net.tls;

import dev.raddle.net.Conn;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first message of a client (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2) before the engine gets
 * it. It judges nothing: what is malformed is left to the engine.
 */
final class HelloParser {
  /** Go's limit of a message; an engine has a lower one. */
  static final int MAX_BYTES = 1 << 16;

  private static final int RECORD_HEADER_BYTES = 5;
  private static final int MESSAGE_HEADER_BYTES = 4;
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int RANDOM_BYTES = 32;
  private static final int SERVER_NAME = 0;
  private static final int HOST_NAME = 0;
  private static final int ALPN = 16;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int TLS_1_2 = 0x0303;
  private static final int TLS_1_3 = 0x0304;

  private HelloParser() {}

  /** How a look at the first records ends. */
  sealed interface Look {
    /** Not all of it has come. */
    record More() implements Look {}

    /** All of it, without the header of the message. */
    record Whole(ByteBuffer body) implements Look {}

    /** Something else, or too long. */
    record Other() implements Look {}
  }

  /** Puts the message together from records, which stay as they are. */
  static Look look(ByteBuffer records) {
    ByteBuffer in = records.duplicate();
    ByteBuffer message = ByteBuffer.allocate(records.remaining());
    while (in.remaining() >= RECORD_HEADER_BYTES) {
      int kind = in.get();
      in.getShort(); // a version that says nothing
      int length = Short.toUnsignedInt(in.getShort());
      if (kind != HANDSHAKE || length == 0) {
        return new Look.Other();
      }
      int there = Math.min(length, in.remaining());
      message.put(in.slice(in.position(), there));
      in.position(in.position() + there);
      if (message.position() >= MESSAGE_HEADER_BYTES) {
        int header = message.getInt(0);
        int size = header & 0xFFFFFF;
        if (header >>> 24 != CLIENT_HELLO || size > MAX_BYTES) {
          return new Look.Other();
        }
        if (message.position() >= MESSAGE_HEADER_BYTES + size) {
          return new Look.Whole(message.slice(MESSAGE_HEADER_BYTES, size));
        }
      }
    }
    return new Look.More();
  }

  /** Null if it is malformed. */
  static @Nullable ClientHelloInfo parse(ByteBuffer body, Conn conn) {
    try {
      int version = Short.toUnsignedInt(body.getShort());
      take(body, RANDOM_BYTES);
      take(body, body.get() & 0xFF); // the session
      take(body, Short.toUnsignedInt(body.getShort())); // ciphers
      take(body, body.get() & 0xFF); // compression
      String name = "";
      List<String> protos = List.of();
      List<TlsVersion> versions = version >= TLS_1_2 ? List.of(TlsVersion.TLS_1_2) : List.of();
      ByteBuffer extensions =
          body.hasRemaining() ? take(body, Short.toUnsignedInt(body.getShort())) : Buffers.NONE;
      while (extensions.hasRemaining()) {
        int type = Short.toUnsignedInt(extensions.getShort());
        ByteBuffer value = take(extensions, Short.toUnsignedInt(extensions.getShort()));
        switch (type) {
          case SERVER_NAME -> name = serverName(value);
          case ALPN -> protos = protocols(value);
          case SUPPORTED_VERSIONS -> versions = versions(value);
          default -> {}
        }
      }
      return new ClientHelloInfo(name, protos, versions, conn);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static String serverName(ByteBuffer value) {
    ByteBuffer names = take(value, Short.toUnsignedInt(value.getShort()));
    while (names.hasRemaining()) {
      int type = names.get();
      String name = text(take(names, Short.toUnsignedInt(names.getShort())));
      if (type == HOST_NAME) {
        return name.toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static List<String> protocols(ByteBuffer value) {
    List<String> protocols = new ArrayList<>();
    ByteBuffer names = take(value, Short.toUnsignedInt(value.getShort()));
    while (names.hasRemaining()) {
      protocols.add(text(take(names, names.get() & 0xFF)));
    }
    return protocols;
  }

  private static List<TlsVersion> versions(ByteBuffer value) {
    List<TlsVersion> versions = new ArrayList<>();
    ByteBuffer numbers = take(value, value.get() & 0xFF);
    while (numbers.hasRemaining()) {
      switch (Short.toUnsignedInt(numbers.getShort())) {
        case TLS_1_2 -> versions.add(TlsVersion.TLS_1_2);
        case TLS_1_3 -> versions.add(TlsVersion.TLS_1_3);
        default -> {} // one of others, or a random one (RFC 8701)
      }
    }
    return versions;
  }

  private static ByteBuffer take(ByteBuffer from, int bytes) {
    if (bytes > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = from.slice(from.position(), bytes);
    from.position(from.position() + bytes);
    return part;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }
}
