package dev.raddle.internal.jdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class CpusTest {
  private interface Body<T> {
    T run() throws Exception;
  }

  /** On a platform thread that ends with it, pinned or not. */
  private static <T> T apart(Body<T> body) throws Exception {
    var result = new CompletableFuture<T>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                result.complete(body.run());
              } catch (Throwable t) {
                result.completeExceptionally(t);
              }
            });
    return result.get(30, TimeUnit.SECONDS);
  }

  /** A system with more CPUs than the first try has bits refuses it: here one with one byte. */
  @Test
  void masksGrowUntilTheSystemTakesThem() throws Exception {
    assertArrayEquals(Cpus.own(128), Cpus.own(1));
    assertTrue(Cpus.own(1).length > 0);
  }

  @Test
  void cpusBeyondTheFirstThousandAreAskedForAndOnlyRefused() throws Exception {
    assertFalse(apart(() -> Cpus.enter(new int[] {100_000})));
    int cpu = Cpus.allowed()[0];
    assertTrue(apart(() -> Cpus.enter(new int[] {cpu, 100_000})), "those that there are");
  }

  @Test
  void aThreadEntersAndLeaves() throws Exception {
    int cpu = Cpus.allowed()[0];
    apart(
        () -> {
          Cpus.prepare();
          assertTrue(Cpus.enter(new int[] {cpu}));
          assertEquals(cpu, Cpus.current());
          assertArrayEquals(new int[] {cpu}, Cpus.own(128));
          Cpus.leave();
          return true;
        });
    assertTrue(Arrays.stream(Cpus.allowed()).anyMatch(c -> c == cpu));
  }

  /** A pinned thread would count one, and the JDK would tell that to everybody for 20 ms. */
  @Test
  void aPinnedThreadCountsAllCpus() throws Exception {
    Cpus.prepare();
    int all = Cpus.count();
    int cpu = Cpus.allowed()[0];
    int pinned =
        apart(
            () -> {
              assertTrue(Cpus.enter(new int[] {cpu}));
              return Cpus.count();
            });
    assertEquals(all, pinned);
  }
}
