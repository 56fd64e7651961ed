package dev.raddle.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Files and streams. A read or write of a file keeps its thread; sysmon sees to the others. */
class FilesTest {
  @TempDir Path dir;

  @OnEach
  void writeForceAndRead(On on) throws Exception {
    on.run(
        () ->
            On.all(
                20,
                i -> {
                  Path file = dir.resolve("file" + i);
                  var bytes = new byte[100_000];
                  bytes[i] = (byte) i;
                  try (var out = new FileOutputStream(file.toFile())) {
                    out.write(bytes);
                    out.getFD().sync(); // the JDK tells its carrier that it blocks
                  }
                  assertArrayEquals(bytes, Files.readAllBytes(file));
                  try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(new byte[] {7}), i);
                    channel.force(true);
                  }
                  try (var random = new RandomAccessFile(file.toFile(), "r")) {
                    random.seek(i);
                    assertEquals(7, random.read());
                  }
                }));
  }

  @OnEach
  void manyAppendToOneWriter(On on) throws Exception {
    Path file = dir.resolve("log");
    List<String> expected = new ArrayList<>();
    try (var writer = new PrintWriter(Files.newBufferedWriter(file, UTF_8))) {
      on.run(
          () ->
              On.all(
                  20,
                  i -> {
                    for (int r = 0; r < 100; r++) {
                      writer.println("line " + i + " " + r);
                    }
                  }));
    }
    for (int i = 0; i < 20; i++) {
      for (int r = 0; r < 100; r++) {
        expected.add("line " + i + " " + r);
      }
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file, UTF_8));
    Collections.sort(lines);
    Collections.sort(expected);
    assertEquals(expected, lines);
  }

  @OnEach
  void pipedStreams(On on) throws Exception {
    var out = new PipedOutputStream();
    var in = new PipedInputStream(out, 16);
    on.run(
        () ->
            On.all(
                2,
                i -> {
                  if (i == 0) {
                    try (out) {
                      out.write(new byte[1000]);
                    }
                  } else {
                    try (in) {
                      assertEquals(1000, in.readAllBytes().length);
                    }
                  }
                }));
  }
}
