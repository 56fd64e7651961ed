package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Follows Go's http.Header. */
class HeadersTest {
  @Test
  void namesMatchInAnyCase() {
    Headers headers = new Headers();
    headers.set("content-TYPE", "a");
    assertEquals("a", headers.get("Content-Type"));
    assertEquals("{Content-Type=a}", headers.toString());
    headers.del("CONTENT-TYPE");
    assertEquals("", headers.get("Content-Type"));
    assertTrue(headers.isEmpty());
  }

  @Test
  void addKeepsAndSetReplaces() {
    Headers headers = new Headers();
    headers.add("A", "1");
    headers.add("B", "x");
    headers.add("a", "2");
    assertEquals(List.of("1", "2"), headers.values("A"));
    assertEquals("1", headers.get("A"));
    headers.set("A", "3");
    assertEquals(List.of("3"), headers.values("A"));
    assertEquals("x", headers.get("B"));
  }

  @Test
  void setToNoValuesIsThereAndEmpty() {
    Headers headers = new Headers();
    headers.setAll("Date", List.of());
    assertTrue(headers.contains("Date"));
    assertEquals("", headers.get("Date"));
    assertEquals(List.of(), headers.values("Date"));
    headers.setAll("Date", List.of("a", "b"));
    assertEquals(List.of("a", "b"), headers.values("Date"));
    assertFalse(headers.contains("Other"));
  }

  @Test
  void nullIsRefused() {
    String nothing = new AtomicReference<String>().get();
    NullPointerException e =
        assertThrows(NullPointerException.class, () -> new Headers().set("A", nothing));
    assertEquals("header A: expected a string, found null", e.getMessage());
  }

  @Test
  void sortIsByNameAndKeepsTheOrderOfValues() {
    for (int n : new int[] {0, 1, 5, 32, 33, 500}) {
      List<Integer> names = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        names.add(1000 + i / 2);
      }
      Collections.shuffle(names, new Random(n));
      Headers headers = new Headers();
      for (int i = 0; i < n; i++) {
        headers.add("X" + names.get(i), Integer.toString(i));
      }
      headers.sort();
      List<String> lines = new ArrayList<>();
      headers.forEach((name, value) -> lines.add(name + String.format("%5s", value)));
      List<String> sorted = new ArrayList<>(lines);
      Collections.sort(sorted);
      assertEquals(sorted, lines);
      assertEquals(n, lines.size());
    }
  }
}
