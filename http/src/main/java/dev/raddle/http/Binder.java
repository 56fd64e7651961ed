package dev.raddle.http;

import dev.raddle.http.BindingException.Field;
import dev.raddle.http.Scalars.Scalar;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes records of one class from values by name; looked at once for each class. */
final class Binder {
  private static final ClassValue<Binder> BINDERS =
      new ClassValue<>() {
        @Override
        protected Binder computeValue(Class<?> type) {
          return new Binder(type);
        }
      };

  private static final int SHOWN_CHARS = 64;

  private final Class<?> type;
  private final Constructor<?> constructor;
  private final List<Component> components = new ArrayList<>();

  private enum Kind {
    PRIMITIVE,
    REFERENCE,
    OPTIONAL,
    LIST
  }

  private record Component(String name, Kind kind, Scalar scalar) {}

  private Binder(Class<?> type) {
    this.type = type;
    RecordComponent[] declared = type.getRecordComponents();
    for (RecordComponent component : declared) {
      components.add(component(component));
    }
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor: " + type, e);
    }
  }

  private Component component(RecordComponent component) {
    Class<?> raw = component.getType();
    Kind kind =
        raw == Optional.class
            ? Kind.OPTIONAL
            : raw == List.class ? Kind.LIST : raw.isPrimitive() ? Kind.PRIMITIVE : Kind.REFERENCE;
    Class<?> single = raw;
    if (kind == Kind.OPTIONAL || kind == Kind.LIST) {
      Type argument =
          component.getGenericType() instanceof ParameterizedType p
              ? p.getActualTypeArguments()[0]
              : raw;
      single = argument instanceof Class<?> c ? c : raw;
    }
    Scalar scalar = Scalars.of(single);
    if (scalar == null) {
      throw new IllegalArgumentException(
          "bind: expected a string, a primitive or its box, an enum, LocalDate, Instant, Duration,"
              + " UUID, or an Optional or a List of these, found "
              + type.getName()
              + "."
              + component.getName()
              + " of type "
              + component.getGenericType().getTypeName());
    }
    return new Component(component.getName(), kind, scalar);
  }

  static <R extends Record> R bind(Class<R> type, Function<String, List<String>> values)
      throws BindingException {
    return type.cast(BINDERS.get(type).bind(values));
  }

  private Object bind(Function<String, List<String>> values) throws BindingException {
    List<Field> wrong = new ArrayList<>();
    @Nullable Object[] arguments = new @Nullable Object[components.size()];
    for (int i = 0; i < arguments.length; i++) {
      Component component = components.get(i);
      arguments[i] = argument(component, values.apply(component.name), wrong);
    }
    if (!wrong.isEmpty()) {
      throw new BindingException(wrong);
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw new BindingException(String.valueOf(refused.getMessage()), refused);
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      if (e.getCause() instanceof Error failed) {
        throw failed;
      }
      throw new IllegalStateException(type + ": a constructor of a record failed", e);
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException(type + ": a constructor of a record failed", e);
    }
  }

  private static @Nullable Object argument(
      Component component, List<String> values, List<Field> wrong) {
    if (component.kind == Kind.LIST) {
      List<Object> all = new ArrayList<>(values.size());
      for (String value : values) {
        Object read = read(component, value, wrong);
        if (read != null) {
          all.add(read);
        }
      }
      return List.copyOf(all);
    }
    String value = values.isEmpty() ? null : values.getFirst();
    Object read = null;
    if (value != null && (!value.isEmpty() || component.scalar.read("") != null)) {
      read = read(component, value, wrong);
    } else if (component.kind == Kind.PRIMITIVE) {
      wrong.add(new Field(component.name, component.scalar.expected(), "nothing"));
    }
    return component.kind == Kind.OPTIONAL ? Optional.ofNullable(read) : read;
  }

  private static @Nullable Object read(Component component, String value, List<Field> wrong) {
    Object read = component.scalar.read(value);
    if (read == null) {
      wrong.add(new Field(component.name, component.scalar.expected(), quote(value)));
    }
    return read;
  }

  /** A client is shown what it sent, on one line and not at any length. */
  private static String quote(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(value.length(), SHOWN_CHARS); i++) {
      char c = value.charAt(i);
      text.append(Character.isISOControl(c) ? ' ' : c);
    }
    return text.append(value.length() > SHOWN_CHARS ? "...\"" : "\"").toString();
  }
}
