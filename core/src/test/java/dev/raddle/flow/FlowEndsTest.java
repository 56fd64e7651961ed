package dev.raddle.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.RecvChan;
import dev.raddle.context.Context;
import dev.raddle.runtime.Mode;
import dev.raddle.runtime.Scheduler;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends that nobody planned: the receiver must not take them for the end of the elements. */
@Timeout(60)
class FlowEndsTest {
  /** Counts what is asked of it. */
  private static class Counting implements Flow.Subscription {
    final AtomicLong requested = new AtomicLong();
    final AtomicInteger cancelled = new AtomicInteger();

    @Override
    public void request(long n) {
      requested.addAndGet(n);
    }

    @Override
    public void cancel() {
      cancelled.incrementAndGet();
    }
  }

  @Test
  void aCancellationThatTheSourceThrowsIsNotTheEndOfTheContext() throws Exception {
    var why = new CancellationException("the source's own");
    Iterator<Integer> source =
        Stream.of(1, 2)
            .map(
                v -> {
                  if (v == 2) {
                    throw why;
                  }
                  return v;
                })
            .iterator();
    RecvChan<Integer> c = Flows.from(Context.background(), source);
    assertEquals(1, c.recv());
    assertSame(why, c.receive().cause());
  }

  @Test
  void theEndOfTheContextIsTheCauseThoughTheSourceFailsForIt() throws Exception {
    var why = new IllegalStateException("enough");
    try (var ctx = Context.background().withCancel()) {
      Iterator<Integer> source =
          Stream.iterate(1, v -> v + 1)
              .peek(
                  v -> {
                    if (v == 2) {
                      ctx.cancel(why);
                    }
                    ctx.check();
                  })
              .iterator();
      RecvChan<Integer> c = Flows.from(ctx, source);
      assertEquals(1, c.recv());
      assertSame(why, c.receive().cause());
    }
  }

  @Test
  void whatASubscriptionThrowsIsTheCauseAndCancelsIt() throws Exception {
    for (var why :
        new RuntimeException[] {new CancellationException(), new ArithmeticException()}) {
      var subscription =
          new Counting() {
            @Override
            public void request(long n) {
              if (requested.addAndGet(n) > 2) {
                throw why;
              }
            }
          };
      RecvChan<Integer> c =
          Flows.receive(
              Context.background(),
              s -> {
                s.onSubscribe(subscription);
                s.onNext(1);
              },
              2);
      assertEquals(1, c.recv());
      assertSame(why, c.receive().cause());
      assertEquals(1, subscription.cancelled.get());
    }
  }

  @Test
  void aSubscriptionThatComesAfterTheEndOfTheContextIsCancelled() throws Exception {
    var subscriber = new CompletableFuture<Flow.Subscriber<? super Integer>>();
    var why = new IllegalStateException("enough");
    try (var ctx = Context.background().withCancel()) {
      RecvChan<Integer> c = Flows.<Integer>receive(ctx, subscriber::complete, 8);
      ctx.cancel(why);
      assertSame(why, c.receive().cause());
    }
    var late = new Counting();
    subscriber.get().onSubscribe(late);
    assertEquals(1, late.cancelled.get());
    assertEquals(0, late.requested.get());
  }

  @Test
  void aPublisherThatSendsMoreThanRequestedIsCancelled() throws Exception {
    var subscription = new Counting();
    var subscriber = new CompletableFuture<Flow.Subscriber<? super Integer>>();
    RecvChan<Integer> c = Flows.<Integer>receive(Context.background(), subscriber::complete, 2);
    Flow.Subscriber<? super Integer> s = subscriber.get();
    s.onSubscribe(subscription);
    for (int i = 0; i < 10; i++) { // nobody receives; after the first too many it must be silent
      s.onNext(i);
    }
    assertEquals(1, subscription.cancelled.get());
    assertEquals(0, c.recv());
    assertEquals(1, c.recv());
    while (true) { // one more, if the goroutine had taken the first before
      var r = c.receive();
      if (!r.ok()) {
        assertInstanceOf(IllegalStateException.class, r.cause());
        break;
      }
      assertEquals(2, r.value());
    }
    assertEquals(1, subscription.cancelled.get());
  }

  @Test
  void aSubscriberThatThrowsIsReportedWhateverItThrows() throws Exception {
    Assumptions.assumeTrue(Mode.current() == Mode.OWN, "schedulers of your own");
    var why = new CancellationException("the subscriber's own");
    var uncaught = new CompletableFuture<Throwable>();
    Chan<Integer> source = Chan.make(1);
    source.send(1);
    try (var one =
        Scheduler.builder()
            .name("one")
            .processors(1)
            .onUncaught((g, t) -> uncaught.complete(t))
            .build()) {
      one.go(() -> Flows.publisher(source).subscribe(new Throwing(why)));
      assertSame(why, uncaught.get(60, TimeUnit.SECONDS));
    }
    assertTrue(source.trySend(2));
    assertFalse(source.trySend(3)); // nobody receives any more
  }

  private record Throwing(RuntimeException why) implements Flow.Subscriber<Integer> {
    @Override
    public void onSubscribe(Flow.Subscription s) {
      s.request(10);
    }

    @Override
    public void onNext(Integer item) {
      throw why;
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onComplete() {}
  }
}
