package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** A client that knows what a frame is, and no rules: it sends and gets what a test says. */
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int INTERNAL_ERROR = 2;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int REFUSED_STREAM = 7;
  static final int CANCEL = 8;
  static final int ENHANCE_YOUR_CALM = 11;

  private final Socket socket;
  private final DataInputStream in;
  private final HpackDecoder decoder = new HpackDecoder(1 << 20, System::nanoTime);

  /** A frame as it came. */
  record Frame(int type, int flags, int streamId, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Of RST_STREAM, or of GOAWAY. */
    int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    int lastStreamId() {
      return ByteBuffer.wrap(payload).getInt(0);
    }
  }

  /** What came on a stream, up to its end. */
  record Answer(int status, Map<String, String> head, String body, Map<String, String> trailer) {
    String header(String name) {
      return head.getOrDefault(name, "");
    }
  }

  /** Begins with the preface and settings. */
  FrameClient(InetSocketAddress server, int... settings) throws IOException {
    this(server, preface());
    sendSettings(settings);
  }

  /** Begins with some bytes. */
  FrameClient(InetSocketAddress server, byte[] first) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    send(first);
  }

  /** The other end of a connection, for {@link FrameServer}. */
  FrameClient(Socket accepted) throws IOException {
    socket = accepted;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  static byte[] preface() {
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void sendFrame(int type, int flags, int streamId, byte... payload) throws IOException {
    send(frame(type, flags, streamId, payload));
  }

  static byte[] frame(int type, int flags, int streamId, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt((payload.length << 8) | type)
        .put((byte) flags)
        .putInt(streamId)
        .put(payload)
        .array();
  }

  void sendSettings(int... pairs) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
    }
    sendFrame(SETTINGS, 0, 0, payload.array());
  }

  void sendWindowUpdate(int streamId, int bytes) throws IOException {
    sendFrame(WINDOW_UPDATE, 0, streamId, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  void sendReset(int streamId, int error) throws IOException {
    sendFrame(RST_STREAM, 0, streamId, ByteBuffer.allocate(4).putInt(error).array());
  }

  void sendData(int streamId, String text, boolean last) throws IOException {
    sendFrame(DATA, last ? END_STREAM : 0, streamId, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Pseudo headers are those of a request to localhost; more lines are name, value and so on. */
  void sendRequest(int streamId, String method, String path, boolean last, String... lines)
      throws IOException {
    sendHead(streamId, last, request(method, path, lines));
  }

  static String[] request(String method, String path, String... lines) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of(":method", method, ":scheme", "http"));
    all.addAll(List.of(":path", path, ":authority", "localhost"));
    all.addAll(Arrays.asList(lines));
    return all.toArray(String[]::new);
  }

  void sendHead(int streamId, boolean last, String... lines) throws IOException {
    sendFrame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), streamId, block(lines));
  }

  /** Each line literally and without an index. */
  static byte[] block(String... lines) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < lines.length; i++) {
      if (i % 2 == 0) {
        block.write(0);
      }
      byte[] text = lines[i].getBytes(StandardCharsets.UTF_8);
      if (text.length < 127) {
        block.write(text.length);
      } else {
        block.write(127); // RFC 7541, 5.1
        int rest = text.length - 127;
        while (rest >= 128) {
          block.write(rest % 128 + 128);
          rest /= 128;
        }
        block.write(rest);
      }
      block.writeBytes(text);
    }
    return block.toByteArray();
  }

  /** The next frame, of whatever kind; settings are acknowledged. */
  Frame next() throws IOException {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int streamId = in.readInt();
    byte[] payload = new byte[lengthAndType >>> 8];
    in.readFully(payload);
    Frame frame = new Frame(lengthAndType & 0xff, flags, streamId, payload);
    if (frame.type == SETTINGS && !frame.has(ACK)) {
      sendFrame(SETTINGS, ACK, 0);
    }
    return frame;
  }

  /** The next frame of this kind; others are skipped, heads decoded. */
  Frame next(int type) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame.type == type) {
        return frame;
      }
      if (frame.type == HEADERS) {
        decode(frame);
      }
      failAtGoAway(frame);
    }
  }

  private static void failAtGoAway(Frame frame) throws IOException {
    if (frame.type == GOAWAY && frame.error() != NO_ERROR) {
      throw new IOException("went away with " + frame.error() + " " + frame.text().substring(8));
    }
  }

  Map<String, String> decode(Frame head) throws IOException {
    assertTrue(head.has(END_HEADERS), "continued head");
    try {
      MetaData data = decoder.decode(ByteBuffer.wrap(head.payload));
      Map<String, String> lines = new TreeMap<>();
      if (data instanceof MetaData.Response response) {
        lines.put(":status", Integer.toString(response.getStatus()));
      }
      for (HttpField field : data.getHttpFields()) {
        lines.merge(
            field.getLowerCaseName(), String.valueOf(field.getValue()), (a, b) -> a + "|" + b);
      }
      return lines;
    } catch (HpackException e) {
      throw new IOException(e);
    }
  }

  /** What comes on a stream, the windows being widened as it does. */
  Answer answer(int streamId) throws IOException {
    Map<String, String> head = Map.of();
    Map<String, String> trailer = Map.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean ended = false;
    while (!ended) {
      Frame frame = next();
      if (frame.type == HEADERS) {
        Map<String, String> lines = decode(frame);
        if (frame.streamId == streamId) {
          if (head.isEmpty()) {
            head = lines;
          } else {
            trailer = lines;
          }
          ended = frame.has(END_STREAM);
        }
      } else if (frame.type == DATA && frame.streamId == streamId) {
        body.writeBytes(frame.payload);
        ended = frame.has(END_STREAM);
        if (frame.payload.length > 0) {
          sendWindowUpdate(0, frame.payload.length);
          if (!ended) {
            sendWindowUpdate(streamId, frame.payload.length);
          }
        }
      } else if (frame.type == RST_STREAM && frame.streamId == streamId) {
        throw new IOException("reset with " + frame.error());
      }
      failAtGoAway(frame);
    }
    int status = Integer.parseInt(head.getOrDefault(":status", "0"));
    return new Answer(status, head, body.toString(StandardCharsets.UTF_8), trailer);
  }

  Answer get(int streamId, String path) throws IOException {
    sendRequest(streamId, "GET", path, true);
    return answer(streamId);
  }

  void assertReset(int streamId, int error) throws IOException {
    Frame frame = next(RST_STREAM);
    while (frame.streamId != streamId) {
      frame = next(RST_STREAM);
    }
    assertEquals(error, frame.error());
  }

  /** The bytes of whatever comes first. */
  String read(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** The server says why, and closes. */
  void assertGoesAway(int error) throws IOException {
    assertEquals(error, next(GOAWAY).error());
    assertCloses();
  }

  void assertCloses() throws IOException {
    try {
      while (true) {
        next();
      }
    } catch (EOFException | SocketException e) {
      // As it should be.
    }
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
