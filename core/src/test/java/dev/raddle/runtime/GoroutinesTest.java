package dev.raddle.runtime;

import static dev.raddle.Go.gosched;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Chan;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Scheduler#goroutines} lists those that are there, whoever came and went before. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "makes a scheduler")
class GoroutinesTest {
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void listsThoseThatAreThere(long seed) throws Exception {
    var random = new Random(seed);
    Map<String, Chan<Void>> there = new HashMap<>();
    try (var s = Scheduler.builder().name("listed").processors(2).build()) {
      for (int i = 0; i < STEPS; i++) {
        // A while of growth, a while of decline, and now and then nobody at all.
        boolean starts = there.isEmpty() || random.nextInt(STEPS) > i % (STEPS / 4) * 4;
        if (starts) {
          String name = "g" + i;
          Chan<Void> gate = Chan.make();
          there.put(name, gate);
          s.go(GoOptions.name(name), gate::recv);
        } else {
          String name =
              there.keySet().stream().skip(random.nextInt(there.size())).findFirst().get();
          Objects.requireNonNull(there.remove(name)).close();
        }
        await(s, there.keySet());
      }
      there.values().forEach(Chan::close);
      await(s, Set.of());
    }
  }

  private static void await(Scheduler s, Set<String> expected) {
    Set<String> listed = listed(s);
    while (!listed.equals(expected)) { // ends by the time limit of the class
      gosched();
      listed = listed(s);
    }
    assertEquals(expected.size(), s.goroutines().size(), "each once");
  }

  private static Set<String> listed(Scheduler s) {
    Set<String> names = new TreeSet<>();
    s.goroutines().forEach(g -> names.add(String.valueOf(g.name())));
    return names;
  }
}
