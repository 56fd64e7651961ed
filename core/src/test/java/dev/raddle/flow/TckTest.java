package dev.raddle.flow;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** The technology compatibility kit of Reactive Streams 1.0.4. */
class TckTest {
  private static final long TIMEOUT_MILLIS = 1_000;
  private static final long NOTHING_MILLIS = 50;

  private static TestEnvironment environment() {
    return new TestEnvironment(TIMEOUT_MILLIS, NOTHING_MILLIS);
  }

  private static final class Publishers extends FlowPublisherVerification<Long>
      implements Tck.Suite {
    private CancelContext life = Context.background().withCancel();

    Publishers() {
      super(environment());
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      Chan<Long> c = Chan.make();
      Go.go(
          () -> {
            try {
              for (long i = 0; i < elements; i++) {
                c.send(life, i);
              }
            } catch (CancellationException over) {
              // the test has ended
            }
            c.close();
          });
      return Flows.publisher(c);
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      Chan<Long> c = Chan.make();
      c.close(new IllegalStateException("failed"));
      return Flows.publisher(c);
    }

    @Override
    public void tearDown() {
      life.cancel();
      life = Context.background().withCancel();
    }

    @Override
    public Object tests() {
      return this;
    }
  }

  private static final class Subscribers extends FlowSubscriberBlackboxVerification<Integer>
      implements Tck.Suite {
    private CancelContext life = Context.background().withCancel();

    Subscribers() {
      super(environment());
    }

    @Override
    public Flow.Subscriber<Integer> createFlowSubscriber() {
      var s = new ChanSubscriber<Integer>(4);
      Context ctx = life;
      Go.go(() -> s.run(ctx));
      Go.go(() -> drain(s.out()));
      return s;
    }

    private static void drain(Chan<Integer> c) throws InterruptedException {
      while (c.receive().ok()) {}
    }

    @Override
    public void tearDown() {
      life.cancel();
      life = Context.background().withCancel();
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }

    @Override
    public Object tests() {
      return this;
    }
  }

  @TestFactory
  Stream<DynamicTest> aChannelIsAPublisher() {
    return Tck.tests(new Publishers());
  }

  @TestFactory
  Stream<DynamicTest> aChannelSubscribes() {
    var suite = new Subscribers();
    return Tck.tests(
        new Tck.Suite() {
          @Override
          public void setUp() throws Exception {
            suite.startPublisherExecutorService();
            suite.setUp();
          }

          @Override
          public void tearDown() {
            suite.tearDown();
          }

          @Override
          public Object tests() {
            return suite;
          }
        });
  }
}
