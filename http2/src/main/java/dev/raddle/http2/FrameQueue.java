package dev.raddle.http2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.Flags;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.frames.PrefaceFrame;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/*
 * Frames on their way out, as bytes: what is queued while a write is on its way goes out with the
 * next one. Guarded by the session's lock; heads are compressed under it, as their order on the wire
 * must be the encoder's.
 *
 * Why not     Jetty's Generator: it takes a buffer of a whole frame for each head, and cannot be told
 *             how much room a head needs, so that a large one ends the connection.
 */
/** Frames on their way out. */
final class FrameQueue {
  /** Above it writers wait, until what is queued has gone out. */
  static final int HIGH_BYTES = 256 << 10;

  /** Above it not even answers to what a client sends are queued: it does not read. */
  static final int FLOOD_BYTES = 4 * HIGH_BYTES;

  private static final int HEADER_BYTES = 9;
  private static final int FIRST_BYTES = 512;
  private static final byte[] NONE = {};
  private static final int BYTES_PER_CHAR = 4; // Huffman's longest code has 30 bits
  private static final int BYTES_PER_LINE = 16; // two lengths, an index

  private final HpackEncoder encoder = new HpackEncoder();
  private byte[] bytes = NONE; // a connection that rests has none
  private int size;

  FrameQueue() {
    encoder.setValidateEncoding(false); // a client gives the pseudo headers as fields
    encoder.setMaxHeaderListSize(Integer.MAX_VALUE); // else Jetty refuses a head above 4 KB
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size > HIGH_BYTES;
  }

  boolean isFlooded() {
    return size > FLOOD_BYTES;
  }

  /** Takes what is queued, to be written. */
  ByteBuffer take() {
    ByteBuffer taken = ByteBuffer.wrap(bytes, 0, size);
    bytes = NONE;
    size = 0;
    return taken;
  }

  /** The peer's limit for the compression of heads, as an unsigned number, and ours. */
  void setTableSize(int peers, int ours) {
    int capacity = peers < 0 ? ours : Math.min(peers, ours);
    encoder.setMaxTableCapacity(capacity);
    encoder.setTableCapacity(capacity);
  }

  /** Key, value, key, value and so on. */
  void settings(int... pairs) {
    frame(FrameType.SETTINGS, Flags.NONE, 0, pairs.length / 2 * 6);
    for (int i = 0; i < pairs.length; i += 2) {
      bytes[size++] = (byte) (pairs[i] >> 8);
      bytes[size++] = (byte) pairs[i];
      putInt(pairs[i + 1]);
    }
  }

  /** What a client sends before its first frame. */
  void preface() {
    ensure(PrefaceFrame.PREFACE_BYTES.length);
    put(PrefaceFrame.PREFACE_BYTES, 0, PrefaceFrame.PREFACE_BYTES.length);
  }

  void settingsAck() {
    frame(FrameType.SETTINGS, Flags.ACK, 0, 0);
  }

  void ping(byte[] payload) {
    frame(FrameType.PING, Flags.NONE, 0, payload.length);
    put(payload, 0, payload.length);
  }

  void pingAck(byte[] payload) {
    frame(FrameType.PING, Flags.ACK, 0, payload.length);
    put(payload, 0, payload.length);
  }

  void windowUpdate(int streamId, int bytes) {
    frame(FrameType.WINDOW_UPDATE, Flags.NONE, streamId, 4);
    putInt(bytes);
  }

  void reset(int streamId, int error) {
    frame(FrameType.RST_STREAM, Flags.NONE, streamId, 4);
    putInt(error);
  }

  void goAway(int lastStreamId, int error, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    frame(FrameType.GO_AWAY, Flags.NONE, 0, 8 + text.length);
    putInt(lastStreamId);
    putInt(error);
    put(text, 0, text.length);
  }

  void data(int streamId, byte[] source, int offset, int length, boolean last) {
    frame(FrameType.DATA, last ? Flags.END_STREAM : Flags.NONE, streamId, length);
    put(source, offset, length);
  }

  /** Name, value, name, value and so on, one char a byte. */
  static HttpFields fields(List<String> lines) {
    HttpFields.Mutable fields = HttpFields.build(lines.size() / 2);
    for (int i = 0; i < lines.size(); i += 2) {
      fields.add(lines.get(i), lines.get(i + 1));
    }
    return fields;
  }

  /**
   * Queues HEADERS, and CONTINUATION if one frame is not enough.
   *
   * @throws IOException if a line cannot be sent; nothing more can be sent then
   */
  void head(int streamId, MetaData message, boolean last, int maxFrameBytes) throws IOException {
    int room = 8 * BYTES_PER_LINE * BYTES_PER_CHAR;
    for (var field : message.getHttpFields()) {
      String value = field.getValue();
      int chars = field.getName().length() + (value == null ? 0 : value.length());
      room += BYTES_PER_LINE + BYTES_PER_CHAR * chars;
    }
    ensure(HEADER_BYTES + room);
    int start = size + HEADER_BYTES;
    ByteBuffer block = ByteBuffer.wrap(bytes, start, room);
    try {
      encoder.encode(block, message);
    } catch (HpackException e) {
      throw new IOException("http2: head cannot be sent: " + e.getMessage(), e);
    }
    int length = block.position() - start;
    int flags = last ? Flags.END_STREAM : Flags.NONE;
    if (length <= maxFrameBytes) {
      frame(FrameType.HEADERS, flags | Flags.END_HEADERS, streamId, length);
      size += length;
      return;
    }
    byte[] whole = Arrays.copyOfRange(bytes, start, start + length);
    for (int from = 0; from < length; from += maxFrameBytes) {
      int n = Math.min(maxFrameBytes, length - from);
      FrameType type = from == 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      int end = from + n == length ? Flags.END_HEADERS : Flags.NONE;
      frame(type, (from == 0 ? flags : Flags.NONE) | end, streamId, n);
      put(whole, from, n);
    }
  }

  /** Queues the nine bytes that each frame begins with, and makes room for the rest. */
  private void frame(FrameType type, int flags, int streamId, int length) {
    ensure(HEADER_BYTES + length);
    bytes[size++] = (byte) (length >> 16);
    bytes[size++] = (byte) (length >> 8);
    bytes[size++] = (byte) length;
    bytes[size++] = (byte) type.getType();
    bytes[size++] = (byte) flags;
    putInt(streamId);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.max(FIRST_BYTES, 2 * bytes.length)));
    }
  }

  private void putInt(int value) {
    bytes[size++] = (byte) (value >> 24);
    bytes[size++] = (byte) (value >> 16);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  private void put(byte[] source, int offset, int length) {
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }
}
