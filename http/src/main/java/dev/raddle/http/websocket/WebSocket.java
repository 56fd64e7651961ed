package dev.raddle.http.websocket;

import dev.raddle.Go;
import dev.raddle.Timer;
import dev.raddle.http.Request;
import dev.raddle.http.ResponseWriter;
import dev.raddle.net.Conn;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A WebSocket: messages both ways. One goroutine reads, any number write.
 *
 * <pre>{@code
 * Http.handle("/echo", (w, r) -> {
 *   try (WebSocket socket = WebSocket.accept(w, r)) {
 *     while (true) {
 *       socket.write(socket.read());
 *     }
 *   } catch (WebSocketException closed) {
 *     // the usual end
 *   }
 * });
 * }</pre>
 */
public final class WebSocket implements Closeable {
  private static final int DEFAULT_MAX_MESSAGE_BYTES = 1 << 20;

  /** Only clients need it. RFC 6455, 10.3: not to be foreseen by who chooses the payload. */
  private static final class Masks {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  private final Conn conn;
  private final FrameReader reader;
  private final boolean masks;
  private final String subprotocol;
  private final ReentrantLock writing = new ReentrantLock();
  private Duration closeTimeout = Duration.ofSeconds(5);
  private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
  private boolean closeSent; // guarded by writing
  private boolean closeReceived; // by who reads, and in order

  WebSocket(Conn conn, boolean isServer, String subprotocol) {
    this.conn = conn;
    this.subprotocol = subprotocol;
    reader = new FrameReader(conn, isServer);
    masks = !isServer;
  }

  /**
   * Accepts a WebSocket of a page of this server. One from another origin is refused with 403: see
   * {@link Upgrade} to allow some.
   *
   * @param w the response, before anything is written
   * @param r the request
   * @return the socket; the caller closes it
   * @throws IOException if the request is none for a WebSocket, which has been answered then
   */
  public static WebSocket accept(ResponseWriter w, Request r) throws IOException {
    return new Upgrade().accept(w, r);
  }

  /**
   * Sets how long a message may be. A longer one ends the conversation with code 1009.
   *
   * @param bytes the default is 1 MB
   */
  public void setMaxMessageBytes(int bytes) {
    maxMessageBytes = bytes;
  }

  /**
   * Returns the protocol that was agreed on.
   *
   * @return empty if there is none
   */
  public String subprotocol() {
    return subprotocol;
  }

  /**
   * Waits for the next message. Answers pings and the closing handshake meanwhile.
   *
   * @return a whole message
   * @throws WebSocketException if the peer has closed, or broken the rules; the connection is
   *     closed. A peer that broke the rules is given time to read why, five seconds at most
   * @throws IOException if the connection is broken
   */
  public Message read() throws IOException {
    try {
      return readMessage();
    } catch (WebSocketException e) {
      fail(e);
      throw e;
    } catch (EOFException e) {
      conn.close();
      throw new WebSocketException(1006, "the peer left without closing");
    }
  }

  private Message readMessage() throws IOException {
    int type = Frame.CONTINUATION;
    Utf8 text = new Utf8();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long total = 0;
    while (true) {
      Frame frame = reader.head();
      if (frame.isControl()) {
        control(frame);
        continue;
      }
      boolean first = frame.opcode() != Frame.CONTINUATION;
      if (first != (type == Frame.CONTINUATION)) {
        throw new WebSocketException(
            1002,
            first ? "a new message within another one" : "a continuation without a beginning");
      }
      type = first ? frame.opcode() : type;
      total += frame.length();
      if (total > maxMessageBytes || total < 0) {
        throw new WebSocketException(1009, "message too big");
      }
      byte[] payload = payload(frame);
      if (type == Frame.BINARY) {
        bytes.write(payload, 0, payload.length);
      } else if (!text.add(payload, frame.fin())) {
        throw new WebSocketException(1007, "text that is not UTF-8");
      }
      if (frame.fin()) {
        return type == Frame.TEXT
            ? new Message.Text(text.take())
            : new Message.Binary(bytes.toByteArray());
      }
    }
  }

  private byte[] payload(Frame frame) throws IOException {
    byte[] payload = new byte[(int) frame.length()];
    reader.payload(payload, 0, payload.length);
    Frame.mask(payload, payload.length, frame.mask());
    return payload;
  }

  private void control(Frame frame) throws IOException {
    byte[] payload = payload(frame);
    switch (frame.opcode()) {
      case Frame.PING -> send(Frame.PONG, payload);
      case Frame.CLOSE -> throw closed(payload);
      default -> {} // a pong needs no answer
    }
  }

  private WebSocketException closed(byte[] payload) {
    if (payload.length == 0) {
      closeReceived = true;
      return new WebSocketException(1005, "");
    }
    if (payload.length == 1) {
      return new WebSocketException(1002, "a close frame with half a code");
    }
    int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
    if (!isValidCode(code)) {
      return new WebSocketException(1002, "a close frame with the code " + code);
    }
    if (!Utf8.isValid(reason)) {
      return new WebSocketException(1007, "a reason that is not UTF-8");
    }
    closeReceived = true;
    return new WebSocketException(code, new String(reason, StandardCharsets.UTF_8));
  }

