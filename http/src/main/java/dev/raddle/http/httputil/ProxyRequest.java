package dev.raddle.http.httputil;

import dev.raddle.http.Headers;
import dev.raddle.http.Request;
import dev.raddle.http.RequestBuilder;

/** What a {@link ReverseProxy} got, and what it is about to send: Go's {@code ProxyRequest}. */
public final class ProxyRequest {
  private final Request in;
  private final RequestBuilder out;

  ProxyRequest(Request in, RequestBuilder out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Returns what came. Not to be changed.
   *
   * @return the request
   */
  public Request in() {
    return in;
  }

  /**
   * Returns what is sent: what came, without hop-by-hop and forwarding headers.
   *
   * @return to be changed
   */
  public RequestBuilder out() {
    return out;
  }

  /**
   * Sets where to send the request: the target's path and query are put in front of those that
   * came. The Host header becomes the target's.
   *
   * @param target for example {@code http://backend:8080/base}
   */
  public void setUrl(String target) {
    int mark = target.indexOf('?');
    String base = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    if (!query.isEmpty() && !in.rawQuery().isEmpty()) {
      query += "&";
    }
    query += in.rawQuery();
    String path = in.escapedPath();
    boolean slash = base.endsWith("/");
    String joined =
        slash && path.startsWith("/")
            ? base + path.substring(1)
            : slash || path.startsWith("/") || path.isEmpty() ? base + path : base + "/" + path;
    out.url(query.isEmpty() ? joined : joined + "?" + query);
  }

  /**
   * Sets X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto. What the client sent in them has
   * been removed, as it can be a lie; copy it from {@link #in} before, if a proxy in front is
   * trusted.
   */
  public void setXForwarded() {
    Headers headers = out.headers();
    String address = in.remoteAddress();
    int colon = address.lastIndexOf(':');
    if (colon > 0) {
      String client = address.substring(0, colon).replace("[", "").replace("]", "");
      String known = String.join(", ", headers.values("X-Forwarded-For"));
      headers.set("X-Forwarded-For", known.isEmpty() ? client : known + ", " + client);
    }
    headers.set("X-Forwarded-Host", in.host());
    headers.set("X-Forwarded-Proto", "http");
  }
}
