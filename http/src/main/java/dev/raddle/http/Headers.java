package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header lines by name: Go's {@code http.Header}. Names match in any case and are kept in canonical
 * form, {@code Content-Type}. Not for use by several threads at once.
 *
 * <p>{@link #setAll} with no values names a header that is not to be sent, not even by the server
 * on its own account: what {@code w.Header()["Date"] = nil} does in Go.
 */
public final class Headers {
  private static final int SMALL = 32;

  /** Name, value, name, value; a null value stands for a header that is not to be sent. */
  private @Nullable String[] lines;

  private int size;

  /** Makes an empty set of header lines. */
  public Headers() {
    this(new String[8], 0);
  }

  /** Takes the array over; the names in it are canonical. */
  Headers(@Nullable String[] lines, int size) {
    this.lines = lines;
    this.size = size;
  }

  /**
   * Returns the first value of a name.
   *
   * @param name in any case
   * @return the value; empty if there is none
   */
  public String get(String name) {
    int i = find(HeaderText.canonicalName(name));
    String value = i < 0 ? null : lines[i + 1];
    return value == null ? "" : value;
  }

  /**
   * Returns all values of a name.
   *
   * @param name in any case
   * @return the values in the order in which they were added; a copy
   */
  public List<String> values(String name) {
    String canonical = HeaderText.canonicalName(name);
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < size; i += 2) {
      String value = lines[i + 1];
      if (value != null && canonical.equals(lines[i])) {
        values.add(value);
      }
    }
    return values;
  }

  /**
   * Replaces all values of a name by one.
   *
   * @param name in any case; a line whose name is no token is never sent
   * @param value line ends in it are sent as spaces, so that it stays one line
   */
  public void set(String name, String value) {
    String canonical = HeaderText.canonicalName(name);
    int i = find(canonical);
    if (i >= 0 && size == i + 2) {
      lines[i + 1] = checked(name, value);
      return;
    }
    checked(name, value);
    remove(canonical);
    append(canonical, value);
  }

  /**
   * Adds a value to those a name has.
   *
   * @param name in any case
   * @param value as in {@link #set}
   */
  public void add(String name, String value) {
    append(HeaderText.canonicalName(name), checked(name, value));
  }

  /**
   * Replaces all values of a name.
   *
   * @param name in any case
   * @param values if there are none, the header is not sent, not even by the server itself
   */
  public void setAll(String name, List<String> values) {
    String canonical = HeaderText.canonicalName(name);
    List<String> copy = List.copyOf(values);
    remove(canonical);
    if (copy.isEmpty()) {
      append(canonical, null);
    }
    for (String value : copy) {
      append(canonical, value);
    }
  }

  /**
   * Forgets all values of a name. Go: {@code Header.Del}.
   *
   * @param name in any case
   */
  public void del(String name) {
    remove(HeaderText.canonicalName(name));
  }

  /**
   * Says whether a name was set, be it to no values.
   *
   * @param name in any case
   * @return true if so
   */
  public boolean contains(String name) {
    return find(HeaderText.canonicalName(name)) >= 0;
  }

  /**
   * Calls back for every header line, in the order in which they came or were set.
   *
   * @param action gets name and value
   */
  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < size; i += 2) {
      String name = lines[i];
      String value = lines[i + 1];
      if (name != null && value != null) {
        action.accept(name, value);
      }
    }
  }

  /**
   * Says whether there is no header line.
   *
   * @return true if nothing is set
   */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many lines there are, those that are not to be sent included. */
  int size() {
    return size / 2;
  }

  String name(int i) {
    return String.valueOf(lines[2 * i]);
  }

  /** Null if the header is not to be sent. */
  @Nullable String value(int i) {
    return lines[2 * i + 1];
  }

  /**
   * Copies the lines. Go: {@code Header.Clone}.
   *
   * @return the caller's own
   */
  public Headers copy() {
    return new Headers(Arrays.copyOf(lines, Math.max(size, 2)), size);
  }

  /** Sorts by name, values of one name in the order in which they were added: Go's order. */
  void sort() {
    if (size > 2 * SMALL) {
      List<@Nullable String[]> pairs = new ArrayList<>();
      for (int i = 0; i < size; i += 2) {
        pairs.add(new @Nullable String[] {lines[i], lines[i + 1]});
      }
      pairs.sort((a, b) -> String.valueOf(a[0]).compareTo(String.valueOf(b[0])));
      for (int i = 0; i < size; i++) {
        lines[i] = pairs.get(i / 2)[i % 2];
      }
      return;
    }
    for (int i = 2; i < size; i += 2) {
      String name = String.valueOf(lines[i]);
      String value = lines[i + 1];
      int j = i;
      while (j > 0 && String.valueOf(lines[j - 2]).compareTo(name) > 0) {
        lines[j] = lines[j - 2];
        lines[j + 1] = lines[j - 1];
        j -= 2;
      }
      lines[j] = name;
      lines[j + 1] = value;
    }
  }

  private static String checked(String name, String value) {
    if (value == null) {
      throw new NullPointerException("header " + name + ": expected a string, found null");
    }
    return value;
  }

  private int find(String canonical) {
    for (int i = 0; i < size; i += 2) {
      if (canonical.equals(lines[i])) {
        return i;
      }
    }
    return -1;
  }

  private void remove(String canonical) {
    int kept = 0;
    for (int i = 0; i < size; i += 2) {
      if (!canonical.equals(lines[i])) {
        lines[kept++] = lines[i];
        lines[kept++] = lines[i + 1];
      }
    }
    Arrays.fill(lines, kept, size, null);
    size = kept;
  }

  private void append(String canonical, @Nullable String value) {
    if (size == lines.length) {
      lines = Arrays.copyOf(lines, Math.max(8, size * 2));
    }
    lines[size++] = canonical;
    lines[size++] = value;
  }

  /** The lines, like {@code {Content-Type=text/plain, Etag="1"}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    forEach(
        (name, value) ->
            text.append(text.length() == 1 ? "" : ", ").append(name).append('=').append(value));
    return text.append('}').toString();
  }
}
