package bench.harness;

import java.util.Arrays;
import java.util.Locale;

/** Median, minimum and maximum of the forks. */
record Spread(double median, double min, double max, int forks) {

  /** Of at least one value. */
  static Spread of(double[] values) {
    double[] v = values.clone();
    Arrays.sort(v);
    int n = v.length;
    return new Spread((v[(n - 1) / 2] + v[n / 2]) / 2, v[0], v[n - 1], n);
  }

  /** Whether the two have no value in common. */
  boolean isApart(Spread other) {
    return max < other.min || other.max < min;
  }

  @Override
  public String toString() {
    String text = number(median);
    return forks > 1 ? text + " (" + number(min) + " to " + number(max) + ")" : text;
  }

  /** One digit after the point below a hundred; commas between thousands. */
  static String number(double x) {
    return String.format(Locale.ROOT, Math.abs(x) < 100 ? "%.1f" : "%,.0f", x);
  }
}
