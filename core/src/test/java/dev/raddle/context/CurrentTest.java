package dev.raddle.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The context that code runs in. */
@Timeout(60)
class CurrentTest {
  private static Context named(String name) {
    return Context.background().withValue(Context.Key.of("name"), name);
  }

  @Test
  void itIsThatOfTheInnermostBlock() throws Exception {
    Context a = named("a");
    Context b = named("b");
    assertSame(Context.background(), Context.current());
    String got =
        a.call(
            () -> {
              assertSame(a, Context.current());
              b.run(() -> assertSame(b, Context.current()));
              assertSame(a, Context.current());
              return "result";
            });
    assertEquals("result", got);
    assertSame(Context.background(), Context.current());
  }

  @Test
  void whatABodyThrowsComesOutAsItIs() {
    var e = new IOException("checked");
    IOException out =
        assertThrows(
            IOException.class,
            () ->
                named("a")
                    .run(
                        () -> {
                          throw e;
                        }));
    assertSame(e, out);
    assertSame(Context.background(), Context.current());
  }

  /** Also on threads that have run goroutines with another one before. */
  @Test
  void aGoroutineStartsInThatOfItsMaker() throws Exception {
    for (int i = 0; i < 100; i++) {
      Context ctx = named("maker" + i);
      Chan<Context> seen = Chan.make();
      ctx.run(
          () -> {
            Go.go(() -> Go.go(() -> seen.send(Context.current()))); // a grandchild
            Go.go(
                GoOptions.name("n").withLabel("k", "v"),
                () -> {
                  Goroutine self = Objects.requireNonNull(Goroutine.current());
                  assertEquals("n", self.name());
                  assertEquals("v", self.labels().get("k"));
                  seen.send(Context.current());
                });
            new WaitGroup().go(() -> seen.send(Context.current()));
          });
      Go.go(() -> seen.send(Context.current()));
      int inside = 0;
      for (int n = 0; n < 4; n++) {
        Context c = seen.recv();
        inside += c == ctx ? 1 : 0;
        assertSame(c == ctx ? ctx : Context.background(), c);
      }
      assertEquals(3, inside);
    }
  }

  @Test
  void futuresExecutorsAndThreadsTakeItOverToo() throws Exception {
    Context ctx = named("ctx");
    Scheduler s = Scheduler.current();
    assertSame(ctx, ctx.call(() -> s.submit(Context::current)).get(30, TimeUnit.SECONDS));
    try (var executor = s.executor()) {
      assertSame(ctx, ctx.call(() -> executor.submit(Context::current)).get(30, TimeUnit.SECONDS));
      assertSame(Context.background(), executor.submit(Context::current).get(30, TimeUnit.SECONDS));
    }
    Chan<Context> seen = Chan.make(1);
    Runnable tell = () -> seen.trySend(Context.current());
    Thread t = ctx.call(() -> s.threadFactory().newThread(tell));
    named("starter").run(t::start);
    t.join();
    assertSame(ctx, seen.recv());
  }

  @Test
  void aTimersBodyStartsInNone() throws Exception {
    Chan<Context> seen = Chan.make();
    named("a").run(() -> Go.afterFunc(Duration.ZERO, () -> seen.send(Context.current())));
    assertSame(Context.background(), seen.recv());
  }

  @Test
  void whoParksKeepsIt() throws Exception {
    Context ctx = named("ctx");
    Chan<Boolean> go = Chan.make();
    Chan<Context> seen = Chan.make();
    ctx.run(
        () ->
            Go.go(
                () -> {
                  for (int i = 0; i < 10; i++) {
                    go.recv();
                  }
                  seen.send(Context.current());
                }));
    for (int i = 0; i < 10; i++) {
      go.send(true);
      Go.gosched();
    }
    assertSame(ctx, seen.recv());
  }
}
