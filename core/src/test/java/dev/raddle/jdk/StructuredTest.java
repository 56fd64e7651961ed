package dev.raddle.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.child.Child;
import dev.raddle.runtime.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Structured concurrency over our threads, in a JVM of its own because it is a preview in 25. */
@Timeout(60)
class StructuredTest {
  @Test
  void structuredTaskScope() throws Exception {
    List<String> flags = new ArrayList<>(Child.modeFlags());
    flags.addAll(List.of("--enable-preview", "--source", "25"));
    var source = Objects.requireNonNull(getClass().getResource("Structured.java"));
    var r = Child.java(flags, Path.of(source.toURI()).toString());
    var expected = new StringBuilder();
    for (int n : Mode.current() == Mode.OWN ? new int[] {1, 2} : new int[] {0}) {
      for (String what : List.of("results", "nested", "failure", "first", "timeout", "unclosed")) {
        expected.append(what).append(" on ").append(n).append('\n');
      }
    }
    assertEquals(expected.toString(), r.text().replaceAll("(?m)^(WARNING|Note): .*\n", ""));
    assertEquals(0, r.status());
  }
}
