package dev.raddle.http;

import dev.raddle.http.internal.Escapes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values by name, as in a query or a form: Go's {@code url.Values}. Names are case-sensitive. Not
 * for use by several threads at once.
 */
public final class Values {
  private final Map<String, List<String>> byName = new LinkedHashMap<>();

  /** Makes an empty set of values. */
  public Values() {}

  /**
   * Reads a query or a URL-encoded form.
   *
   * @param query for example {@code a=1&b=2}
   * @return what it says
   * @throws FormException if a setting has a semicolon or a malformed escape, as in Go
   */
  public static Values parse(String query) throws FormException {
    Values values = new Values();
    String wrong = values.addAll(query);
    if (wrong != null) {
      throw new FormException(wrong, null);
    }
    return values;
  }

  /** Adds what is well formed, and returns what is wrong with the first setting that is not. */
  @Nullable String addAll(String query) {
    String wrong = null;
    for (String setting : query.split("&", -1)) {
      if (setting.isEmpty()) {
        continue;
      }
      int equals = setting.indexOf('=');
      String name = Escapes.query(equals < 0 ? setting : setting.substring(0, equals));
      String value = equals < 0 ? "" : Escapes.query(setting.substring(equals + 1));
      if (setting.indexOf(';') >= 0) {
        wrong = wrong != null ? wrong : "invalid semicolon separator in query";
      } else if (name == null || value == null) {
        wrong = wrong != null ? wrong : "invalid URL escape in \"" + setting + "\"";
      } else {
        add(name, value);
      }
    }
    return wrong;
  }

  /**
   * Returns the first value of a name.
   *
   * @param name which
   * @return the value; empty if there is none
   */
  public String get(String name) {
    List<String> values = byName.get(name);
    return values == null || values.isEmpty() ? "" : values.getFirst();
  }

  /**
   * Returns all values of a name.
   *
   * @param name which
   * @return the values in order; not to be changed
   */
  public List<String> values(String name) {
    return Collections.unmodifiableList(byName.getOrDefault(name, List.of()));
  }

  /**
   * Says whether there is a value of that name.
   *
   * @param name which
   * @return true if so
   */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * Replaces all values of a name by one.
   *
   * @param name which
   * @param value the value
   */
  public void set(String name, String value) {
    byName.put(name, new ArrayList<>(List.of(value)));
  }

  /**
   * Adds a value to those a name has.
   *
   * @param name which
   * @param value the value
   */
  public void add(String name, String value) {
    byName.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
  }

  /**
   * Forgets all values of a name.
   *
   * @param name which
   */
  public void del(String name) {
    byName.remove(name);
  }

  /**
   * Returns the names, in the order in which they came.
   *
   * @return not to be changed
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  /**
   * Says whether there is no name.
   *
   * @return true if so
   */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Adds all values of others behind those there are. */
  void addAll(Values others) {
    others.byName.forEach((name, values) -> values.forEach(value -> add(name, value)));
  }

  /**
   * Makes a record of these values, as {@link Request#bind} does.
   *
   * @param <R> the record's type
   * @param type a record
   * @return the record
   * @throws BindingException as there
   * @throws IllegalArgumentException as there
   */
  public <R extends Record> R bind(Class<R> type) throws BindingException {
    return Binder.bind(type, this::values);
  }

  /**
   * Writes the values as a query, sorted by name. Go: {@code Values.Encode}.
   *
   * @return for example {@code a=1&b=x+y}
   */
  public String encode() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(byName)
        .forEach(
            (name, values) -> {
              for (String value : values) {
                text.append(text.isEmpty() ? "" : "&")
                    .append(Escapes.encodeQuery(name))
                    .append('=')
                    .append(Escapes.encodeQuery(value));
              }
            });
    return text.toString();
  }

  /** As {@link #encode}. */
  @Override
  public String toString() {
    return encode();
  }
}
