package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Buffers and windows by themselves. */
class CodecTest {
  @Test
  void aPipeGivesWhatItWasGiven() {
    Random random = new Random(7);
    BodyPipe pipe = new BodyPipe();
    int in = 0;
    int out = 0;
    byte[] bytes = new byte[5000];
    for (int round = 0; round < 10_000; round++) {
      int n = random.nextInt(random.nextBoolean() ? 3000 : 10);
      for (int i = 0; i < n; i++) {
        bytes[i] = (byte) in++;
      }
      pipe.add(ByteBuffer.wrap(bytes, 0, n));
      int wanted = random.nextInt(in - out > 10_000 ? 5000 : 1000);
      int got = pipe.read(bytes, 0, wanted);
      assertEquals(Math.min(wanted, in - out), got);
      for (int i = 0; i < got; i++) {
        assertEquals((byte) out++, bytes[i]);
      }
      assertEquals(in == out, pipe.isEmpty());
    }
    assertEquals(in - out, pipe.clear());
    assertTrue(pipe.isEmpty());
  }

  @Test
  void aWindowIsGivenBackInHalves() {
    ReceiveWindow window = new ReceiveWindow(100, 100);
    assertTrue(window.take(100));
    assertEquals(0, window.give(49));
    assertEquals(50, window.give(1));
    assertTrue(window.take(50));
    assertFalse(window.take(1));
    assertEquals(1, new ReceiveWindow(1, 1).give(1));
  }

  @Test
  void framesAreWhatTheStandardSays() {
    FrameQueue queue = new FrameQueue();
    queue.settings(4, 70_000);
    queue.reset(3, 8);
    queue.data(0x10203, new byte[] {9, 8, 7}, 1, 2, true);
    ByteBuffer sent = queue.take();
    byte[] bytes = new byte[sent.remaining()];
    sent.get(bytes);
    assertArrayEquals(
        new byte[] {
          0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0x11, 0x70, //
          0, 0, 4, 3, 0, 0, 0, 0, 3, 0, 0, 0, 8, //
          0, 0, 2, 0, 1, 0, 1, 2, 3, 8, 7
        },
        bytes);
    assertTrue(queue.isEmpty());
  }
}
