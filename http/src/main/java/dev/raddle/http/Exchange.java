package dev.raddle.http;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.internal.ResponseParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on one connection. A body is written by a goroutine of its own, as
 * the server may answer before it has all of it.
 */
final class Exchange {
  private static final int MAX_INTERIM_RESPONSES = 100;
  private static final long LAST_WRITE_MILLIS = 50; // Go's maxWriteWaitBeforeConnReuse

  private final TransportBuilder config;
  private final ClientConnection connection;
  private final Request request;
  private final boolean throughProxy;
  private final boolean gzip;
  private final Chan<Boolean> mayContinue = Chan.make(1);
  private final Chan<Void> finished = Chan.make();
  private final AtomicBoolean over = new AtomicBoolean();
  private final CountDownLatch written = new CountDownLatch(1);
  private volatile @Nullable IOException writeFailure;
  private boolean keeps;

  Exchange(
      TransportBuilder config, ClientConnection connection, Request request, boolean throughProxy) {
    this.config = config;
    this.connection = connection;
    this.request = request;
    this.throughProxy = throughProxy;
    gzip = Unpacked.isOffered(config, request);
  }

  Response run() throws IOException {
    boolean answered = false;
    try {
      watchContext();
      startWriting();
      Response response = read();
      answered = true;
      return response;
    } catch (IOException e) {
      Transport.checkContext(request.context());
      throw e;
    } finally {
      if (!answered) {
        end(false);
      }
    }
  }

  private void watchContext() {
    Context context = request.context();
    if (context != Context.background()) {
      Go.go(
          () -> {
            boolean ended =
                Go.select(
                    context.done().onRecv(nothing -> true), finished.onRecv(nothing -> false));
            if (ended) {
              end(false); // unless it is over: the connection may be at somebody else's request
            }
          });
    }
  }

  private void startWriting() throws IOException {
    RequestWriter writer = new RequestWriter(connection.out());
    boolean close =
        !config.keepAlives || request.headers().get("Connection").equalsIgnoreCase("close");
    boolean hasBody = request.contentLength() != 0;
    try {
      writer.head(request, throughProxy, gzip, close);
      if (!hasBody) {
        connection.out().flush();
        written.countDown();
        request.body().close();
      }
    } catch (IOException e) {
      throw new StaleConnectionException(
          "net/http: " + e.getMessage(), e, connection.isUnwritten());
    }
    if (hasBody) {
      Go.go(() -> writeBody(writer));
    }
  }

  private void writeBody(RequestWriter writer) {
    try {
      if (!waitForContinue()) {
        request.body().close();
        writeFailure = new IOException("the server did not want the body");
        return;
      }
      writer.body(request);
    } catch (Throwable e) { // whatever the request's body throws: half a request is written
      writeFailure =
          e instanceof IOException io ? io : new IOException("net/http: request body: " + e, e);
      written.countDown();
      giveUpSoon();
    } finally {
      written.countDown();
    }
  }

