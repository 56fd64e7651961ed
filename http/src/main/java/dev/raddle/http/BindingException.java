package dev.raddle.http;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values that do not make the record that was asked for. It names every value that is wrong, with
 * what was expected and what was found. A handler that lets it pass through answers 400.
 */
public final class BindingException extends StatusException {
  private static final long serialVersionUID = 1L;

  private final transient List<Field> fields;

  /**
   * A value that is wrong.
   *
   * @param name of the component
   * @param expected for example {@code an integer}
   * @param found the value in quotation marks, or {@code nothing}
   */
  public record Field(String name, String expected, String found) {
    /** For messages: {@code age: expected an integer, found "x"}. */
    @Override
    public String toString() {
      return name + ": expected " + expected + ", found " + found;
    }
  }

  BindingException(List<Field> fields) {
    super(
        Http.STATUS_BAD_REQUEST,
        fields.stream().map(Field::toString).collect(Collectors.joining("; ")));
    this.fields = List.copyOf(fields);
  }

  /** The record's own constructor refused what it got. */
  BindingException(String message, @Nullable Throwable cause) {
    super(Http.STATUS_BAD_REQUEST, message, cause);
    fields = List.of();
  }

  /**
   * Returns the values that are wrong.
   *
   * @return in the order of the record's components; none if the record's constructor refused them
   *     together
   */
  public List<Field> fields() {
    return fields;
  }
}
