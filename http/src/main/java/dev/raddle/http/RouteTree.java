package dev.raddle.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All the routes of a mux, by host, method and path. Made once, then only read. */
final class RouteTree {
  /** A route and what its wildcards stand for. */
  record Match(Route route, List<String> values) {}

  private final Map<String, Map<String, RouteNode>> hosts = new HashMap<>();

  /** Routes that stand for one path of any host: path, then method. */
  private final Map<String, Map<String, Route>> literals = new HashMap<>();

  final boolean hasHosts;

  RouteTree(List<Route> routes) {
    boolean anyHost = false;
    for (Route route : routes) {
      Pattern pattern = route.pattern();
      anyHost |= !pattern.host().isEmpty();
      hosts
          .computeIfAbsent(pattern.host(), h -> new HashMap<>())
          .computeIfAbsent(pattern.method(), m -> new RouteNode())
          .add(route, 0);
      if (pattern.host().isEmpty() && pattern.isLiteral()) {
        StringBuilder path = new StringBuilder();
        pattern.segments().forEach(s -> path.append(s.example()));
        literals
            .computeIfAbsent(path.toString(), p -> new HashMap<>())
            .put(pattern.method(), route);
      }
    }
    hasHosts = anyHost;
  }

  /** The usual case, without walking: a pattern without wildcards is that path, decoded. */
  @Nullable Route literal(String method, String path) {
    Map<String, Route> methods = literals.get(path);
    return methods == null ? null : byMethod(methods, method, route -> route);
  }

  @Nullable Match find(String host, String method, String path) {
    Match match = host.isEmpty() ? null : findIn(hosts.get(host), method, path);
    return match != null ? match : findIn(hosts.get(""), method, path);
  }

  private static @Nullable Match findIn(
      @Nullable Map<String, RouteNode> methods, String method, String path) {
    return methods == null
        ? null
        : byMethod(
            methods,
            method,
            node -> {
              List<String> values = new ArrayList<>(2);
              Route route = node.find(path, 0, values);
              return route == null ? null : new Match(route, values);
            });
  }

  private interface Find<T, R> {
    @Nullable R in(T value);
  }

  /** The method itself, GET for HEAD, then any. */
  private static <T, R> @Nullable R byMethod(Map<String, T> methods, String method, Find<T, R> f) {
    T own = methods.get(method);
    R found = own == null ? null : f.in(own);
    if (found == null && method.equals(Http.METHOD_HEAD)) {
      T get = methods.get(Http.METHOD_GET);
      found = get == null ? null : f.in(get);
    }
    if (found == null) {
      T any = methods.get("");
      found = any == null ? null : f.in(any);
    }
    return found;
  }

  /** The methods for which there is a route, sorted. */
  SortedSet<String> methodsOf(String host, String path) {
    SortedSet<String> allowed = new TreeSet<>();
    for (String h : host.isEmpty() ? List.of("") : List.of(host, "")) {
      hosts
          .getOrDefault(h, Map.of())
          .forEach(
              (method, node) -> {
                if (node.find(path, 0, new ArrayList<>()) != null) {
                  allowed.add(method);
                }
              });
    }
    if (allowed.contains(Http.METHOD_GET)) {
      allowed.add(Http.METHOD_HEAD);
    }
    return allowed;
  }
}
