package dev.raddle.http;

/** Takes a prefix off decoded and escaped path alike. */
final class StripPrefix implements Handler {
  private final String prefix;
  private final Handler handler;

  StripPrefix(String prefix, Handler handler) {
    this.prefix = prefix;
    this.handler = handler;
  }

  @Override
  public void serveHttp(ResponseWriter w, Request r) throws Exception {
    String escaped = r.escapedPath();
    if (!r.path().startsWith(prefix)) {
      Http.notFound(w, r);
      return;
    }
    if (escaped.startsWith(prefix)) {
      handler.serveHttp(w, r.toBuilder().escapedPath(escaped.substring(prefix.length())).build());
    } else {
      Http.notFound(w, r); // the prefix itself is escaped: not to be cut apart
    }
  }
}
