package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Case;
import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Go;
import dev.raddle.Recv;
import dev.raddle.Selector;
import dev.raddle.internal.sched.Models;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Select over two channels is linearizable: whatever it chooses was ready at one instant, at which
 * for a default nothing was. The choice is random, so a {@link ChoiceVerifier} judges.
 */
class SelectModelTest {
  @Test
  void selectOverTwoChannelsIsLinearizable() {
    options(3 * Models.FACTOR).addCustomScenario(race()).check(Selects.class);
  }

  @Test
  void aSelectThatPollsOneChannelAfterTheOtherIsRejected() {
    assertThrows(
        LincheckAssertionError.class,
        () ->
            options(0)
                .addCustomScenario(race())
                .invocationsPerIteration(5_000)
                .minimizeFailedScenario(false)
                .check(Polls.class));
  }

  /** After the first send one of the channels always has an element; as TestNonblockSelectRace. */
  private static ExecutionScenario race() {
    Actor sendB = call("trySend", 1, 1);
    Actor sendA = call("trySend", 0, 2);
    return new ExecutionScenario(
        List.of(),
        List.of(List.of(sendB, call("selectBoth")), List.of(sendA, call("tryRecv", 1))),
        List.of(),
        null);
  }

  private static Actor call(String name, Object... arguments) {
    for (Method m : Operations.class.getDeclaredMethods()) {
      if (m.getName().equals(name)) {
        return new Actor(m, List.of(arguments));
      }
    }
    throw new IllegalArgumentException(name);
  }

  /** The verifier itself: a default with both channels ready, and a choice that is not ready. */
  @Test
  void theSpecificationRefusesWhatCannotBe() {
    var spec = new TwoChannels();
    assertFalse(spec.copy().perform("selectBoth", List.of(), "b got 1"));
    spec.perform("trySend", List.of(0, 1), "sent");
    assertFalse(spec.copy().perform("selectBoth", List.of(), "none"));
    assertFalse(spec.copy().perform("selectFromAToB", List.of(2), "none"));
    assertFalse(spec.copy().perform("selectorFromBToA", List.of(2), "sent"));
  }

  private static ModelCheckingOptions options(int iterations) {
    return new ModelCheckingOptions()
        .threads(2)
        .actorsBefore(0)
        .actorsPerThread(4)
        .actorsAfter(0)
        .iterations(iterations)
        .invocationsPerIteration(200)
        .sequentialSpecification(TwoChannels.class)
        .verifier(ChoiceVerifier.class);
  }

  /** What Lincheck calls: two channels of one slot. */
  @Param(name = "element", gen = IntGen.class, conf = "0:9")
  @Param(name = "channel", gen = IntGen.class, conf = "0:1")
  abstract static class Operations {
    final Chan<Integer> a = Chan.make(1);
    final Chan<Integer> b = Chan.make(1);

    /** A sender. */
    @Operation
    public String trySend(
        @Param(name = "channel") int channel, @Param(name = "element") int element) {
      try {
        return of(channel).trySend(element) ? "sent" : "none";
      } catch (ChannelClosedException e) {
        return "refused";
      }
    }

    /** A receiver. */
    @Operation
    public String tryRecv(@Param(name = "channel") int channel) {
      return got(of(channel).tryRecv());
    }

    /** Who closes. */
    @Operation
    public String close(@Param(name = "channel") int channel) {
      try {
        of(channel).close();
        return "closed";
      } catch (ChannelClosedException e) {
        return "refused";
      }
    }

    /** Both directions, as lambdas. */
    @Operation
    public String selectFromAToB(@Param(name = "element") int element) throws InterruptedException {
      try {
        return choose(a.onReceive(Operations::got), b.onSend(element, () -> "sent"));
      } catch (ChannelClosedException e) {
        return "refused";
      }
    }

    /** Two receives. */
    @Operation
    public String selectBoth() throws InterruptedException {
      return choose(a.onReceive(r -> "a " + got(r)), b.onReceive(r -> "b " + got(r)));
    }

    /** Both directions, as a selector. */
    @Operation
    public String selectorFromBToA(@Param(name = "element") int element)
        throws InterruptedException {
      try {
        return selector(element);
      } catch (ChannelClosedException e) {
        return "refused";
      }
    }

