package dev.raddle.http.httptest;

import dev.raddle.http.Headers;
import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Keeps what a handler answers: Go's {@code httptest.ResponseRecorder}.
 *
 * <pre>{@code
 * ResponseRecorder recorder = new ResponseRecorder();
 * handler.serveHttp(recorder, Request.received("GET", "/hello").build());
 * assertEquals(200, recorder.status());
 * }</pre>
 */
public final class ResponseRecorder implements ResponseWriter {
  private final Headers headers = new Headers();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Headers sent = new Headers();
  private int status;
  private boolean flushed;

  /** Makes an empty recorder. */
  public ResponseRecorder() {}

  @Override
  public Headers header() {
    return headers;
  }

  @Override
  public void writeHeader(int newStatus) {
    if (newStatus < 100 || newStatus > 999) {
      throw new IllegalArgumentException(
          "writeHeader: invalid status, expected 100 to 999, found " + newStatus);
    }
    if (status == 0 && newStatus >= 200) {
      status = newStatus;
      sent = headers.copy();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (status == 0) {
      if (!headers.contains("Content-Type") && headers.get("Transfer-Encoding").isEmpty()) {
        byte[] first = new byte[Math.min(length, 512)];
        System.arraycopy(bytes, offset, first, 0, first.length);
        headers.set("Content-Type", Http.detectContentType(first));
      }
      writeHeader(Http.STATUS_OK);
    }
    body.write(bytes, offset, length);
  }

  @Override
  public void flush() {
    if (status == 0) {
      writeHeader(Http.STATUS_OK);
    }
    flushed = true;
  }

  /**
   * Returns the status.
   *
   * @return 200 if the handler set none
   */
  public int status() {
    return status == 0 ? Http.STATUS_OK : status;
  }

  /**
   * Returns the header lines as they were when the header was written. Go: {@code Result().Header}.
   *
   * @return a copy
   */
  public Headers sentHeaders() {
    return status == 0 ? headers.copy() : sent;
  }

  /**
   * Returns the body.
   *
   * @return as UTF-8
   */
  public String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  /**
   * Says whether the handler has flushed.
   *
   * @return true if so
   */
  public boolean isFlushed() {
    return flushed;
  }

  /**
   * Returns all of it as a client would see it. Go: {@code Result}.
   *
   * @param request what was answered
   * @return the response
   */
  public Response result(Request request) {
    return Response.of(request, status(), sentHeaders(), body.toByteArray());
  }
}
