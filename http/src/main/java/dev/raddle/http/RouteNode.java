package dev.raddle.http;

import dev.raddle.http.internal.Escapes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one host and method, one segment a level. As no two patterns of a mux conflict, the
 * first match is the most specific one if literals are tried first, the wildcard for one element
 * next and the one for all the rest last.
 */
final class RouteNode {
  private final Map<String, RouteNode> literals = new HashMap<>();
  private @Nullable RouteNode wildcard;
  private @Nullable Route rest;
  private @Nullable Route route;

  void add(Route added, int from) {
    List<Segment> segments = added.pattern().segments();
    if (from == segments.size()) {
      route = added;
      return;
    }
    Segment segment = segments.get(from);
    if (segment.multi()) {
      rest = added;
      return;
    }
    RouteNode next;
    if (segment.wild()) {
      next = wildcard;
      if (next == null) {
        next = new RouteNode();
        wildcard = next;
      }
    } else {
      next = literals.computeIfAbsent(segment.text(), text -> new RouteNode());
    }
    next.add(added, from + 1);
  }

  /**
   * Finds the route of a path.
   *
   * @param path not decoded
   * @param from where its next slash is, or its length
   * @param matches gets what the wildcards stand for, decoded
   */
  @Nullable Route find(String path, int from, List<String> matches) {
    if (from >= path.length()) {
      return route;
    }
    boolean end = from == path.length() - 1;
    int slash = end ? path.length() : path.indexOf('/', from + 1);
    int to = slash < 0 ? path.length() : slash;
    String element = end ? "/" : decode(path.substring(from + 1, to));
    RouteNode literal = literals.get(element);
    Route found = literal == null ? null : literal.find(path, to, matches);
    if (found == null && wildcard != null && !end) {
      int size = matches.size();
      matches.add(element);
      found = wildcard.find(path, to, matches);
      if (found == null) {
        matches.subList(size, matches.size()).clear();
      }
    }
    if (found == null && rest != null) {
      if (!rest.pattern().last().text().isEmpty()) {
        matches.add(decode(path.substring(from + 1)));
      }
      return rest;
    }
    return found;
  }

  private static String decode(String text) {
    String decoded = Escapes.path(text);
    return decoded == null ? text : decoded;
  }
}
