package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.internal.RequestParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body that is read by one thread while the server answers on another one. */
@Timeout(30)
class RequestBodyTest {
  /** A connection that gives a head, then holds back the body. */
  private static final class Line {
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final AtomicBoolean secondReader = new AtomicBoolean();
    private final AtomicBoolean reader = new AtomicBoolean();
    private boolean headGiven;

    final RequestParser parser =
        new RequestParser(
            target -> {
              if (!headGiven) {
                headGiven = true;
                target.put(bytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"));
                return 1;
              }
              if (!reader.compareAndSet(false, true)) {
                secondReader.set(true);
                return -1;
              }
              waiting.countDown();
              try {
                assertTrue(go.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              target.put(bytes("abc"));
              reader.set(false);
              return 3;
            },
            1 << 20,
            500);

    RequestBody body(RequestBody.@Nullable Continue sender) throws IOException {
      var head = parser.readHead();
      assertNotNull(head);
      return new RequestBody(parser, head, sender);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static <T> FutureTask<T> start(Callable<T> what) {
    FutureTask<T> task = new FutureTask<>(what);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** Follows TestTransportAndServerSharedBodyRace. */
  @Test
  void theServerDoesNotReadWhatSomebodyElseReads() throws Exception {
    Line line = new Line();
    RequestBody body = line.body(null);
    FutureTask<byte[]> reader = start(() -> body.readNBytes(3));
    line.waiting.await();
    assertFalse(body.drain());
    assertFalse(body.settle());
    assertFalse(line.secondReader.get());
    line.go.countDown();
    assertEquals("abc", new String(reader.get(), StandardCharsets.ISO_8859_1));
    assertEquals(-1, body.read()); // it has come to its end, though too late for the server
  }

  @Test
  void twoReadersTakeTurns() throws Exception {
    Line line = new Line();
    RequestBody body = line.body(null);
    FutureTask<Integer> one = start(body::read);
    line.waiting.await();
    FutureTask<Integer> two = start(body::read);
    line.go.countDown();
    assertEquals('a' + 'b', one.get() + two.get());
    assertFalse(line.secondReader.get());
  }

  @Test
  void nobodyReadsOnceTheRequestIsSettled() throws Exception {
    Line line = new Line();
    RequestBody body = line.body(null);
    assertFalse(body.settle());
    assertThrows(IOException.class, body::read); // what comes may belong to the next request
    body.whenRead(() -> assertTrue(false, "watched after the end"));
    assertFalse(line.secondReader.get());
  }

  @Test
  void theConnectionIsNotHandedOverWhileSomebodyReads() throws Exception {
    Line line = new Line();
    RequestBody body = line.body(null);
    FutureTask<Integer> reader = start(body::read);
    line.waiting.await();
    assertThrows(IOException.class, body::handOver);
    line.go.countDown();
    assertEquals('a', reader.get());
    body.handOver();
    assertThrows(IOException.class, body::read);
  }

  /** Go: writeContinueMu. */
  @Test
  void theResponseWaitsUntil100ContinueIsOut() throws Exception {
    Line line = new Line();
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch cancelling = new CountDownLatch(1);
    AtomicBoolean out = new AtomicBoolean();
    AtomicBoolean overtaken = new AtomicBoolean();
    Thread[] canceller = new Thread[1];
    RequestBody body =
        line.body(
            () -> {
              sending.countDown();
              try {
                cancelling.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              while (canceller[0].getState() != Thread.State.BLOCKED && !overtaken.get()) {
                Thread.onSpinWait(); // ends by the time limit of the class
              }
              out.set(true);
            });
    FutureTask<Integer> reader = start(body::read);
    sending.await();
    FutureTask<Void> answer =
        new FutureTask<>(
            () -> {
              cancelling.countDown();
              body.cancelContinue();
              overtaken.set(!out.get());
              return null;
            });
    canceller[0] = Thread.ofPlatform().daemon().unstarted(answer);
    canceller[0].start();
    line.go.countDown();
    assertEquals('a', reader.get());
    answer.get();
    assertFalse(overtaken.get());
  }
}
