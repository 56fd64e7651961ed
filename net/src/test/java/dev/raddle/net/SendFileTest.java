package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.internal.jdk.FileDescriptors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows Go's net/sendfile_test.go. */
@Timeout(60)
class SendFileTest {
  private static final byte[] CONTENT = new byte[8 << 20];
  @TempDir static Path directory = Path.of("");

  @BeforeAll
  static void write() throws IOException {
    new Random(1).nextBytes(CONTENT);
    Files.write(file(), CONTENT);
  }

  private static Path file() {
    return directory.resolve("content");
  }

  /**
   * Follows TestSendfile and TestSendfileParts: any part arrives as it is, beyond what a socket
   * takes at once, too; the channel's own position stays.
   */
  @ParameterizedTest
  @CsvSource({
    "tcp, 0, 8388608",
    "unix, 0, 8388608",
    "tcp, 1, 4000001",
    "tcp, 8388607, 1",
    "tcp, 5, 0",
  })
  void aPartOfAFileArrivesAsItIs(String network, int from, int count) throws Exception {
    try (Pair p = Pair.of(network);
        FileChannel file = FileChannel.open(file())) {
      file.position(7);
      Chan<Long> sent = Chan.make(1);
      Go.go(
          () -> {
            long n = p.here().sendFile(file, from, count);
            p.here().closeWrite();
            sent.send(n);
          });
      byte[] got = p.there().inputStream().readAllBytes();
      assertArrayEquals(Arrays.copyOfRange(CONTENT, from, from + count), got);
      assertEquals(count, sent.recv());
      assertEquals(7, file.position());
    }
  }

  /** A file that ends before sends less, and does not wait. */
  @ParameterizedTest
  @CsvSource({"8388600, 100, 8", "8388608, 1, 0", "9000000, 1, 0"})
  void theEndOfTheFileIsNoFailure(long from, long count, long expected) throws Exception {
    try (Pair p = Pair.of("tcp");
        FileChannel file = FileChannel.open(file())) {
      assertEquals(expected, p.here().sendFile(file, from, count));
      p.here().closeWrite();
      assertEquals(expected, p.there().inputStream().readAllBytes().length);
    }
  }

  /** Follows TestSendfileOnWriteTimeoutExceeded, and goes on after it. */
  @Test
  void aDeadlineEndsIt() throws Exception {
    try (Pair p = Pair.of("tcp");
        FileChannel file = sparse()) {
      p.here().setWriteDeadline(Duration.ofMillis(50));
      IOException e =
          assertThrows(IOException.class, () -> p.here().sendFile(file, 0, file.size()));
      assertTrue(ConnProtocolTest.isTimeout(e), e.toString());
      p.here().setWriteDeadline(null);
      Go.go(
          () -> {
            p.here().sendFile(file, 0, 1 << 20);
            p.here().closeWrite();
          });
      assertTrue(p.there().inputStream().readAllBytes().length >= 1 << 20);
    }
  }

  /** More than any socket takes before somebody reads. */
  private static FileChannel sparse() throws IOException {
    Path path = directory.resolve("sparse");
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    file.write(ByteBuffer.allocate(1), (1L << 30) - 1);
    return file;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCloseOfEitherSideEndsIt(boolean ours) throws Exception {
    try (Pair p = Pair.of("tcp");
        FileChannel file = sparse()) {
      Chan<Object> ended = Chan.make(1);
      Go.go(
          () -> {
            try {
              ended.send(p.here().sendFile(file, 0, file.size()));
            } catch (IOException e) {
              ended.send(e);
            }
          });
      assertEquals(1, p.there().read(new byte[1], 0, 1), "it is under way");
      (ours ? p.here() : p.there()).close();
      assertTrue(ended.recv() instanceof IOException);
    }
  }

  @Test
  void aClosedFileIsRefused() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      FileChannel file = FileChannel.open(file());
      file.close();
      assertThrows(ClosedChannelException.class, () -> p.here().sendFile(file, 0, 10));
    }
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "java.lang is closed then")
  void theDescriptorOfAFileIsKnown() throws IOException {
    FileChannel file = FileChannel.open(file());
    assertTrue(FileDescriptors.of(file) > 2);
    file.close();
    assertEquals(-1, FileDescriptors.of(file));
  }
}
