package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.PowerSeries.Series;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Follows Go's test/chan/powser1.go (elements of one type) and powser2.go (of an interface with
 * several): hundreds of goroutines that ask each other, with exact results.
 */
@Timeout(120)
class PowserTest {
  private static final List<String> NATURALS =
      List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");

  private static List<String> tenTimes(String term) {
    return Collections.nCopies(10, term);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sumsAndMultiples(boolean mixed) throws Exception {
    try (var p = new PowerSeries(mixed)) {
      Series ones = p.constant(p.term(1));
      Series twos = p.constant(p.term(2));
      assertEquals(tenTimes("1"), p.first(10, ones));
      assertEquals(tenTimes("3"), p.first(10, p.add(ones, twos)));
      assertEquals(tenTimes("-1"), p.first(10, p.subtract(ones, twos)));
      assertEquals(tenTimes("-2"), p.first(10, p.scale(p.term(-1), twos)));
      assertEquals(
          List.of("2", "3", "5"), p.first(10, p.add(p.polynomial(1, 1), p.polynomial(1, 2, 5))));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void derivativesIntegralsAndSubstitutions(boolean mixed) throws Exception {
    try (var p = new PowerSeries(mixed)) {
      Series ones = p.constant(p.term(1));
      assertEquals(NATURALS, p.first(10, p.differentiate(ones)));
      assertEquals(
          List.of("0", "1", "1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9"),
          p.first(10, p.integrate(p.term(0), ones)));
      assertEquals(
          List.of("0", "1", "0", "-1/3", "0", "1/5", "0", "-1/7", "0", "1/9"),
          p.first(10, p.integrate(p.term(0), p.substitute(ones, p.term(-1), 2))),
          "the arc tangent");
      assertEquals(List.of("2", "6"), p.first(10, p.differentiate(p.polynomial(7, 2, 3))));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void products(boolean mixed) throws Exception {
    try (var p = new PowerSeries(mixed)) {
      Series ones = p.constant(p.term(1));
      assertEquals(NATURALS, p.first(10, p.multiply(ones, p.constant(p.term(1)))));
      assertEquals(
          List.of("1", "2", "1"), p.first(10, p.multiply(p.polynomial(1, 1), p.polynomial(1, 1))));
      assertEquals(
          List.of("1", "1", "0", "0", "0", "0"),
          p.first(6, p.multiply(p.binomial(p.term(1, 2)), p.binomial(p.term(1, 2)))),
          "the square of a square root");
    }
  }

  /** Those that feed themselves. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exponentialsAndReciprocals(boolean mixed) throws Exception {
    try (var p = new PowerSeries(mixed)) {
      for (int i = 0; i < 10; i++) {
        assertEquals(
            List.of(
                "1",
                "1",
                "3/2",
                "13/6",
                "73/24",
                "167/40",
                "4051/720",
                "37633/5040",
                "43817/4480",
                "4596553/362880"),
            p.first(10, p.exponential(p.constant(p.term(1)))));
      }
      assertTrue(p.goroutines() > 300, () -> "goroutines: " + p.goroutines());
      assertEquals(tenTimes("1"), p.first(10, p.reciprocal(p.polynomial(1, -1))));
      assertEquals(
          List.of("1", "-1", "1/2", "-1/6", "1/24", "-1/120"),
          p.first(6, p.reciprocal(p.exponential(p.polynomial(0, 1)))));
    }
  }
}
