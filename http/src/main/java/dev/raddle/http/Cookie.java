package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.HttpDate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A cookie: Go's {@code http.Cookie}. Immutable; {@code with...} methods make variants.
 *
 * <pre>{@code
 * Http.setCookie(w, Cookie.of("session", id).withPath("/").withHttpOnly().withSecure());
 * }</pre>
 *
 * @param name a token
 * @param value without line ends, semicolons, backslashes and characters beyond ASCII, which are
 *     left out when it is sent
 * @param quoted whether the value stands in quotation marks
 * @param path for which paths; empty for that of the request
 * @param domain for which hosts; empty for the one that sets it
 * @param expires when it ends; null for the end of the browser's session
 * @param maxAge seconds until it ends; null for none, zero or less to delete it
 * @param secure for HTTPS only
 * @param httpOnly not for scripts
 * @param sameSite whether other sites may cause it to be sent
 * @param partitioned kept apart for each top-level site
 */
public record Cookie(
    String name,
    String value,
    boolean quoted,
    String path,
    String domain,
    @Nullable Instant expires,
    @Nullable Integer maxAge,
    boolean secure,
    boolean httpOnly,
    SameSite sameSite,
    boolean partitioned) {

  /** Whether other sites may cause a cookie to be sent. */
  public enum SameSite {
    /** Nothing is said. */
    UNSET,
    /** When a link is followed. */
    LAX,
    /** Never. */
    STRICT,
    /** Always; needs Secure. */
    NONE
  }

  /**
   * Makes a cookie for the browser's session.
   *
   * @param name a token
   * @param value its value
   * @return without attributes
   */
  public static Cookie of(String name, String value) {
    return new Cookie(name, value, false, "", "", null, null, false, false, SameSite.UNSET, false);
  }

  /**
   * Sets the value.
   *
   * @param newValue its value
   * @return a variant
   */
  public Cookie withValue(String newValue) {
    return new Cookie(
        name,
        newValue,
        quoted,
        path,
        domain,
        expires,
        maxAge,
        secure,
        httpOnly,
        sameSite,
        partitioned);
  }

  /**
   * Puts the value in quotation marks.
   *
   * @return a variant
   */
  public Cookie withQuotes() {
    return new Cookie(
        name, value, true, path, domain, expires, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /**
   * Sets the path.
   *
   * @param newPath starts with a slash
   * @return a variant
   */
  public Cookie withPath(String newPath) {
    return new Cookie(
        name,
        value,
        quoted,
        newPath,
        domain,
        expires,
        maxAge,
        secure,
        httpOnly,
        sameSite,
        partitioned);
  }

  /**
   * Sets the domain.
   *
   * @param newDomain a host, for itself and those below it
   * @return a variant
   */
  public Cookie withDomain(String newDomain) {
    return new Cookie(
        name,
        value,
        quoted,
        path,
        newDomain,
        expires,
        maxAge,
        secure,
        httpOnly,
        sameSite,
        partitioned);
  }

  /**
   * Sets when it ends.
   *
   * @param time in whole seconds
   * @return a variant
   */
  public Cookie withExpires(Instant time) {
    return new Cookie(
        name, value, quoted, path, domain, time, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /**
   * Sets how long it lives.
   *
   * @param seconds zero or less to delete it
   * @return a variant
   */
  public Cookie withMaxAge(int seconds) {
    return new Cookie(
        name,
        value,
        quoted,
        path,
        domain,
        expires,
        seconds,
        secure,
        httpOnly,
        sameSite,
        partitioned);
  }

  /**
   * Makes it for HTTPS only.
   *
   * @return a variant
   */
  public Cookie withSecure() {
    return new Cookie(
        name, value, quoted, path, domain, expires, maxAge, true, httpOnly, sameSite, partitioned);
  }

  /**
   * Hides it from scripts.
   *
   * @return a variant
   */
  public Cookie withHttpOnly() {
    return new Cookie(
        name, value, quoted, path, domain, expires, maxAge, secure, true, sameSite, partitioned);
  }

  /**
   * Says whether other sites may cause it to be sent.
   *
   * @param newSameSite how far
   * @return a variant
   */
  public Cookie withSameSite(SameSite newSameSite) {
    return new Cookie(
        name,
        value,
        quoted,
        path,
        domain,
        expires,
        maxAge,
        secure,
        httpOnly,
        newSameSite,
        partitioned);
  }

  /**
   * Keeps it apart for each top-level site; needs Secure.
   *
   * @return a variant
   */
  public Cookie withPartitioned() {
    return new Cookie(
        name, value, quoted, path, domain, expires, maxAge, secure, httpOnly, sameSite, true);
  }

  /** For a Cookie header. */
  String nameAndValue() {
    return CookieText.name(name) + "=" + CookieText.value(value, quoted);
  }

  /**
   * Writes the cookie for a Set-Cookie header, as Go's {@code Cookie.String}. What is not allowed
   * is left out.
   *
   * @return empty if the name is no token
   */
  @Override
  public String toString() {
    if (!HeaderText.isValidName(name)) {
      return "";
    }
    StringBuilder text = new StringBuilder(nameAndValue());
    if (!path.isEmpty()) {
      text.append("; Path=").append(CookieText.path(path));
    }
    if (CookieText.isDomain(domain)) {
      text.append("; Domain=").append(domain.startsWith(".") ? domain.substring(1) : domain);
    }
    if (expires != null && CookieText.isExpiry(expires)) {
      text.append("; Expires=").append(HttpDate.format(expires.getEpochSecond()));
    }
    if (maxAge != null) {
      text.append("; Max-Age=").append(Math.max(maxAge, 0));
    }
    text.append(httpOnly ? "; HttpOnly" : "").append(secure ? "; Secure" : "");
    text.append(
        switch (sameSite) {
          case UNSET -> "";
          case LAX -> "; SameSite=Lax";
          case STRICT -> "; SameSite=Strict";
          case NONE -> "; SameSite=None";
        });
    return text.append(partitioned ? "; Partitioned" : "").toString();
  }
}
