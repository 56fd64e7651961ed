package dev.raddle.context;

import static dev.raddle.context.Waits.LONG;
import static dev.raddle.context.Waits.SHORT;
import static dev.raddle.context.Waits.assertCanceled;
import static dev.raddle.context.Waits.assertOpen;
import static dev.raddle.context.Waits.awaitEnd;
import static dev.raddle.context.Waits.untilCollected;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of contexts: who ends with whom, and who forgets whom. */
@Timeout(120)
class ContextTreeTest {
  private static final Context.Key<String> KEY = Context.Key.of("key");

  private static int children(Context c) {
    return ((CancelCtx) c).countChildren();
  }

  // ---- Go's context/context_test.go ----

  /** Follows TestParentFinishesChild. */
  @Test
  void aParentEndsItsChildrenAndForgetsThem() {
    var parent = Context.background().withCancel();
    var child = parent.withCancel();
    var value = parent.withValue(KEY, "value");
    var timer = value.withTimeout(LONG);
    var stop = parent.afterFunc(() -> {});
    assertOpen(parent, child, value, timer);
    assertEquals(3, children(parent));
    parent.cancel();
    assertEquals(0, children(parent));
    assertCanceled(parent, child, value, timer);
    assertEquals(false, stop.stop());
    assertCanceled(parent.withValue(KEY, "value"), parent.withCancel());
  }

  /** Follows TestChildFinishesFirst. */
  @Test
  void aChildThatEndsLeavesItsParentAlone() {
    try (var cancelable = Context.background().withCancel()) {
      for (Context parent : List.of(Context.background(), cancelable)) {
        var child = parent.withCancel();
        assertOpen(parent, child);
        assertEquals(parent == cancelable ? 1 : 0, children(cancelable));
        child.cancel();
        assertEquals(0, children(cancelable));
        assertCanceled(child);
        assertOpen(parent);
      }
    }
  }

  /** Follows TestCancelRemoves. */
  @Test
  void whatEndsByItselfIsForgotten() throws Exception {
    try (var ctx = Context.background().withCancel()) {
      var child = ctx.withCancel();
      var timer = ctx.withTimeout(LONG);
      var stop = ctx.afterFunc(() -> {});
      var late = ctx.withTimeout(SHORT);
      awaitEnd(late.done());
      Waits.until("the timer to be forgotten", () -> children(ctx) == 3);
      timer.cancel(); // from the middle of the list
      assertEquals(2, children(ctx));
      child.cancel(); // its end
      assertEquals(1, children(ctx));
      stop.stop();
      assertEquals(0, children(ctx));
      ctx.withCancel().cancel();
      assertEquals(0, children(ctx));
    }
  }

  // ---- Go's context/x_test.go ----

