package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Chan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ParallelTest {
  private static List<Integer> numbers(int n) {
    List<Integer> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      items.add(i);
    }
    return items;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void mapKeepsTheOrder(int processors) throws Exception {
    on(
        processors,
        () -> {
          List<String> expected = numbers(10_000).stream().map(i -> "n" + i).toList();
          assertEquals(expected, Parallel.map(numbers(10_000), i -> "n" + i));
          assertEquals(expected, Parallel.map(numbers(10_000), LoopOptions.grain(9), i -> "n" + i));
          assertArrayEquals(
              expected.toArray(), Parallel.mapToArray(10_000, i -> "n" + i, String[]::new));
          assertEquals(List.of(), Parallel.map(List.of(), i -> i));
        });
  }

  @Test
  void aMapMayBlock() throws Exception {
    on(
        1,
        () -> {
          Chan<Integer> ch = Chan.make();
          List<Integer> got =
              Parallel.map(
                  List.of(0, 1),
                  LoopOptions.grain(1),
                  i -> {
                    if (i == 0) {
                      return ch.recv();
                    }
                    ch.send(5);
                    return 6;
                  });
          assertEquals(List.of(5, 6), got);
        });
  }

  @Test
  void aFailingMapFails() throws Exception {
    on(
        2,
        () -> {
          var boom = new AssertionError("boom");
          var e =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Parallel.map(
                          numbers(100),
                          i -> {
                            if (i == 50) {
                              throw boom;
                            }
                            return i;
                          }));
          assertSame(boom, e.getCause());
          assertThrows(
              IllegalArgumentException.class,
              () -> Parallel.mapToArray(-1, i -> i, Integer[]::new));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void reduceCombinesNeighboursInOrder(int processors) throws Exception {
    on(
        processors,
        () -> {
          var expected = new StringBuilder();
          for (int i = 0; i < 3000; i++) {
            expected.append(i).append(' ');
          }
          for (var options : List.of(LoopOptions.auto(), LoopOptions.grain(17))) {
            assertEquals(
                expected.toString(),
                Parallel.reduce(0, 3000, options, "", i -> i + " ", String::concat));
          }
          assertEquals("none", Parallel.reduce(3, 3, "none", i -> "", String::concat));
          assertEquals(499_999_500_000L, Parallel.reduceLong(0, 1_000_000, 0, i -> i, Long::sum));
          assertEquals(
              Long.MIN_VALUE, Parallel.reduceLong(5, 5, Long.MIN_VALUE, i -> i, Math::max));
        });
  }

  @Test
  void withAGrainASumOfDoublesIsTheSameEachTime() throws Exception {
    double[] first = new double[1];
    for (int processors : new int[] {1, 2, 4}) {
      on(
          processors,
          () -> {
            double sum =
                Parallel.reduceDouble(
                    0,
                    100_000,
                    LoopOptions.grain(1000),
                    0,
                    i -> Math.sin((double) i) * 1e10,
                    Double::sum);
            if (first[0] == 0) {
              first[0] = sum;
            }
            assertEquals(first[0], sum);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4095, 100_000})
  void scansAreThoseOfTheJdk(int length) throws Exception {
    for (int processors : new int[] {1, 4}) {
      on(
          processors,
          () -> {
            long[] longs = new Random(1).longs(length).toArray();
            long[] expected = longs.clone();
            Arrays.parallelPrefix(expected, Long::sum);
            Parallel.scan(longs, Long::sum);
            assertArrayEquals(expected, longs);

            double[] doubles = new Random(1).doubles(length).map(d -> (int) (d * 100)).toArray();
            double[] sums = doubles.clone();
            Arrays.parallelPrefix(sums, Double::sum);
            Parallel.scan(doubles, Double::sum);
            assertArrayEquals(sums, doubles);

            // associative, not commutative: the ends of the text
            String[] texts = new String[length];
            Arrays.setAll(texts, i -> "" + (char) ('a' + i % 26));
            String[] ends = texts.clone();
            for (int i = 1; i < length; i++) {
              ends[i] = ends[0] + texts[i];
            }
            Parallel.scan(texts, (a, b) -> a.charAt(0) + b.substring(b.length() - 1));
            assertArrayEquals(ends, texts);
          });
    }
  }

  @Test
  void aFailingScanFails() throws Exception {
    on(
        4,
        () -> {
          Integer[] array = numbers(100_000).toArray(Integer[]::new);
          var boom = new IllegalStateException("boom");
          var e =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Parallel.scan(
                          array,
                          (a, b) -> {
                            if (b == 60_000) {
                              throw boom;
                            }
                            return b;
                          }));
          assertSame(boom, e.getCause());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000, 16_385, 100_000, 500_000})
  void sortsAreThoseOfTheJdk(int length) throws Exception {
    for (int processors : new int[] {1, 2, 4}) {
      on(
          processors,
          () -> {
            var random = new Random(length);
            int[] ints = random.ints(length, 0, Math.max(1, length / 4)).toArray();
            int[] sorted = ints.clone();
            Arrays.sort(sorted);
            Parallel.sort(ints);
            assertArrayEquals(sorted, ints);

            long[] longs = random.longs(length).toArray();
            long[] sortedLongs = longs.clone();
            Arrays.sort(sortedLongs);
            Parallel.sort(longs);
            assertArrayEquals(sortedLongs, longs);

            double[] doubles = random.doubles(length).toArray();
            if (length > 10) {
              doubles[1] = Double.NaN;
              doubles[length - 1] = -0.0;
              doubles[length / 2] = 0.0;
              doubles[3] = Double.NEGATIVE_INFINITY;
            }
            double[] sortedDoubles = doubles.clone();
            Arrays.sort(sortedDoubles);
            Parallel.sort(doubles);
            assertArrayEquals(sortedDoubles, doubles);
          });
    }
  }

  private record Item(int key, int number) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void equalObjectsKeepTheirOrder(int processors) throws Exception {
    on(
        processors,
        () -> {
          var random = new Random(3);
          Item[] items = new Item[200_000];
          Arrays.setAll(items, i -> new Item(random.nextInt(50), i));
          Item[] expected = items.clone();
          Arrays.sort(expected, Comparator.comparingInt(Item::key));
          Parallel.sort(items, Comparator.comparingInt(Item::key));
          assertArrayEquals(expected, items);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFailingComparatorFailsTheSort(int processors) throws Exception {
    on(
        processors,
        () -> {
          Integer[] items = new Random(5).ints(200_000).boxed().toArray(Integer[]::new);
          var left = new AtomicInteger(300_000);
          var boom = new IllegalStateException("boom");
          var e =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Parallel.sort(
                          items,
                          (a, b) -> {
                            if (left.decrementAndGet() == 0) {
                              throw boom;
                            }
                            return Integer.compare(b, a);
                          }));
          assertSame(boom, e.getCause());
        });
  }
}
