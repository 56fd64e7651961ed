package dev.raddle.http;

/** Answers a request: Go's {@code http.Handler} and {@code http.HandlerFunc} in one. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers one request. Runs on the goroutine of the connection and may block; the next request of
   * the connection waits until it returns. When it returns the response is complete.
   *
   * @param w the response; not to be used after the return, nor by two threads at a time
   * @param r the request; its body is not to be read after the return
   * @throws Exception anything that is thrown is logged with its stack and closes this connection;
   *     what was written and is still buffered is not sent. The server goes on. Go: a panic. But a
   *     {@link StatusException}, before anything was written, is answered with its status
   */
  void serveHttp(ResponseWriter w, Request r) throws Exception;
}
