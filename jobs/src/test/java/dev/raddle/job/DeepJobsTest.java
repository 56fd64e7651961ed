package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs in jobs in jobs: that block down there, and that have much on their stacks. */
@Timeout(60)
class DeepJobsTest {
  /** A tree of jobs of that depth, with {@code leaf} below. */
  private static int tree(int depth, Callable<Integer> leaf) throws Exception {
    if (depth == 0) {
      return leaf.call();
    }
    Job<Integer> left = Jobs.fork(() -> tree(depth - 1, leaf));
    int right = tree(depth - 1, leaf);
    return left.join() + right;
  }

  /** Each leaf waits for what the echo sends back, in {@code java.net} and not in our net. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void jobsBlockInSocketsAtAnyDepth(int processors) throws Exception {
    try (var server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
      Thread echo = Thread.ofPlatform().daemon().start(() -> echo(server));
      on(processors, () -> assertEquals(64 * 7, tree(6, () -> ask(server.getLocalPort()))));
      echo.join();
    }
  }

  private static int ask(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(7);
      return socket.getInputStream().read();
    }
  }

  private static void echo(ServerSocket server) {
    try {
      for (int i = 0; i < 64; i++) {
        try (Socket s = server.accept()) {
          s.getOutputStream().write(s.getInputStream().read());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void jobsBlockInFilesAtAnyDepth(int processors, @TempDir Path dir) throws Exception {
    Path file = dir.resolve("seven");
    Files.writeString(file, "7");
    on(
        processors,
        () -> assertEquals(64 * 7, tree(6, () -> Integer.parseInt(Files.readString(file)))));
  }

  // ---- stacks ----

  /** So many frames of the user's between two joins. */
  private static int below(int frames, Callable<Integer> work) {
    if (frames > 0) {
      return below(frames - 1, work) + 1;
    }
    try {
      return work.call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static int chain(int joins, int frames) throws Exception {
    if (joins == 0) {
      return 0;
    }
    return below(frames, () -> Jobs.fork(() -> chain(joins - 1, frames)).join());
  }

  private static int plain(int calls, int frames) throws Exception {
    return calls == 0 ? 0 : below(frames, () -> plain(calls - 1, frames));
  }

  /** As deep as the same calls without jobs may be, and far deeper. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10, 30, 50})
  void aChainOfJoinsIsNoDeeperThanTheCallsThatItStandsFor(int frames) throws Exception {
    on(
        1,
        () -> {
          assertEquals(100 * frames, plain(100, frames));
          assertEquals(100 * frames, chain(100, frames));
          assertEquals(5_000 * frames, chain(5_000, frames));
        });
  }
}
