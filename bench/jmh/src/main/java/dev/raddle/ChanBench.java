package dev.raddle;

import bench.jmh.InGoroutine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Operations of one goroutine on a channel that nobody else uses; none waits. */
@State(Scope.Thread)
public class ChanBench extends InGoroutine {
  private static final String ELEMENT = "element";

  private final Chan<String> unbuffered = Chan.make();
  private final Chan<String> buffered = Chan.make(16);
  private final Chan<String> unbounded = Chan.unbounded();

  /** Refused: nobody receives. */
  @Benchmark
  public void trySendInVain() {
    check(!unbuffered.trySend(ELEMENT));
  }

  /** There is nothing. */
  @Benchmark
  public void tryRecvInVain() {
    check(buffered.tryRecv() == null);
  }

  /** Both succeed. */
  @Benchmark
  public void trySendTryRecv() {
    check(buffered.trySend(ELEMENT));
    Recv<String> got = buffered.tryRecv();
    check(got != null && got.ok());
  }

  /** Through the buffer. */
  @Benchmark
  public void sendRecv() throws InterruptedException {
    buffered.send(ELEMENT);
    check(ELEMENT.equals(buffered.recv()));
  }

  /** Through a queue without a bound. */
  @Benchmark
  public void sendRecvUnbounded() throws InterruptedException {
    unbounded.send(ELEMENT);
    check(ELEMENT.equals(unbounded.recv()));
  }
}
