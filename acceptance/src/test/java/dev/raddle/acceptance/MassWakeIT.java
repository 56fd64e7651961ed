package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hundreds of thousands of goroutines that park before any was resumed. Their frames were compiled
 * before the JIT saw a wait return; once, each of them was deoptimized on its way back.
 */
class MassWakeIT {
  private static final int GOROUTINES = 300_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate.recv()",
        "gate.receive()",
        "select(gate.onReceive(r -> 0), other.onRecv(v -> 1))",
        "gate.receive(stop)"
      })
  void aFirstMassWakeDoesNotDeoptimizeEveryGoroutine(String wait) throws IOException {
    Path program =
        Files.writeString(
            folder.resolve("Wake.java"),
            """
            import static dev.raddle.Go.*;
            import dev.raddle.*;
            import dev.raddle.context.*;
            import dev.raddle.sync.*;
            void main() throws Exception {
              Chan<Void> gate = Chan.make();
              Chan<Void> other = Chan.make();
              CancelToken stop = new CancelToken() {
                public RecvChan<Void> done() { return other; }
                public void check() {}
              };
              var ready = new WaitGroup();
              var done = new WaitGroup();
              for (int i = 0; i < %d; i++) {
                ready.add(1);
                done.go(() -> { ready.done(); %s; });
              }
              ready.await();
              gate.close();
              done.await();
              IO.println("done");
            }
            """
                .formatted(GOROUTINES, wait));
    Path log = folder.resolve("deopt.log");
    var raddle = new Raddle();
    raddle.set("RADDLE_JAVA_OPTS", "-Xlog:deoptimization=debug:file=" + log + "::filecount=0");
    assertEquals("done\n", raddle.run("run", program.toString()).out());
    try (var lines = Files.lines(log)) {
      long deoptimized = lines.count();
      assertTrue(deoptimized < GOROUTINES / 4, () -> deoptimized + " deoptimizations");
    }
  }
}