  /** A response that is on its way is worth more than the failure; else the reader is woken. */
  private void giveUpSoon() {
    try {
      boolean answered =
          Go.select(
              finished.onRecv(nothing -> true),
              Go.after(Duration.ofMillis(LAST_WRITE_MILLIS), () -> false));
      if (!answered) {
        end(false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean waitForContinue() throws IOException {
    boolean expects = request.header("Expect").equalsIgnoreCase("100-continue");
    if (!expects || config.continueNanos <= 0) {
      return true;
    }
    connection.out().flush();
    try {
      return Go.select(
          mayContinue.onRecv(yes -> yes),
          finished.onRecv(nothing -> false),
          Go.after(Duration.ofNanos(config.continueNanos), () -> true));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Response read() throws IOException {
    if (config.headerNanos > 0) {
      connection.intake.setDeadline(Deadline.in(config.headerNanos));
    }
    boolean toHead = request.method().equals(Http.METHOD_HEAD);
    ResponseParser.Head head;
    int interim = 0;
    try {
      awaitFirstByte();
      head = connection.parser().readHead(toHead);
      while (head.status < 200 && head.status != Http.STATUS_SWITCHING_PROTOCOLS) {
        InterimListener listener = request.parts.interim;
        if (listener != null) {
          listener.received(head.status, headers(head));
        }
        if (head.status == Http.STATUS_CONTINUE) {
          mayContinue.trySend(true);
        }
        if (++interim > MAX_INTERIM_RESPONSES) {
          throw new IOException("net/http: too many 1xx informational responses");
        }
        head = connection.parser().readHead(toHead);
      }
    } catch (SocketTimeoutException e) {
      throw timeout(e);
    }
    connection.intake.setDeadline(0);
    mayContinue.trySend(false);
    return response(head);
  }

  private void awaitFirstByte() throws IOException {
    IOException failure = null;
    try {
      if (connection.parser().await()) {
        return;
      }
    } catch (SocketTimeoutException e) {
      throw timeout(e);
    } catch (IOException e) {
      failure = e;
    }
    IOException w = writeFailure;
    if (w != null) {
      String why = "net/http: write failed: " + w.getMessage();
      throw connection.isWriteFailed()
          ? new StaleConnectionException(why, w, connection.isUnwritten())
          : new IOException(why, w);
    }
    throw new StaleConnectionException(
        failure == null ? "EOF" : "net/http: " + failure.getMessage(), failure, false);
  }

  private static IOException timeout(SocketTimeoutException e) {
    SocketTimeoutException clear =
        new SocketTimeoutException("net/http: timeout awaiting response headers");
    clear.initCause(e);
    return clear;
  }

  private static Headers headers(ResponseParser.Head head) {
    Headers headers = new Headers();
    for (int i = 0; i < head.lines.size(); i += 2) {
      headers.add(head.lines.get(i), head.lines.get(i + 1));
    }
    return headers;
  }

  private Response response(ResponseParser.Head head) throws IOException {
    keeps = head.keepsConnection && config.keepAlives;
    Headers headers = headers(head);
    Headers trailer = new Headers();
    InputStream body;
    boolean none = connection.parser().isComplete();
    long length = head.contentLength;
    boolean unpack = false;
    if (head.status == Http.STATUS_SWITCHING_PROTOCOLS) {
      end(true);
      Response upgrade =
          new Response(
              request,
              head.status,
              head.reason,
              proto(head),
              headers,
              trailer,
              InputStream.nullInputStream(),
              0,
              false);
      upgrade.upgrade(
          HijackedConn.of(connection.conn, connection.intake, connection.parser().takeBuffered()));
      return upgrade;
    }
    if (none) {
      finish();
      body = InputStream.nullInputStream();
    } else {
      body = new ClientBody(this, connection, request.context(), trailer);
      unpack = gzip && headers.get("Content-Encoding").equalsIgnoreCase("gzip");
      if (unpack) {
        headers.del("Content-Encoding");
        headers.del("Content-Length");
        length = -1;
        body = new Unpacked(body);
      }
    }
    return new Response(
        request, head.status, head.reason, proto(head), headers, trailer, body, length, unpack);
  }

  private static String proto(ResponseParser.Head head) {
    return head.http11 ? "HTTP/1.1" : "HTTP/1.0";
  }

  /** The body has been read to its end. */
  void finish() {
    boolean sent = false;
    try {
      sent = written.await(LAST_WRITE_MILLIS, TimeUnit.MILLISECONDS) && writeFailure == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (sent && keeps && connection.isQuiet()) {
      if (over.compareAndSet(false, true)) {
        finished.close();
        connection.release();
      }
    } else {
      end(false);
    }
  }

  /** The connection is of no use any more, or belongs to somebody else. */
  void end(boolean handedOver) {
    if (over.compareAndSet(false, true)) {
      finished.close();
      if (!handedOver) {
        connection.close();
      }
    }
  }
}
