package dev.raddle.flow;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The tests of a Reactive Streams TCK class, which are TestNG's, for JUnit. */
final class Tck {
  /** A TCK class. */
  interface Suite {
    void setUp() throws Exception;

    /** Ends what a test left behind: a goroutine that waits would keep others from a close. */
    void tearDown();

    Object tests();
  }

  private Tck() {}

  static Stream<DynamicTest> tests(Suite suite) {
    return Arrays.stream(suite.tests().getClass().getMethods())
        .filter(m -> m.isAnnotationPresent(Test.class))
        .sorted(Comparator.comparing(Method::getName))
        .map(m -> dynamicTest(m.getName(), () -> run(suite, m)));
  }

  private static void run(Suite suite, Method test) throws Throwable {
    suite.setUp();
    try {
      test.invoke(suite.tests());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        abort(String.valueOf(skipped.getMessage()));
      }
      throw e.getCause();
    } finally {
      suite.tearDown();
    }
  }
}
