package dev.raddle.http;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.spi.ClientStream;
import dev.raddle.http.spi.StreamHead;
import dev.raddle.http.spi.UnansweredException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on one stream of a connection: {@link Exchange}, for protocols that
 * have streams. Here, too, a body is written by a goroutine of its own.
 */
final class StreamedExchange {
  private static final int MAX_INTERIM_RESPONSES = 100;
  private static final int PIECE_BYTES = 16 << 10;

  private final TransportBuilder config;
  private final ClientStream stream;
  private final Request request;
  private final boolean gzip;
  private final Chan<Boolean> mayContinue = Chan.make(1);
  private final AtomicBoolean bodyTaken = new AtomicBoolean();
  private Context.@Nullable Stop watch;
  private volatile @Nullable IOException bodyFailure;

  StreamedExchange(TransportBuilder config, ClientStream stream, Request request) {
    this.config = config;
    this.stream = stream;
    this.request = request;
    gzip = Unpacked.isOffered(config, request);
  }

  /**
   * Sends the request, and waits for the head of the response.
   *
   * @throws UnansweredException if it may be sent again, as far as the server is concerned
   */
  Response run() throws IOException {
    boolean answered = false;
    try {
      if (request.context() != Context.background()) {
        watch = request.context().afterFunc(stream::cancel);
      }
      startWriting();
      Response response = response(awaitHead());
      answered = true;
      return response;
    } catch (UnansweredException e) {
      Transport.checkContext(request.context());
      throw e;
    } catch (IOException e) {
      Transport.checkContext(request.context());
      IOException failure = bodyFailure;
      throw failure == null ? e : failure;
    } finally {
      if (!answered) {
        mayContinue.trySend(false);
        unwatch();
        stream.cancel();
      }
    }
  }

  /** Whether nothing of the body has been read; nothing will be, then. */
  boolean keepBody() {
    return bodyTaken.compareAndSet(false, true);
  }

  private void unwatch() {
    Context.Stop stop = watch;
    if (stop != null) {
      stop.stop();
    }
  }

  private void startWriting() throws IOException {
    boolean hasBody = request.contentLength() != 0;
    if (request.header("Connection").equalsIgnoreCase("close")) {
      stream.closeConnectionAfterwards();
    }
    stream.writeHead(RequestLines.of(request, gzip), !hasBody);
    if (hasBody) {
      Go.go(this::writeBody);
    } else if (keepBody()) {
      request.body().close();
    }
  }

  private void writeBody() {
    boolean wanted = waitForContinue();
    if (!bodyTaken.compareAndSet(false, true)) {
      return; // another stream may get it
    }
    try (InputStream in = request.body()) {
      if (wanted) {
        copy(in);
      }
    } catch (Throwable e) { // whatever the request's body throws: half a request is written
      bodyFailure =
          e instanceof IOException io ? io : new IOException("net/http: request body: " + e, e);
      stream.cancel();
    }
  }

  /** Fails if the body does; if the stream does, its reader knows. */
  private void copy(InputStream in) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    long length = request.contentLength();
    long written = 0;
    int n = in.read(piece);
    while (n >= 0) {
      written += n;
      boolean whole = written == length && in.read() < 0;
      if (length >= 0 && written >= length && !whole) {
        throw wrongLength(length, Math.max(written, length + 1));
      }
      if (n > 0 && !send(piece, n, whole)) {
        return;
      }
      if (whole) {
        return;
      }
      n = in.read(piece);
    }
    if (length >= 0) {
      throw wrongLength(length, written);
    }
    List<String> trailer = RequestLines.trailer(request);
    try {
      if (trailer.isEmpty()) {
        stream.writeBody(piece, 0, 0, true);
      } else {
        stream.writeTrailer(trailer);
      }
    } catch (IOException gone) {
      // As in send().
    }
  }

  private static IOException wrongLength(long declared, long found) {
    return new IOException("http: ContentLength=" + declared + " with Body length " + found);
  }

  private boolean send(byte[] piece, int length, boolean last) {
    try {
      stream.writeBody(piece, 0, length, last);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private boolean waitForContinue() {
    boolean expects = request.header("Expect").equalsIgnoreCase("100-continue");
    if (!expects || config.continueNanos <= 0) {
      return true;
    }
    try {
      return Go.select(
          mayContinue.onRecv(yes -> yes),
          Go.after(Duration.ofNanos(config.continueNanos), () -> true));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private StreamHead awaitHead() throws IOException {
    long deadline = config.headerNanos > 0 ? Deadline.in(config.headerNanos) : 0;
    try {
      StreamHead head = stream.readHead(deadline);
      for (int interim = 1; head.status() < 200; interim++) {
        if (interim > MAX_INTERIM_RESPONSES) {
          throw new IOException("net/http: too many 1xx informational responses");
        }
        InterimListener listener = request.parts.interim;
        if (listener != null) {
          listener.received(head.status(), headers(head));
        }
        if (head.status() == Http.STATUS_CONTINUE) {
          mayContinue.trySend(true);
        }
        head = stream.readHead(deadline);
      }
      mayContinue.trySend(false);
      return head;
    } catch (SocketTimeoutException e) {
      SocketTimeoutException clear =
          new SocketTimeoutException("net/http: timeout awaiting response headers");
      clear.initCause(e);
      throw clear;
    }
  }

  private static Headers headers(StreamHead head) {
    Headers headers = new Headers();
    List<String> lines = head.lines();
    for (int i = 0; i < lines.size(); i += 2) {
      headers.add(lines.get(i), HeaderText.decode(lines.get(i + 1)));
    }
    return headers;
  }

  private Response response(StreamHead head) {
    Headers headers = headers(head);
    Headers trailer = new Headers();
    InputStream body;
    long length = head.contentLength();
    boolean unpack = false;
    if (head.last()) {
      unwatch();
      body = InputStream.nullInputStream();
      length = request.method().equals(Http.METHOD_HEAD) ? length : 0;
    } else {
      body = new StreamedBody(stream, request.context(), watch, trailer);
      unpack = gzip && headers.get("Content-Encoding").equalsIgnoreCase("gzip");
      if (unpack) {
        headers.del("Content-Encoding");
        headers.del("Content-Length");
        length = -1;
        body = new Unpacked(body);
      }
    }
    return new Response(
        request,
        head.status(),
        Http.statusText(head.status()),
        "HTTP/2.0",
        headers,
        trailer,
        body,
        length,
        unpack);
  }
}