  /** Those that may be sent: RFC 6455, section 7.4, and IANA's registry. */
  private static boolean isValidCode(int code) {
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
        || (code >= 3000 && code <= 4999);
  }

  /** Tells the peer, unless it has been told, and closes. */
  private void fail(WebSocketException e) throws IOException {
    closeNow(e.code(), String.valueOf(e.getMessage()), !closeReceived);
  }

  /**
   * Sends a message. Waits while another one is being sent.
   *
   * @param message text or bytes
   * @throws IOException if the socket is closed, or the connection broken
   */
  public void write(Message message) throws IOException {
    send(message instanceof Message.Text ? Frame.TEXT : Frame.BINARY, message.toBytes());
  }

  /**
   * Sends text.
   *
   * @param text whole
   * @throws IOException as {@link #write(Message)}
   */
  public void write(String text) throws IOException {
    send(Frame.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends bytes.
   *
   * @param bytes whole; not changed
   * @throws IOException as {@link #write(Message)}
   */
  public void write(byte[] bytes) throws IOException {
    send(Frame.BINARY, bytes);
  }

  /**
   * Sends a ping, to keep the connection or to notice that it is gone. The answer is not reported.
   *
   * @throws IOException as {@link #write(Message)}
   */
  public void ping() throws IOException {
    send(Frame.PING, new byte[0]);
  }

  /**
   * Ends the conversation: sends a close frame, once. The goroutine that reads closes the
   * connection when the peer has answered or left; after five seconds it is closed in any case.
   *
   * @param code 1000, or another one of RFC 6455
   * @param reason at most 123 bytes are sent
   * @throws IOException if the connection is broken
   */
  public void close(int code, String reason) throws IOException {
    closeSoon(); // not stopped: it is for the answer, too
    sendClose(code, reason);
    conn.closeWrite();
  }

  /** A peer that is silent, or does not read, shall not keep the connection and its goroutines. */
  private Timer closeSoon() {
    return Go.afterFunc(closeTimeout, conn::close);
  }

  /** For tests. */
  void setCloseTimeout(Duration time) {
    closeTimeout = time;
  }

  /** Ends the conversation with code 1000, if it has not ended, and closes the connection. */
  @Override
  public void close() throws IOException {
    closeNow(1000, "", false);
  }

  /**
   * Tells the peer, and closes.
   *
   * @param mayBeSending the peer, whose bytes are read and dropped until it has closed, too: a
   *     socket with unread input is reset, and takes with it what the peer has not read. RFC 6455,
   *     7.1.1; for who reads only
   */
  private void closeNow(int code, String reason, boolean mayBeSending) throws IOException {
    Timer late = closeSoon();
    try {
      sendClose(code, reason);
      if (mayBeSending) {
        conn.closeWrite();
        reader.drain();
      }
    } catch (IOException e) {
      // The peer is gone already, or does not want to know.
    } finally {
      late.stop();
      conn.close();
    }
  }

  private void sendClose(int code, String reason) throws IOException {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, Frame.MAX_CONTROL_BYTES - 2);
    while (length > 0 && length < text.length && (text[length] & 0xc0) == 0x80) {
      length--; // not in the middle of a character
    }
    boolean silent = code == 1005 || code == 1006; // never on the wire
    byte[] payload = new byte[silent ? 0 : 2 + length];
    if (!silent) {
      payload[0] = (byte) (code >> 8);
      payload[1] = (byte) code;
      System.arraycopy(text, 0, payload, 2, length);
    }
    writing.lock();
    try {
      if (!closeSent) {
        writeFrame(Frame.CLOSE, payload);
        closeSent = true;
      }
    } finally {
      writing.unlock();
    }
  }

  private void send(int opcode, byte[] payload) throws IOException {
    writing.lock();
    try {
      if (closeSent) {
        if (opcode == Frame.PONG) {
          return; // nobody waits for it any more
        }
        throw new IOException("websocket: write after close");
      }
      writeFrame(opcode, payload);
    } finally {
      writing.unlock();
    }
  }

  private void writeFrame(int opcode, byte[] payload) throws IOException {
    int length = payload.length;
    ByteBuffer out = ByteBuffer.allocate(length + 14);
    out.put((byte) (0x80 | opcode));
    int maskBit = masks ? 0x80 : 0;
    if (length <= Frame.MAX_CONTROL_BYTES) {
      out.put((byte) (maskBit | length));
    } else if (length <= 0xffff) {
      out.put((byte) (maskBit | 126)).putShort((short) length);
    } else {
      out.put((byte) (maskBit | 127)).putLong(length);
    }
    if (masks) {
      int mask = Masks.RANDOM.nextInt();
      byte[] masked = payload.clone();
      Frame.mask(masked, length, mask);
      out.putInt(mask).put(masked);
    } else {
      out.put(payload);
    }
    conn.write(out.flip());
  }
}
