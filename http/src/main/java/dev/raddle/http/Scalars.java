package dev.raddle.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types that one value of a query or a form can have. */
final class Scalars {
  /** Reads one value. */
  interface Reader {
    /** Throws an IllegalArgumentException or a DateTimeException if it cannot. */
    Object read(String text);
  }

  /**
   * A type.
   *
   * @param expected what to say that was expected
   * @param reader reads it
   */
  record Scalar(String expected, Reader reader) {
    /** Null if the text is none. */
    @Nullable Object read(String text) {
      try {
        return reader.read(text);
      } catch (IllegalArgumentException | DateTimeException e) {
        return null;
      }
    }
  }

  private static final Map<Class<?>, Scalar> ALL =
      Map.ofEntries(
          Map.entry(String.class, new Scalar("a string", text -> text)),
          Map.entry(boolean.class, new Scalar("true or false", Scalars::bool)),
          Map.entry(byte.class, integer("-128 to 127", Byte::valueOf)),
          Map.entry(short.class, integer("-32768 to 32767", Short::valueOf)),
          Map.entry(int.class, integer("32 bits", Integer::valueOf)),
          Map.entry(long.class, integer("64 bits", Long::valueOf)),
          Map.entry(float.class, new Scalar("a number", Float::valueOf)),
          Map.entry(double.class, new Scalar("a number", Double::valueOf)),
          Map.entry(char.class, new Scalar("one character", Scalars::character)),
          Map.entry(LocalDate.class, new Scalar("a date like 2026-12-31", LocalDate::parse)),
          Map.entry(Instant.class, new Scalar("a time like 2026-12-31T23:59:59Z", Instant::parse)),
          Map.entry(Duration.class, new Scalar("a duration like PT1M30S", Duration::parse)),
          Map.entry(UUID.class, new Scalar("a UUID", Scalars::uuid)));

  private static final Map<Class<?>, Class<?>> PRIMITIVES =
      Map.of(
          Boolean.class, boolean.class,
          Byte.class, byte.class,
          Short.class, short.class,
          Integer.class, int.class,
          Long.class, long.class,
          Float.class, float.class,
          Double.class, double.class,
          Character.class, char.class);

  private Scalars() {}

  private static Scalar integer(String range, Reader reader) {
    return new Scalar("an integer (" + range + ")", reader);
  }

  /** Null if no value can have that type. */
  static @Nullable Scalar of(Class<?> type) {
    if (type.isEnum()) {
      return constant(type);
    }
    return ALL.get(PRIMITIVES.getOrDefault(type, type));
  }

  private static Scalar constant(Class<?> type) {
    Map<String, Object> constants =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toMap(c -> ((Enum<?>) c).name(), c -> c));
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(c -> ((Enum<?>) c).name())
            .collect(Collectors.joining(", "));
    return new Scalar(
        "one of " + names,
        text -> {
          Object constant = constants.get(text);
          if (constant == null) {
            throw new IllegalArgumentException(text);
          }
          return constant;
        });
  }

  /** As Go's strconv.ParseBool, and what browsers send for a checkbox. */
  private static Object bool(String text) {
    return switch (text) {
      case "true", "True", "TRUE", "t", "T", "1", "on" -> true;
      case "false", "False", "FALSE", "f", "F", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Object character(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException(text);
    }
    return text.charAt(0);
  }

  private static Object uuid(String text) {
    UUID uuid = UUID.fromString(text);
    if (!uuid.toString().equalsIgnoreCase(text)) { // the JDK also takes 1-1-1-1-1
      throw new IllegalArgumentException(text);
    }
    return uuid;
  }
}
