package dev.raddle.http;

import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.Target;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests by which other sites could act in a user's name: Go's {@code
 * http.CrossOriginProtection}. It trusts what browsers say in Sec-Fetch-Site, or else in Origin; a
 * request that has neither does not come from a browser, or not from another site, and passes. GET,
 * HEAD and OPTIONS always pass: they must not change anything.
 *
 * <pre>{@code
 * Handler safe = new CrossOriginProtection().handler(mux);
 * }</pre>
 */
public final class CrossOriginProtection {
  private final Set<String> trusted = ConcurrentHashMap.newKeySet();
  private final ServeMux bypasses = new ServeMux();
  private volatile @Nullable Handler deny;

  /** Makes one that trusts no other origin. */
  public CrossOriginProtection() {}

  /**
   * Lets requests from another origin pass.
   *
   * @param origin {@code scheme://host[:port]}, as browsers write it
   * @throws IllegalArgumentException if it is not of that form
   */
  public void addTrustedOrigin(String origin) {
    Target target;
    try {
      target = Target.parse(Http.METHOD_GET, origin);
    } catch (BadRequest e) {
      throw wrong(origin, e);
    }
    if (target.host().isEmpty()
        || !target.userInfo().isEmpty()
        || !target.escapedPath().isEmpty()
        || origin.indexOf('?') >= 0
        || origin.indexOf('#') >= 0) {
      throw wrong(origin, null);
    }
    trusted.add(origin);
  }

  private static IllegalArgumentException wrong(String origin, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "invalid origin, expected scheme://host[:port], found " + origin, cause);
  }

  /**
   * Lets requests pass that match a pattern. Take care: they are not protected.
   *
   * @param pattern as in {@link ServeMux#handle}
   * @throws IllegalArgumentException as in {@link ServeMux#handle}
   */
  public void addInsecureBypassPattern(String pattern) {
    bypasses.handle(pattern, Http::notFound);
  }

  /**
   * Sets what answers refused requests. The default is 403 and the reason.
   *
   * @param handler what answers
   */
  public void setDenyHandler(Handler handler) {
    deny = handler;
  }

  /**
   * Looks at a request.
   *
   * @param r the request
   * @return null if it may pass, else why it must not
   */
  public @Nullable String check(Request r) {
    String method = r.method();
    if (method.equals(Http.METHOD_GET)
        || method.equals(Http.METHOD_HEAD)
        || method.equals(Http.METHOD_OPTIONS)) {
      return null;
    }
    String site = r.header("Sec-Fetch-Site");
    if (site.equals("same-origin") || site.equals("none")) {
      return null;
    }
    String origin = r.header("Origin");
    if (site.isEmpty() && (origin.isEmpty() || origin.endsWith("://" + r.host()))) {
      return null; // the scheme cannot be told behind a proxy; HSTS is the answer to that
    }
    if (isExempt(r)) {
      return null;
    }
    return site.isEmpty()
        ? "cross-origin request detected, and/or browser is out of date: "
            + "Sec-Fetch-Site is missing, and Origin does not match Host"
        : "cross-origin request detected from Sec-Fetch-Site header";
  }

  private boolean isExempt(Request r) {
    return trusted.contains(r.header("Origin")) || !bypasses.handler(r).pattern().isEmpty();
  }

  /**
   * Protects a handler.
   *
   * @param handler gets the requests that pass
   * @return the handler to register
   */
  public Handler handler(Handler handler) {
    return (w, r) -> {
      String reason = check(r);
      Handler refuse = deny;
      if (reason == null) {
        handler.serveHttp(w, r);
      } else if (refuse != null) {
        refuse.serveHttp(w, r);
      } else {
        Http.error(w, reason, Http.STATUS_FORBIDDEN);
      }
    };
  }
}
