package dev.raddle.http.internal;

/**
 * One row of the table: a type, and the bytes that give it away.
 *
 * @param type the media type in ASCII
 * @param pattern what must be there, after the mask
 * @param mask what to look at, one byte for each of the pattern
 * @param skipsWhitespace whether white space may come before it
 * @param tag whether it is an HTML tag: a space or a {@code >} must follow
 */
@SuppressWarnings("ArrayRecordComponent") // rows of a constant table, never compared
record Signature(byte[] type, byte[] pattern, byte[] mask, boolean skipsWhitespace, boolean tag) {

  boolean matches(byte[] data, int from, int end) {
    int n = pattern.length;
    if (end - from < n + (tag ? 1 : 0)) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if ((data[from + i] & mask[i]) != pattern[i]) {
        return false;
      }
    }
    return !tag || data[from + n] == ' ' || data[from + n] == '>';
  }
}
