package dev.raddle.http;

/**
 * One part of a path pattern, from slash to slash.
 *
 * @param text the literal, decoded; or the wildcard's name, empty for the one that a slash at the
 *     end stands for; {@link #END} for <code>{$}</code>
 * @param wild whether it stands for any one element
 * @param multi whether it stands for all the rest
 */
record Segment(String text, boolean wild, boolean multi) {
  /** A slash and nothing behind it. No element of a path reads like this. */
  static final Segment END = new Segment("/", false, false);

  static Segment literal(String text) {
    return new Segment(text, false, false);
  }

  boolean isEnd() {
    return text.equals("/");
  }

  /** An example of what it matches, with the slash before it. */
  String example() {
    return multi || isEnd() ? "/" : "/" + text;
  }
}
