package dev.raddle.http.spi;

/** What the server does with one {@link ServerStream}: handler, request, response, context. */
public interface StreamExchange {
  /**
   * Answers, on the calling goroutine, which is the stream's own. Calls {@link ServerStream#end} in
   * any case. Throws nothing.
   */
  void run();

  /** The client does not want an answer any more, or is gone: ends the request's context. */
  void gone();
}
