package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PipelineTest {
  private static Iterator<Integer> numbers(int n) {
    return IntStream.range(0, n).iterator();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,8", "2,1", "2,2", "4,3", "4,16"})
  void serialStagesKeepTheOrderAndTakeOneAtATime(int processors, int tokens) throws Exception {
    on(
        processors,
        () -> {
          List<String> out = new ArrayList<>();
          var inFirst = new AtomicInteger();
          var inSecond = new AtomicInteger();
          Pipeline.from(numbers(5000))
              .serial(
                  i -> {
                    assertEquals(1, inFirst.incrementAndGet());
                    inFirst.decrementAndGet();
                    return i + 1;
                  })
              .parallel(
                  i -> {
                    if (i % 7 == 0) {
                      Go.gosched();
                    }
                    return "n" + i;
                  })
              .serial(
                  s -> {
                    assertEquals(1, inSecond.incrementAndGet());
                    out.add(s);
                    inSecond.decrementAndGet();
                    return s;
                  })
              .run(tokens);
          assertEquals(IntStream.rangeClosed(1, 5000).mapToObj(i -> "n" + i).toList(), out);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void noMoreItemsThanTokensAreUnderWay(int processors) throws Exception {
    on(
        processors,
        () -> {
          var underWay = new AtomicInteger();
          var most = new AtomicInteger();
          Chan<Integer> gate = Chan.make(100);
          Pipeline.from(numbers(100))
              .serial(
                  i -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    if (i == 3) { // four have come: the parallel stage lets them go
                      gate.close();
                    }
                    return i;
                  })
              .parallel(
                  i -> {
                    gate.recv();
                    return i;
                  })
              .serial(i -> underWay.decrementAndGet())
              .run(4);
          assertEquals(4, most.get());
          assertEquals(0, underWay.get());
        });
  }

  @Test
  void anEmptySourceAndNoStage() throws Exception {
    on(
        1,
        () -> {
          Pipeline.from(numbers(0)).serial(i -> i).run(3);
          Pipeline.from(numbers(10)).run(3);
        });
    Pipeline.from(List.of(1, 2)).parallel(i -> i).run(2);
  }

  @Test
  void aChannelIsASource() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> ch = Chan.make();
          Go.go(
              () -> {
                for (int i = 0; i < 100; i++) {
                  ch.send(i);
                }
                ch.close();
              });
          var sum = new AtomicInteger();
          Pipeline.from(ch).parallel(sum::addAndGet).run(4);
          assertEquals(4950, sum.get());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aFailureEndsAllTokens(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var blocked = new CountDownLatch(3);
          var boom = new AssertionError("boom");
          var e =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Pipeline.from(numbers(1000))
                          .parallel(
                              i -> {
                                if (i == 0) {
                                  until(() -> blocked.getCount() == 0);
                                  throw boom;
                                }
                                return i;
                              })
                          .parallel(
                              i -> {
                                blocked.countDown();
                                return never.recv();
                              })
                          .serial(i -> i)
                          .run(4));
          assertSame(boom, e.getCause());
          assertFalse(Thread.currentThread().isInterrupted());
        });
  }

  @Test
  void aFailingSourceFailsThePipeline() throws Exception {
    on(
        2,
        () -> {
          Iterator<Integer> source =
              new Iterator<>() {
                private int n;

                @Override
                public boolean hasNext() {
                  return true;
                }

                @Override
                public Integer next() {
                  if (++n == 100) {
                    throw new IllegalStateException("source");
                  }
                  return n;
                }
              };
          var e =
              assertThrows(
                  JobFailedException.class,
                  () -> Pipeline.from(source).serial(i -> i).parallel(i -> i).run(4));
          assertEquals("source", e.getCause().getMessage());
          assertThrows(IllegalArgumentException.class, () -> Pipeline.from(numbers(1)).run(0));
        });
  }

  @Test
  void anInterruptEndsThePipeline() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          Thread caller = Thread.currentThread();
          var count = new AtomicInteger();
          assertThrows(
              InterruptedException.class,
              () ->
                  Pipeline.from(numbers(100))
                      .parallel(
                          i -> {
                            if (count.incrementAndGet() == 5) {
                              caller.interrupt();
                            }
                            return never.recv();
                          })
                      .run(5));
          assertTrue(count.get() >= 5);
        });
  }
}
