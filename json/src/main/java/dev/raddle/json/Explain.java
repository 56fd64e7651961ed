package dev.raddle.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was expected, what was found and where, in words for who sent it: Jackson's own name our
 * classes.
 */
final class Explain {
  private static final int SHOWN_CHARS = 64;

  private Explain() {}

  static String text(JsonProcessingException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          where(unknown) + ": expected " + known(unknown) + ", found this field";
      case InvalidFormatException format ->
          where(format)
              + ": expected "
              + name(format.getTargetType())
              + ", found "
              + value(format.getValue());
      case MismatchedInputException other ->
          where(other)
              + ": expected "
              + name(other.getTargetType())
              + ", found "
              + (other.getProcessor() instanceof JsonParser p ? found(p) : "something else");
      case ValueInstantiationException refused
          when refused.getCause() instanceof IllegalArgumentException why ->
          where(refused) + ": " + why.getMessage();
      case JsonMappingException wrapped
          when wrapped.getCause() instanceof JsonProcessingException malformed ->
          text(malformed);
      case JsonMappingException other -> where(other) + ": " + other.getOriginalMessage();
      case JsonEOFException end -> at(end) + "expected more JSON, found the end of the body";
      default -> at(e) + e.getOriginalMessage();
    };
  }

  /**
   * Whether not the JSON is at fault, but a type that cannot be read or whose constructor failed.
   */
  static boolean isOurs(JsonProcessingException e) {
    return e instanceof InvalidDefinitionException
        || (e instanceof ValueInstantiationException failed
            && !(failed.getCause() instanceof IllegalArgumentException));
  }

  private static String at(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null
        ? "malformed JSON: "
        : "malformed JSON at line "
            + location.getLineNr()
            + ", column "
            + location.getColumnNr()
            + ": ";
  }

  private static String where(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(shortened(step.getFieldName()));
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String known(UnrecognizedPropertyException e) {
    Collection<Object> known = e.getKnownPropertyIds();
    return known == null || known.isEmpty()
        ? "no fields"
        : "one of "
            + known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }

  static String name(JavaType type) {
    return name(type.getRawClass());
  }

  /** JSON's words for a type. */
  static String name(@Nullable Class<?> type) {
    if (type == null) {
      return "another value";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class) {
      return "an integer (32 bits)";
    }
    if (type == long.class || type == Long.class) {
      return "an integer (64 bits)";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a string";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(c -> ((Enum<?>) c).name())
              .collect(Collectors.joining(", "));
    }
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type) || type == Object.class
        ? "an object"
        : "a " + type.getSimpleName();
  }

  private static String value(@Nullable Object value) {
    return value instanceof String text ? '"' + shortened(text) + '"' : String.valueOf(value);
  }

  /** What the parser is at. */
  static String found(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case END_OBJECT, END_ARRAY, NOT_AVAILABLE -> "nothing";
      case FIELD_NAME -> "a field";
      case VALUE_NULL -> "null";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_STRING -> '"' + scalar(parser) + '"';
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_EMBEDDED_OBJECT -> scalar(parser);
    };
  }

  private static String scalar(JsonParser parser) {
    try {
      return shortened(parser.getText());
    } catch (IOException e) {
      return "a value that cannot be read";
    }
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + "..." : line;
  }
}