  /** Follows TestSimultaneousCancels. */
  @Test
  void allOfATreeMayBeCancelledAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      List<CancelContext> all = new ArrayList<>();
      var queue = new ArrayDeque<CancelContext>();
      queue.add(Context.background().withCancel());
      while (all.size() < 100) {
        CancelContext c = queue.remove();
        all.add(c);
        for (int i = 0; i < 4; i++) {
          queue.add(c.withCancel());
        }
      }
      all.addAll(queue);
      Collections.shuffle(all, new Random(round));
      var wg = new WaitGroup();
      for (CancelContext c : all) {
        wg.go(
            () -> {
              c.cancel();
              assertCanceled(c);
            });
      }
      for (Context c : all) {
        awaitEnd(c.done());
      }
      wg.await();
    }
  }

  /** Follows TestInterlockedCancels. */
  @Test
  void aParentsEndMayCancelTheChild() throws Exception {
    var parent = Context.background().withCancel();
    var child = parent.withCancel();
    Go.go(
        () -> {
          parent.done().recv();
          child.cancel();
        });
    parent.cancel();
    awaitEnd(child.done());
  }

  /** Follows TestLayersCancel and TestLayersTimeout. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyLayersPassEverythingOn(boolean timeout) throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    List<Context.Key<Object>> keys = new ArrayList<>();
    List<CancelContext> cancels = new ArrayList<>();
    Context ctx = Context.background();
    for (int i = 0; i < 30 || keys.isEmpty() || cancels.isEmpty(); i++) {
      int kind = i == 29 && timeout ? 2 : random.nextInt(3);
      if (kind == 0) {
        Context.Key<Object> key = Context.Key.of("layer" + i);
        ctx = ctx.withValue(key, key);
        keys.add(key);
      } else {
        CancelContext c = kind == 1 ? ctx.withCancel() : ctx.withTimeout(timeout ? SHORT : LONG);
        cancels.add(c);
        ctx = c;
      }
    }
    assertTrue(ctx.toString().startsWith("context.Background."));
    assertValues(ctx, keys, seed);
    if (timeout) {
      awaitEnd(ctx.done());
      Waits.assertEnded(DeadlineExceededException.class, ctx);
    } else {
      assertOpen(ctx);
      cancels.get(random.nextInt(cancels.size())).cancel();
      assertCanceled(ctx);
    }
    assertValues(ctx, keys, seed);
    cancels.forEach(CancelContext::close);
  }

  private static void assertValues(Context ctx, List<Context.Key<Object>> keys, long seed) {
    for (Context.Key<Object> k : keys) {
      assertSame(k, ctx.value(k), () -> "seed " + seed);
    }
  }

  /** Follows TestWithCancelCanceledParent. */
  @Test
  void aChildOfAnEndedParentHasEnded() {
    var parent = Context.background().withCancelCause();
    var cause = new Exception("because");
    parent.cancel(cause);
    try (var c = parent.withCancel();
        var t = parent.withTimeout(LONG)) {
      assertCanceled(c, t);
      assertSame(cause, c.cause());
      assertSame(cause, t.cause());
    }
  }

  /** Follows TestWithCancelSimultaneouslyCanceledParent. */
  @Test
  void aChildOfAParentThatEndsRightNowEndsToo() throws Exception {
    var cause = new Exception("because");
    for (int i = 0; i < 1_000; i++) {
      var parent = Context.background().withCancelCause();
      Go.go(() -> parent.cancel(cause));
      try (var c = i % 2 == 0 ? parent.withCancel() : parent.withTimeout(LONG)) {
        awaitEnd(c.done());
        assertCanceled(c);
        assertSame(cause, c.cause());
      }
    }
  }

  // ---- memory and depth ----

  @Test
  void aClosedChildIsGarbage() throws Exception {
    try (var parent = Context.background().withCancel()) {
      untilCollected(closedChild(parent));
      assertOpen(parent);
    }
  }

  private static WeakReference<Context> closedChild(Context parent) {
    try (var child = parent.withTimeout(LONG)) {
      child.done();
      return new WeakReference<>(child);
    }
  }

  @Test
  void anEndedParentKeepsNeitherItsChildrenNorThemTogether() throws Exception {
    var parent = Context.background().withCancel();
    var kept = List.of(parent.withCancel(), parent.withCancel());
    var ref = new WeakReference<Context>(parent.withCancel());
    var between = List.of(parent.withCancel(), parent.withCancel());
    parent.cancel();
    untilCollected(ref);
    assertCanceled(parent, kept.get(0), kept.get(1), between.get(0), between.get(1));
  }

  @Test
  void aStoppedCallKeepsNothing() throws Exception {
    try (var ctx = Context.background().withCancel()) {
      untilCollected(stoppedCall(ctx));
      assertOpen(ctx);
    }
  }

  private static WeakReference<Object> stoppedCall(Context ctx) {
    Object big = Context.background().withCancel();
    var stop = ctx.afterFunc(() -> assertOpen((Context) big));
    assertTrue(stop.stop());
    return new WeakReference<>(big);
  }

  @Test
  void depthIsNoObstacle() {
    var root = Context.background().withValue(KEY, "root").withCancel();
    Context ctx = root;
    for (int i = 0; i < 100_000; i++) {
      ctx = i % 2 == 0 ? ctx.withCancel() : ctx.withValue(Context.Key.of("k"), i);
    }
    assertEquals("root", ctx.value(KEY));
    assertEquals(root.toString(), ctx.toString().substring(0, root.toString().length()));
    root.cancel();
    assertCanceled(ctx);
    assertEquals("root", ctx.value(KEY));
  }
}
