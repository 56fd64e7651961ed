package dev.raddle.http.internal;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A value with parameters, such as {@code multipart/form-data; boundary=x}: Go's {@code
 * mime.ParseMediaType}, for Content-Type and Content-Disposition.
 *
 * @param type in lower case; may be empty
 * @param parameters names in lower case
 */
public record MediaType(String type, Map<String, String> parameters) {
  /**
   * Reads a header value.
   *
   * @param value as it came
   * @return its parts
   * @throws IllegalArgumentException if a parameter is malformed, or repeated
   */
  public static MediaType parse(String value) {
    int semicolon = value.indexOf(';');
    String type = (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
    Map<String, String> parameters = new LinkedHashMap<>();
    int at = semicolon < 0 ? value.length() : semicolon;
    while (at < value.length()) {
      at = skipBlanks(value, at + 1); // behind the semicolon
      int from = at;
      while (at < value.length() && isToken(value.charAt(at))) {
        at++;
      }
      String name = value.substring(from, at).toLowerCase(Locale.ROOT);
      if (name.isEmpty() && at == value.length()) {
        break; // a semicolon at the end
      }
      if (name.isEmpty() || at == value.length() || value.charAt(at) != '=') {
        throw invalid();
      }
      StringBuilder text = new StringBuilder();
      at = skipBlanks(value, value(value, at + 1, text));
      if (at < value.length() && value.charAt(at) != ';') {
        throw invalid();
      }
      String decoded = text.toString();
      if (name.endsWith("*")) {
        name = name.substring(0, name.length() - 1);
        decoded = extended(decoded);
      } else if (parameters.containsKey(name)) {
        throw new IllegalArgumentException("mime: duplicate parameter name");
      }
      parameters.put(name, decoded);
    }
    return new MediaType(type.toLowerCase(Locale.ROOT), parameters);
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException("mime: invalid media parameter");
  }

  private static int skipBlanks(String value, int from) {
    int at = from;
    while (at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static int value(String value, int from, StringBuilder text) {
    int at = from;
    if (at < value.length() && value.charAt(at) == '"') {
      for (at++; at < value.length() && value.charAt(at) != '"'; at++) {
        // A backslash escapes only what needs it: some browsers send C:\dir\file as it is.
        if (value.charAt(at) == '\\'
            && at + 1 < value.length()
            && "\"\\".indexOf(value.charAt(at + 1)) >= 0) {
          at++;
        }
        text.append(value.charAt(at));
      }
      if (at == value.length()) {
        throw invalid();
      }
      return at + 1;
    }
    while (at < value.length() && isToken(value.charAt(at))) {
      text.append(value.charAt(at++));
    }
    if (text.isEmpty()) {
      throw invalid();
    }
    return at;
  }

  /** RFC 8187: {@code UTF-8'en'na%C3%AFve}. */
  private static String extended(String value) {
    int first = value.indexOf('\'');
    int second = value.indexOf('\'', first + 1);
    if (first < 0 || second < 0) {
      throw invalid();
    }
    try {
      Charset charset = Charset.forName(value.substring(0, first));
      byte[] bytes = Escapes.bytes(value.substring(second + 1));
      return new String(bytes, charset);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException("mime: invalid media parameter", e);
    }
  }

  private static boolean isToken(char c) {
    return HeaderText.isValidName(String.valueOf(c));
  }

  /**
   * Compares the type.
   *
   * @param other in lower case
   * @return true if it is this one
   */
  public boolean is(String other) {
    return type.equals(other);
  }

  /**
   * Returns a parameter.
   *
   * @param name in lower case
   * @return its value; empty if there is none
   */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
