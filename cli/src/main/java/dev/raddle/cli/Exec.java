package dev.raddle.cli;

import dev.raddle.http.internal.Preload;
import dev.raddle.runtime.Program;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs a compiled program: {@code Exec MAIN-CLASS ARGS...}. On the fast path, so it does little.
 */
public final class Exec {
  private Exec() {}

  /** Does not return. */
  public static void main(String[] args) throws Exception {
    if ("http".equals(System.getProperty("raddle.preload"))) {
      Preload.start();
    }
    Class<?> main = Class.forName(args[0], false, ClassLoader.getSystemClassLoader());
    run(main, Arrays.copyOfRange(args, 1, args.length));
  }

  static void run(Class<?> main, String[] args) {
    Method method = mainMethod(main);
    if (method == null) {
      throw new IllegalStateException("no main in " + main); // checked when it was compiled
    }
    method.setAccessible(true);
    Program.run(
        () -> {
          try {
            Object self = null;
            if (!Modifier.isStatic(method.getModifiers())) {
              var constructor = main.getDeclaredConstructor();
              constructor.setAccessible(true);
              self = constructor.newInstance();
            }
            if (method.getParameterCount() == 1) {
              method.invoke(self, (Object) args);
            } else {
              method.invoke(self);
            }
          } catch (InvocationTargetException e) {
            switch (e.getCause()) {
              case Exception cause -> throw cause;
              case Error cause -> throw cause;
              case null, default -> throw e;
            }
          }
        });
  }

  /** As the JDK's launcher: {@code main(String[])} before {@code main()}, static or not. */
  static @Nullable Method mainMethod(Class<?> type) {
    for (Class<?>[] parameters : new Class<?>[][] {{String[].class}, {}}) {
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        for (Method m : c.getDeclaredMethods()) {
          if (m.getName().equals("main")
              && Arrays.equals(m.getParameterTypes(), parameters)
              && m.getReturnType() == void.class
              && !Modifier.isPrivate(m.getModifiers())) {
            return m;
          }
        }
      }
    }
    return null;
  }
}