    abstract String choose(Case<String> one, Case<String> other) throws InterruptedException;

    abstract String selector(int element) throws InterruptedException;

    private Chan<Integer> of(int channel) {
      return channel == 0 ? a : b;
    }

    static String got(@Nullable Recv<Integer> r) {
      return r == null ? "none" : r.ok() ? "got " + r.value() : "end";
    }
  }

  /** As it is. */
  public static class Selects extends Operations {
    @Override
    String choose(Case<String> one, Case<String> other) throws InterruptedException {
      return Go.select(one, other, Go.orElse(() -> "none"));
    }

    @Override
    String selector(int element) {
      var s = new Selector();
      var fromB = s.onRecv(b);
      s.onSend(a).offer(element);
      return switch (s.trySelect()) {
        case 0 -> got(fromB.receive());
        case 1 -> "sent";
        default -> "none";
      };
    }
  }

  /** One channel after the other. */
  public static class Polls extends Operations {
    @Override
    String choose(Case<String> one, Case<String> other) throws InterruptedException {
      String first = Go.select(one, Go.orElse(() -> "none"));
      return "none".equals(first) ? Go.select(other, Go.orElse(() -> "none")) : first;
    }

    @Override
    String selector(int element) throws InterruptedException {
      return choose(b.onReceive(Operations::got), a.onSend(element, () -> "sent"));
    }
  }

  /** Two queues of one slot, and which results a select over them can have. */
  public static final class TwoChannels implements ChoiceVerifier.Spec {
    private final List<Queue> queues;

    /** Empty ones. */
    public TwoChannels() {
      this(new Queue(), new Queue());
    }

    private TwoChannels(Queue a, Queue b) {
      queues = List.of(a, b);
    }

    @Override
    public TwoChannels copy() {
      return new TwoChannels(queues.get(0).copy(), queues.get(1).copy());
    }

    @Override
    public Object state() {
      return queues.toString();
    }

    @Override
    public boolean perform(String operation, List<Object> arguments, String result) {
      Queue a = queues.get(0);
      Queue b = queues.get(1);
      return switch (operation) {
        case "trySend" -> {
          Queue q = queues.get((int) arguments.get(0));
          yield q.send((int) arguments.get(1), result) || (result.equals("none") && !q.canSend());
        }
        case "tryRecv" -> {
          Queue q = queues.get((int) arguments.get(0));
          yield q.recv(result) || (result.equals("none") && !q.canRecv());
        }
        case "close" -> queues.get((int) arguments.get(0)).close(result);
        case "selectFromAToB" -> move(a, b, (int) arguments.get(0), result);
        case "selectorFromBToA" -> move(b, a, (int) arguments.get(0), result);
        case "selectBoth" ->
            result.equals("none")
                ? !a.canRecv() && !b.canRecv()
                : (result.startsWith("a ") ? a : b).recv(result.substring(2));
        default -> throw new IllegalArgumentException(operation);
      };
    }

    private static boolean move(Queue from, Queue to, int element, String result) {
      return from.recv(result)
          || to.send(element, result)
          || (result.equals("none") && !from.canRecv() && !to.canSend());
    }
  }

  /** One channel. Its methods change it only if they can lead to the result. */
  private static final class Queue {
    private final ArrayDeque<Integer> elements;
    private boolean closed;

    Queue() {
      this(new ArrayDeque<>());
    }

    private Queue(ArrayDeque<Integer> elements) {
      this.elements = elements;
    }

    Queue copy() {
      var other = new Queue(elements.clone());
      other.closed = closed;
      return other;
    }

    boolean canSend() {
      return closed || elements.isEmpty();
    }

    boolean canRecv() {
      return closed || !elements.isEmpty();
    }

    boolean send(int element, String result) {
      return closed
          ? result.equals("refused")
          : elements.isEmpty() && result.equals("sent") && elements.add(element);
    }

    boolean recv(String result) {
      return elements.isEmpty()
          ? closed && result.equals("end")
          : result.equals("got " + elements.peek()) && elements.remove() != null;
    }

    boolean close(String result) {
      boolean can = result.equals(closed ? "refused" : "closed");
      closed = true;
      return can;
    }

    @Override
    public String toString() {
      return elements + (closed ? " closed" : "");
    }
  }
}
