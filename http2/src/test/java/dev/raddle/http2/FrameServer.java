package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Go;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.RoundTripper;
import dev.raddle.http.Transport;
import dev.raddle.http.TransportBuilder;
import dev.raddle.http2.FrameClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** A server that knows what a frame is, and no rules: {@link FrameClient}, turned around. */
final class FrameServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final ServerSocket listener;

  FrameServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listener.setSoTimeout(PATIENCE_MILLIS);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/";
  }

  /** What the transport of a test begins with. */
  static TransportBuilder transport() {
    return Transport.builder().proxy(request -> null).h2c(true);
  }

  Request get() {
    return Request.to("GET", url()).build();
  }

  /** Sends a request on a goroutine of its own. */
  static CompletableFuture<Response> send(RoundTripper transport, Request request) {
    CompletableFuture<Response> future = new CompletableFuture<>();
    Go.go(
        () -> {
          try {
            future.complete(transport.roundTrip(request));
          } catch (Throwable e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** What a request fails with. */
  static Throwable failure(CompletableFuture<Response> future)
      throws InterruptedException, TimeoutException {
    try {
      Response response = future.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      throw new AssertionError("expected a failure, found " + response);
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }

  /** Accepts a connection without a word. */
  Socket acceptSilently() throws IOException {
    return listener.accept();
  }

  /** Accepts a connection, reads the preface and sends SETTINGS. */
  Peer accept(int... settings) throws IOException {
    Peer peer = new Peer(acceptSilently());
    peer.frames.sendSettings(settings);
    return peer;
  }

  /** Whether somebody dials within a short time. */
  boolean isDialed(int millis) throws IOException {
    listener.setSoTimeout(millis);
    try {
      listener.accept().close();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      listener.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  /** The head of a request, or its trailer. */
  record Head(int streamId, Map<String, String> lines, boolean last) {
    String line(String name) {
      return lines.getOrDefault(name, "");
    }
  }

  /** The server's end of a connection. */
  static final class Peer implements AutoCloseable {
    final FrameClient frames;
    private final HpackDecoder decoder = new HpackDecoder(1 << 20, System::nanoTime);
    private final List<Head> skipped = new ArrayList<>();

    Peer(Socket socket) throws IOException {
      frames = new FrameClient(socket);
      byte[] preface = socket.getInputStream().readNBytes(PREFACE.length());
      assertEquals(PREFACE, new String(preface, StandardCharsets.US_ASCII));
    }

    /** The next frame of this kind on this stream; heads that come before are kept. */
    Frame next(int type, int streamId) throws IOException {
      while (true) {
        Frame frame = frames.next();
        if (frame.type() == type && frame.streamId() == streamId) {
          return frame;
        }
        if (frame.type() == FrameClient.HEADERS) {
          skipped.add(decode(frame));
        }
      }
    }

    /** The next head. */
    Head head() throws IOException {
      while (skipped.isEmpty()) {
        Frame frame = frames.next();
        if (frame.type() == FrameClient.HEADERS) {
          skipped.add(decode(frame));
        }
      }
      return skipped.removeFirst();
    }

    private Head decode(Frame frame) throws IOException {
      ByteBuffer block = ByteBuffer.allocate(1 << 20).put(frame.payload());
      Frame part = frame;
      while (!part.has(FrameClient.END_HEADERS)) {
        part = frames.next();
        assertEquals(FrameClient.CONTINUATION, part.type());
        block.put(part.payload());
      }
      try {
        MetaData data = decoder.decode(block.flip());
        Map<String, String> lines = new TreeMap<>();
        if (data instanceof MetaData.Request request) {
          lines.put(":method", request.getMethod());
          lines.put(":scheme", String.valueOf(request.getHttpURI().getScheme()));
          lines.put(":authority", String.valueOf(request.getHttpURI().getAuthority()));
          lines.put(":path", String.valueOf(request.getHttpURI().getPathQuery()));
        }
        for (HttpField field : data.getHttpFields()) {
          lines.merge(field.getName(), String.valueOf(field.getValue()), (a, b) -> a + "|" + b);
        }
        return new Head(frame.streamId(), lines, frame.has(FrameClient.END_STREAM));
      } catch (HpackException e) {
        throw new IOException(e);
      }
    }

    /** Reads the body of a request to its end. */
    byte[] body(int streamId) throws IOException {
      var body = new ByteArrayOutputStream();
      while (true) {
        Frame frame = next(FrameClient.DATA, streamId);
        body.writeBytes(frame.payload());
        if (frame.has(FrameClient.END_STREAM)) {
          return body.toByteArray();
        }
        if (frame.payload().length > 0) {
          frames.sendWindowUpdate(0, frame.payload().length);
          frames.sendWindowUpdate(streamId, frame.payload().length);
        }
      }
    }

    /** Answers 200, and with a body if it is not empty. */
    void answer(int streamId, String body) throws IOException {
      frames.sendHead(streamId, body.isEmpty(), ":status", "200");
      if (!body.isEmpty()) {
        frames.sendData(streamId, body, true);
      }
    }

    void goAway(int lastStreamId, int error, String text) throws IOException {
      byte[] debug = text.getBytes(StandardCharsets.UTF_8);
      byte[] payload =
          ByteBuffer.allocate(8 + debug.length)
              .putInt(lastStreamId)
              .putInt(error)
              .put(debug)
              .array();
      frames.sendFrame(FrameClient.GOAWAY, 0, 0, payload);
    }

    int resetOf(int streamId) throws IOException {
      return next(FrameClient.RST_STREAM, streamId).error();
    }

    @Override
    public void close() throws IOException {
      frames.close();
    }
  }
}
