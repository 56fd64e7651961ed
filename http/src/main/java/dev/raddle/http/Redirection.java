package dev.raddle.http;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What a client sends after a redirect: Go's rules. */
final class Redirection {
  private Redirection() {}

  /**
   * What to send next.
   *
   * @param cookies names of those that have been set since: the jar sends them, or they are gone
   * @return null if the response is not to be followed
   */
  static @Nullable Request next(List<Request> past, Response response, Set<String> cookies)
      throws IOException {
    Request last = past.getLast();
    String method = last.method();
    boolean keepsBody = false;
    switch (response.status()) {
      case Http.STATUS_MOVED_PERMANENTLY, Http.STATUS_FOUND, Http.STATUS_SEE_OTHER -> {
        if (!method.equals(Http.METHOD_GET) && !method.equals(Http.METHOD_HEAD)) {
          method = Http.METHOD_GET;
        }
      }
      case Http.STATUS_TEMPORARY_REDIRECT, Http.STATUS_PERMANENT_REDIRECT -> {
        keepsBody = true;
        if (last.contentLength() != 0 && last.parts.bodySource == null) {
          return null; // the body is gone
        }
      }
      default -> {
        return null;
      }
    }
    String location = response.header("Location");
    if (location.isEmpty()) {
      return null;
    }
    String url = resolve(last, location, response);
    return request(past, method, keepsBody, url, cookies);
  }

  private static String resolve(Request last, String location, Response response)
      throws IOException {
    try {
      String url = URI.create(last.url()).resolve(location.replace(" ", "%20")).toString();
      return url.startsWith("http:///") ? location : url;
    } catch (IllegalArgumentException e) {
      response.close();
      throw new IOException("failed to parse Location header \"" + location + "\"", e);
    }
  }

  private static Request request(
      List<Request> past, String method, boolean keepsBody, String url, Set<String> cookies) {
    Request first = past.getFirst();
    Request last = past.getLast();
    RequestBuilder next = Request.to(method, url).context(first.context());
    boolean sensitive = isBelow(host(first), host(next.build()));
    for (Request each : past) {
      sensitive &= isBelow(host(first), host(each)); // once away, away for good
    }
    boolean keep = sensitive;
    first
        .headers()
        .forEach(
            (name, value) -> {
              if ((keep || !isSensitive(name)) && (keepsBody || !isOfBody(name))) {
                String left = name.equals("Cookie") ? without(cookies, value) : value;
                if (name.equals("Cookie") && left.isEmpty()) {
                  return;
                }
                next.headers().add(name, left);
              }
            });
    BodySource source = last.parts.bodySource;
    if (keepsBody && source != null) {
      next.body(source, last.contentLength());
    }
    if (last.header("Referer").isEmpty() || past.size() > 1) {
      String referer = referer(last, url);
      if (!referer.isEmpty()) {
        next.header("Referer", referer);
      }
    }
    if (!first.host().equals(first.parts.target.host()) && url.startsWith(origin(first))) {
      next.host(first.host()); // a host of the caller's own stays on that server
    }
    return next.build();
  }

  private static String without(Set<String> names, String cookies) {
    if (names.isEmpty()) {
      return cookies;
    }
    StringJoiner left = new StringJoiner("; ");
    for (String cookie : cookies.split(";", -1)) {
      String pair = cookie.strip();
      int equals = pair.indexOf('=');
      if (!names.contains(equals < 0 ? pair : pair.substring(0, equals))) {
        left.add(pair);
      }
    }
    return left.toString();
  }

  private static String origin(Request r) {
    return r.parts.target.scheme() + "://" + r.parts.target.host() + "/";
  }

  /** Without name and password, and not from https to http. */
  private static String referer(Request last, String url) {
    if (last.parts.target.scheme().equals("https") && url.startsWith("http:")) {
      return "";
    }
    return last.url();
  }

  private static boolean isSensitive(String name) {
    return switch (name) {
      case "Authorization",
          "Www-Authenticate",
          "Cookie",
          "Cookie2",
          "Proxy-Authorization",
          "Proxy-Authenticate" ->
          true;
      default -> false;
    };
  }

  private static boolean isOfBody(String name) {
    return switch (name) {
      case "Content-Encoding", "Content-Language", "Content-Location", "Content-Type" -> true;
      default -> false;
    };
  }

  private static String host(Request r) {
    String host = r.parts.target.host();
    int colon = host.lastIndexOf(':');
    return (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host)
        .toLowerCase(Locale.ROOT);
  }

  /** Whether the second is the first, or a subdomain of it. */
  private static boolean isBelow(String domain, String host) {
    return host.equals(domain)
        || (host.endsWith("." + domain) && host.indexOf(':') < 0 && !host.matches("[0-9.]+"));
  }
}
