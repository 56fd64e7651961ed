package dev.raddle.http;

/** Runs the handler for a request, whatever protocol it came by. */
final class Handling {
  private Handling() {}

  /** Returns whether the handler came to its end, so that the response may be completed. */
  static boolean run(Server server, Request request, ServerResponse response) {
    try {
      server.handlerFor(request).serveHttp(response, request);
      return true;
    } catch (Throwable e) {
      if (e instanceof StatusException refused && response.refuse(refused)) {
        return true;
      }
      boolean broken = response.isBroken();
      response.abandon();
      if (!broken && !(e instanceof AbortHandlerException)) {
        server
            .config()
            .log
            .error("http: handler failed on " + request + " from " + request.remoteAddress(), e);
      }
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
  }
}
