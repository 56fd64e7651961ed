package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first run makes an AOT cache in the background, later ones start with it. */
class AotCacheIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path cache;
  @TempDir Path sources;

  @Test
  void laterRunsUseTheCacheAndSurviveADamagedOne() throws Exception {
    var raddle = new Raddle(cache);
    String file =
        Files.writeString(sources.resolve("One.java"), "void main() { IO.println(1); }").toString();
    assertEquals("1\n", raddle.run("run", file).out());
    Path aot = awaitCache(cache.resolve("raddle/aot"));

    raddle.set("RADDLE_JAVA_OPTS", "-Xlog:aot=info");
    var second = raddle.run("run", file);
    assertEquals(0, second.status(), second::toString);
    assertTrue(second.out().contains("Using AOT-linked classes: true"), second::toString);
    assertTrue(second.out().endsWith("1\n"), second::toString);

    Files.writeString(aot, "damaged");
    raddle.set("RADDLE_JAVA_OPTS", "");
    var third = raddle.run("run", file);
    assertEquals(0, third.status(), third::toString);
    assertTrue(third.out().endsWith("1\n"), third::toString);
  }

  private static Path awaitCache(Path folder) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (var watch = folder.getFileSystem().newWatchService()) {
      folder.register(
          watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
      while (true) {
        Optional<Path> made = made(folder);
        if (made.isPresent()) {
          return made.get();
        }
        var key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertTrue(key != null, "no AOT cache after " + LIMIT);
        key.pollEvents();
        key.reset();
      }
    }
  }

  /** The cache, once the lock of those who make it is gone. */
  private static Optional<Path> made(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      var all = files.toList();
      return all.stream().noneMatch(p -> p.toString().endsWith(".lock"))
          ? all.stream().filter(p -> p.toString().endsWith(".aot")).findFirst()
          : Optional.empty();
    }
  }
}
