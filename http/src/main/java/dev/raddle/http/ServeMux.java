package dev.raddle.http;

import dev.raddle.net.HostPort;
import dev.raddle.net.NetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Picks the handler for a request by its path: Go's {@code http.ServeMux}, with the patterns of Go
 * 1.22.
 *
 * <p>{@code [METHOD ][HOST]/[PATH]}: {@code /hello} stands for that path only, {@code /static/} for
 * everything below it, {@code /} for everything. <code>{id}</code> stands for one element of the
 * path, <code>{rest...}</code>, at the end, for all that follows, and <code>/{$}</code> for a slash
 * at the end with nothing behind it; {@link Request#pathValue} tells what they stood for. A method
 * in front, {@code GET /hello}, restricts the pattern; GET takes HEAD in. A host in front of the
 * slash, {@code example.org/}, does too.
 *
 * <p>The most specific pattern wins: the one whose requests are a subset of the other's. Two that
 * have requests in common, of which neither is the more specific one, cannot be registered
 * together, but for this: one with a host is taken before one without.
 *
 * <p>A request whose path exists only for other methods is answered with 405, one whose path is not
 * in its shortest form, or lacks the slash at its end, with a redirect (307), anything else with
 * 404. Elements are compared decoded; an escaped slash, {@code %2F}, does not separate them.
 *
 * <p>Registering and serving may go on at the same time.
 */
public final class ServeMux implements Handler {
  private final List<Route> routes = new ArrayList<>(); // guarded by this
  private volatile @Nullable RouteTree tree = new RouteTree(List.of());

  /**
   * What a mux would do with a request.
   *
   * @param handler what answers, be it a redirect, 404 or 405
   * @param pattern as it was registered, also for a redirect to it; empty if there is none
   */
  public record Choice(Handler handler, String pattern) {}

  /** Makes a mux without patterns. */
  public ServeMux() {}

  /**
   * Registers a handler. The same as {@link #handle}; Go needs both.
   *
   * @param pattern as in {@link #handle}
   * @param handler usually a lambda or a method reference
   * @throws IllegalArgumentException as in {@link #handle}
   */
  public void handleFunc(String pattern, Handler handler) {
    handle(pattern, handler);
  }

  /**
   * Registers a handler.
   *
   * @param pattern {@code [METHOD ][HOST]/[PATH]}
   * @param handler what answers
   * @throws IllegalArgumentException if the pattern is malformed, or conflicts with one that was
   *     registered before; Go panics with these words
   */
  public synchronized void handle(String pattern, Handler handler) {
    Objects.requireNonNull(handler, "http: nil handler");
    Pattern parsed = PatternParser.parse(pattern);
    for (Route route : routes) {
      String conflict = PatternOrder.conflict(parsed, route.pattern());
      if (conflict != null) {
        throw new IllegalArgumentException(
            "pattern \""
                + parsed
                + "\" conflicts with pattern \""
                + route.pattern()
                + "\":\n"
                + conflict);
      }
    }
    routes.add(new Route(parsed, handler));
    tree = null; // made anew at the next request, once for any number of registrations
  }

  /**
   * Says what would answer a request. Go: {@code ServeMux.Handler}.
   *
   * @param r a request; path values are not set in it
   * @return handler and pattern
   */
  public Choice handler(Request r) {
    return find(r, null);
  }

  /**
   * Passes a request on to the handler whose pattern fits best.
   *
   * @param w the response
   * @param r the request
   * @throws Exception what the handler throws
   */
  @Override
  public void serveHttp(ResponseWriter w, Request r) throws Exception {
    if (r.requestUri().equals("*")) {
      if (r.isHttp11()) {
        w.header().set("Connection", "close");
      }
      w.writeHeader(Http.STATUS_BAD_REQUEST);
      return;
    }
    RouteTree t = tree();
    if (!t.hasHosts && r.escapedPath().indexOf('%') < 0) {
      Route route = t.literal(r.method(), r.escapedPath());
      if (route != null) {
        r.match(route.pattern(), List.of());
        route.handler().serveHttp(w, r);
        return;
      }
    }
    find(r, r).handler().serveHttp(w, r);
  }

  private Choice find(Request r, @Nullable Request matched) {
    RouteTree t = tree();
    boolean connect = r.method().equals(Http.METHOD_CONNECT);
    String host = !t.hasHosts ? "" : connect ? r.host() : hostOf(r);
    String escaped = r.escapedPath();
    String path = connect ? escaped : Paths.clean(escaped);
    RouteTree.Match match = t.find(host, r.method(), path);
    if (!isExact(match, path) && !path.endsWith("/") && !path.isEmpty()) {
      RouteTree.Match below = t.find(host, r.method(), path + "/");
      if (below != null && isExact(below, path + "/")) {
        return new Choice(Redirect.toPath(path + "/"), below.route().pattern().text());
      }
    }
    if (!path.equals(escaped)) {
      return new Choice(Redirect.toPath(path), match == null ? "" : match.route().pattern().text());
    }
    if (match != null) {
      Route route = match.route();
      if (matched != null) {
        matched.match(route.pattern(), match.values());
      }
      return new Choice(route.handler(), route.pattern().text());
    }
    SortedSet<String> allowed = t.methodsOf(host, path);
    if (!path.endsWith("/")) { // a path that lacks its slash is not unknown: another method has it
      allowed.addAll(t.methodsOf(host, path + "/"));
    }
    return new Choice(allowed.isEmpty() ? Http::notFound : notAllowed(allowed), "");
  }

  /** Whether it matched without a wildcard at the end standing for something. */
  private static boolean isExact(RouteTree.@Nullable Match match, String path) {
    if (match == null) {
      return false;
    }
    Pattern pattern = match.route().pattern();
    return !pattern.last().multi()
        || (path.endsWith("/")
            && path.chars().filter(c -> c == '/').count() == pattern.segments().size());
  }

  private static Handler notAllowed(SortedSet<String> allowed) {
    return (w, r) -> {
      w.header().set("Allow", String.join(", ", allowed));
      Http.error(
          w, Http.statusText(Http.STATUS_METHOD_NOT_ALLOWED), Http.STATUS_METHOD_NOT_ALLOWED);
    };
  }

  private RouteTree tree() {
    RouteTree known = tree;
    return known != null ? known : newTree();
  }

  private synchronized RouteTree newTree() {
    RouteTree made = new RouteTree(routes);
    tree = made;
    return made;
  }

  private static String hostOf(Request r) {
    String host = r.host();
    if (host.indexOf(':') < 0) {
      return host;
    }
    try {
      return HostPort.parse(host).host();
    } catch (NetException e) {
      return host;
    }
  }
}
