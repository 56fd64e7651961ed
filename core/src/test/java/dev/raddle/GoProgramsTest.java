package dev.raddle;

import static dev.raddle.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.sync.WaitGroup;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After programs of Go's test folder that use goroutines: streams, recursion, bodies. */
@Timeout(120)
class GoProgramsTest {
  private record Multiplier(Chan<Long> in, Chan<Long> out) {}

  private static Multiplier multiplier(int factor, WaitGroup ends) {
    Chan<Long> in = Chan.make(100);
    Chan<Long> out = Chan.make(100);
    ends.go(
        () -> {
          for (long n : in) {
            out.send(factor * n);
          }
        });
    return new Multiplier(in, out);
  }

  private static boolean hasOtherFactors(long n) {
    long rest = n;
    for (int f : new int[] {2, 3, 5}) {
      while (rest % f == 0) {
        rest /= f;
      }
    }
    return rest != 1;
  }

  /** Follows 235.go: numbers without other factors than 2, 3 and 5, as merged streams. */
  @Test
  void numbersOfTheFactorsTwoThreeFive() throws Exception {
    var ends = new WaitGroup();
    List<Multiplier> all = new ArrayList<>();
    for (int f : new int[] {2, 3, 5}) {
      all.add(multiplier(f, ends));
    }
    long[] heads = {1, 1, 1};
    long x = 1;
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      for (Multiplier m : all) {
        m.in.send(x);
      }
      for (int m = 0; m < 3; m++) {
        if (heads[m] == x) {
          heads[m] = all.get(m).out.recv();
        }
      }
      x = Arrays.stream(heads).min().getAsLong();
      found.add(x);
    }
    for (Multiplier m : all) {
      m.in.close();
    }
    ends.await();
    List<Long> expected = new ArrayList<>();
    for (long n = 2; expected.size() < 100; n++) {
      if (!hasOtherFactors(n)) {
        expected.add(n);
      }
    }
    assertEquals(expected, found);
  }

  /** A number, as that many links. */
  private record Unary(@Nullable Unary before) {}

  private static @Nullable Unary add(@Nullable Unary x, @Nullable Unary y) {
    return y == null ? x : add(new Unary(x), y.before);
  }

  private static @Nullable Unary times(@Nullable Unary x, @Nullable Unary y) {
    return x == null || y == null ? null : add(times(x, y.before), x);
  }

  private static @Nullable Unary factorial(@Nullable Unary n) {
    return n == null ? new Unary(null) : times(factorial(n.before), n);
  }

  private static @Nullable Unary number(int n) {
    return n == 0 ? null : new Unary(number(n - 1));
  }

  private static int count(@Nullable Unary n) {
    return n == null ? 0 : count(n.before) + 1;
  }

  /** Follows peano.go: arithmetic by recursion, as deep as the numbers are large. */
  @Test
  void deepRecursionInAGoroutine() throws Exception {
    Chan<Integer> c = Chan.make();
    go(
        () -> {
          for (int n = 0; n <= 7; n++) {
            c.send(count(factorial(number(n))));
          }
        });
    for (int expected : new int[] {1, 1, 2, 6, 24, 120, 720, 5040}) {
      assertEquals(expected, c.recv());
    }
  }

  /** Follows stack.go: at each depth a goroutine answers, and what is below stays as it was. */
  @Test
  void goroutinesAnswerAtEachDepth() throws Exception {
    int depth = 1_000;
    Chan<Integer> c = Chan.make();
    int[] twenty = new int[20];
    Arrays.fill(twenty, 1);
    var wrong = new AtomicInteger();
    Chan<Integer> unwound = Chan.make();
    go(() -> unwound.send(ask(depth, c, twenty, wrong)));
    assertEquals(depth, unwound.recv());
    assertEquals(0, wrong.get());
  }

  private static int ask(int depth, Chan<Integer> c, int[] ones, AtomicInteger wrong)
      throws InterruptedException {
    int n = 0;
    try {
      go(() -> c.send(Arrays.stream(ones).sum()));
      if (c.recv() != ones.length) {
        wrong.incrementAndGet();
      }
      n = depth == 0 ? 0 : ask(depth - 1, c, ones, wrong) + 1;
    } finally {
      if (n != depth) {
        wrong.incrementAndGet();
      }
    }
    return n;
  }

  /** Follows goprint.go: a method of the library is the body of a goroutine. */
  @Test
  void aMethodOfTheLibraryIsABody() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    go(out::println);
    Waits.until(() -> bytes.size() > 0);
    assertEquals(System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
  }
}
