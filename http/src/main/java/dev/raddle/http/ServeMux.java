package dev.raddle.http;

import dev.raddle.http.internal.Escapes;
import dev.raddle.net.HostPort;
import dev.raddle.net.NetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Picks the handler for a request by its path: Go's {@code http.ServeMux}, of whose patterns it has
 * all but the wildcards in braces.
 *
 * <p>{@code /hello} stands for that path only, {@code /static/} for everything below it, {@code /}
 * for everything. A method in front, {@code GET /hello}, restricts it; GET takes HEAD in. A host in
 * front of the slash, {@code example.org/}, does too. The longest path wins, one with the request's
 * host before one without, one with a method before one without. (Go refuses two patterns of which
 * neither is the more specific one, such as {@code /a/} and {@code GET /}; here the longer path
 * wins.)
 *
 * <p>A request whose path exists only for other methods is answered with 405, one whose path is not
 * in its shortest form, or lacks the slash at its end, with a redirect, anything else with 404.
 *
 * <p>Registering and serving may go on at the same time.
 */
public final class ServeMux implements Handler {
  private record Entry(Pattern pattern, Handler handler) {}

  private record Found(@Nullable Handler handler, SortedSet<String> allowed) {}

  /** By host and path together. Replaced, never changed. */
  private volatile Map<String, List<Entry>> entries = Map.of();

  private volatile boolean hasHosts;

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
   * @throws IllegalArgumentException if the pattern is malformed, or stands for the same requests
   *     as one that was registered before; Go panics with these words
   */
  public synchronized void handle(String pattern, Handler handler) {
    Objects.requireNonNull(handler, "http: nil handler");
    Pattern parsed = Pattern.parse(pattern);
    String key = parsed.host() + parsed.path();
    List<Entry> list = new ArrayList<>(entries.getOrDefault(key, List.of()));
    int at = 0;
    for (Entry entry : list) {
      if (entry.pattern.equalsRequestsOf(parsed)) {
        throw new IllegalArgumentException(
            String.join(
                "",
                "pattern \"" + pattern + "\" conflicts with pattern \"" + entry.pattern.text(),
                "\":\n" + pattern + " matches the same requests as " + entry.pattern.text()));
      }
      if (!entry.pattern.method().isEmpty()) {
        at++; // those with a method are asked first
      }
    }
    list.add(parsed.method().isEmpty() ? list.size() : at, new Entry(parsed, handler));
    Map<String, List<Entry>> copy = new HashMap<>(entries);
    copy.put(key, List.copyOf(list));
    hasHosts |= !parsed.host().isEmpty();
    entries = copy;
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
    String host = hasHosts ? hostOf(r) : "";
    String escaped = r.escapedPath();
    String clean = r.method().equals(Http.METHOD_CONNECT) ? escaped : Paths.clean(escaped);
    String path = Escapes.elements(clean);
    Handler exact = exact(host, path, r.method());
    if (exact == null && lacksSlash(host, path, r.method())) {
      Redirect.to(w, r, clean + "/");
      return;
    }
    if (!clean.equals(escaped)) {
      Redirect.to(w, r, clean);
      return;
    }
    if (exact != null) {
      exact.serveHttp(w, r);
      return;
    }
    Found found = search(host, path, r.method());
    if (found.handler != null) {
      found.handler.serveHttp(w, r);
    } else if (found.allowed.isEmpty()) {
      Http.notFound(w, r);
    } else {
      w.header().set("Allow", String.join(", ", found.allowed));
      Http.error(
          w, Http.statusText(Http.STATUS_METHOD_NOT_ALLOWED), Http.STATUS_METHOD_NOT_ALLOWED);
    }
  }

  /** The usual case: the path itself is registered. */
  private @Nullable Handler exact(String host, String path, String method) {
    Handler handler = host.isEmpty() ? null : pick(entries.get(host + path), method);
    return handler != null ? handler : pick(entries.get(path), method);
  }

  private static @Nullable Handler pick(@Nullable List<Entry> list, String method) {
    if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i).pattern.matchesMethod(method)) {
          return list.get(i).handler;
        }
      }
    }
    return null;
  }

  private boolean lacksSlash(String host, String path, String method) {
    return !path.isEmpty() && !path.endsWith("/") && exact(host, path + "/", method) != null;
  }

  /** From the path up to the root. */
  private Found search(String host, String path, String method) {
    SortedSet<String> allowed = new TreeSet<>();
    for (String prefix = path; !prefix.isEmpty(); prefix = parent(prefix)) {
      Handler handler = exact(host, prefix, method);
      if (handler != null) {
        return new Found(handler, allowed);
      }
      allow(entries.get(prefix), allowed);
      if (!host.isEmpty()) {
        allow(entries.get(host + prefix), allowed);
      }
    }
    return new Found(null, allowed);
  }

  /** {@code /a/b} and {@code /a/b/c/} to {@code /a/} and {@code /a/b/}; the root to nothing. */
  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/', path.length() - 2) + 1);
  }

  private static void allow(@Nullable List<Entry> list, SortedSet<String> allowed) {
    if (list == null) {
      return;
    }
    for (Entry entry : list) {
      allowed.add(entry.pattern.method());
      if (entry.pattern.method().equals(Http.METHOD_GET)) {
        allowed.add(Http.METHOD_HEAD);
      }
    }
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
