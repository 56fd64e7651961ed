package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class H2loadTest {
  private static final String GOOD =
      """
      finished in 1.01s, 5000.00 req/s, 200.13KB/s
      requests: 5000 total, 5008 started, 5000 done, 5000 succeeded, 0 failed, 0 errored, 0 timeout
      status codes: 5003 2xx, 0 3xx, 0 4xx, 0 5xx
      traffic: 200.20KB (205005) total, 29.30KB (30003) headers (space savings 85.00%), 58.63KB (60036) data
                           min         max         mean         sd        +/- sd
      time for request:      105us     23.09ms      1.45ms      1.10ms    90.12%
      time for connect:      270us      3.22ms      1.70ms       886us    58.33%
      """;

  @Test
  void aGoodPassIsRead() throws Exception {
    H2load pass = H2load.parse(GOOD, 12);
    assertEquals(new H2load(5000, 5000, 1450), pass);
    assertEquals(List.of("mean_us", "per_s"), List.copyOf(pass.metrics().keySet()));
    assertEquals(37, H2load.parse(GOOD.replace("1.45ms", "37us"), 12).meanMicros());
    assertEquals(2e6, H2load.parse(GOOD.replace("1.45ms", "2s"), 12).meanMicros());
  }

  @Test
  void aPassWithAWrongAnswerIsNone() {
    assertThrows(IOException.class, () -> H2load.parse("", 12));
    assertThrows(IOException.class, () -> H2load.parse(GOOD, 13)); // too few bytes
    for (String[] change :
        new String[][] {
          {"5000 succeeded", "4999 succeeded"},
          {"0 failed", "1 failed"},
          {"0 errored", "1 errored"},
          {"0 timeout", "1 timeout"},
          {"5003 2xx", "4999 2xx"},
          {"5000 done", "0 done"}
        }) {
      String bad = GOOD.replace(change[0], change[1]);
      assertThrows(IOException.class, () -> H2load.parse(bad, 12), change[1]);
    }
  }

  @Test
  void theToolIsThatOfTheProtocol() {
    assertEquals("h2load", Workloads.tool(named("h2hello")));
    assertEquals("wrk", Workloads.tool(named("hello")));
    assertEquals("", Workloads.tool(named("idle")));
  }

  private static Workload named(String name) {
    return Workloads.named(List.of(name)).getFirst();
  }
}
