package dev.raddle.child;

import dev.raddle.runtime.Cpu;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;

/** Makes everything that counts CPUs, or a thread, on a goroutine that is pinned to one. */
final class PinnedProgram {
  private PinnedProgram() {}

  private static String mask(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String mine() {
    return mask(Path.of("/proc/thread-self/status"));
  }

  /** Of the thread of that name. */
  private static String maskOf(String thread) throws IOException {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
          return mask(task.resolve("status"));
        }
      }
    }
    return "no thread " + thread;
  }

  private static void expect(String what, Object expected, Object found) {
    System.out.println(what + (expected.equals(found) ? " ok" : " " + expected + " " + found));
  }

  public static void main(String[] args) throws Exception {
    int all = Runtime.getRuntime().availableProcessors();
    String everywhere = mine();
    int cpu = Cpu.available()[0];
    var pinned = Scheduler.builder().processors(1).pinToCpus(cpu).build();
    pinned
        .submit(
            () -> {
              expect(
                  "pinned", cpu + " 1", mine() + " " + Runtime.getRuntime().availableProcessors());
              int pool = ForkJoinPool.getCommonPoolParallelism();
              expect("common pool", Math.max(1, all - 1), pool);
              try (var inner = Scheduler.builder().build()) {
                expect("Ps of another", all, inner.gomaxprocs(0));
                expect("threads of another", everywhere, inner.submit(PinnedProgram::mine).get());
              }
              return null;
            })
        .get();
    pinned.close();
    Scheduler.current().close(); // with it ends sysmon
    pinned = Scheduler.builder().processors(1).pinToCpus(cpu).build();
    pinned
        .submit(
            () -> {
              try (var inner = Scheduler.builder().build()) {
                expect("after a close", all, inner.gomaxprocs(0));
                expect("sysmon", everywhere, maskOf("raddle-sysmon"));
              }
              return null;
            })
        .get();
    pinned.close();
  }
}
