package bench;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's queues in virtual threads: SynchronousQueue and ArrayBlockingQueue, or the unbuffered
 * half of LinkedTransferQueue.
 */
public final class Queues extends ChannelBench {
  private final boolean transfer;

  Queues(boolean transfer) {
    this.transfer = transfer;
  }

  private record Blocking(BlockingQueue<Long> queue) implements Pipe {
    @Override
    public void send(Long element) throws InterruptedException {
      queue.put(element);
    }

    @Override
    public Long recv() throws InterruptedException {
      return queue.take();
    }
  }

  private record Transfer(LinkedTransferQueue<Long> queue) implements Pipe {
    @Override
    public void send(Long element) throws InterruptedException {
      queue.transfer(element);
    }

    @Override
    public Long recv() throws InterruptedException {
      return queue.take();
    }
  }

  @Override
  @Nullable Pipe pipe(int capacity) {
    if (transfer) {
      return capacity == 0 ? new Transfer(new LinkedTransferQueue<>()) : null;
    }
    return new Blocking(
        capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity));
  }

  @Override
  void start(Body body) {
    VirtualThreads.start(body);
  }

  /** {@code WORKLOAD PROCS}: the transfer queue. */
  public static void main(String[] args) throws Exception {
    Bench.start();
    VirtualThreads.asVirtualThread(
        () -> {
          if (!new Queues(true).run(args[0])) {
            Bench.notApplicable();
          }
        });
  }
}
