package dev.raddle.http;

import java.util.ArrayList;
import java.util.List;

/** Paths of URLs in their shortest form. */
final class Paths {
  private Paths() {}

  /** Go's cleanPath: no {@code .}, {@code ..} or empty elements; a slash at the end stays. */
  static String clean(String path) {
    if (isClean(path)) {
      return path;
    }
    List<String> kept = new ArrayList<>();
    int from = 0;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      String element = path.substring(from, end);
      if (element.equals("..")) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else if (!element.isEmpty() && !element.equals(".")) {
        kept.add(element);
      }
      from = end + 1;
    }
    String clean = "/" + String.join("/", kept);
    return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
  }

  private static boolean isClean(String path) {
    if (!path.startsWith("/")) {
      return false;
    }
    int slash = path.indexOf('/', 1);
    int start = 1;
    while (start < path.length()) {
      int end = slash < 0 ? path.length() : slash;
      int length = end - start;
      if (length == 0
          || (path.charAt(start) == '.'
              && (length == 1 || (length == 2 && path.charAt(start + 1) == '.')))) {
        return false;
      }
      start = end + 1;
      slash = path.indexOf('/', start);
    }
    return true;
  }
}
