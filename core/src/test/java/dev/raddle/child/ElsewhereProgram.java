package dev.raddle.child;

import dev.raddle.runtime.Cpu;
import dev.raddle.runtime.Scheduler;
import dev.raddle.runtime.Topology;
import java.util.List;

/** Asks for everything that only Linux has, twice, and then runs a goroutine without. */
final class ElsewhereProgram {
  private ElsewhereProgram() {}

  private static void ask(String what, Runnable call) {
    try {
      call.run();
      System.out.println(what + ": no failure");
    } catch (UnsupportedOperationException e) {
      System.out.println(what + ": unsupported, " + e.getMessage());
    }
  }

  @SuppressWarnings("CheckReturnValue") // throws
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < 2; i++) {
      ask("places", () -> Scheduler.builder().places(List.of(new int[] {0})));
      ask("pinToCpus", () -> Scheduler.builder().pinToCpus(0));
      ask("onePerCore", () -> Scheduler.builder().onePerCore());
      ask("onePerCache", () -> Scheduler.builder().onePerCache());
      ask("Topology", Topology::current);
      ask("Cpu.current", Cpu::current);
      ask("Cpu.available", Cpu::available);
    }
    try (var s = Scheduler.builder().processors(1).build()) {
      System.out.println("ran " + s.submit(() -> 7).get());
    }
  }
}
