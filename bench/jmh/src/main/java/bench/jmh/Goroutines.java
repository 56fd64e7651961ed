package bench.jmh;

import dev.raddle.runtime.Scheduler;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** What JMH starts the threads of {@link InGoroutine} with: a scheduler of one P a thread. */
public final class Goroutines extends AbstractExecutorService {
  private final Scheduler scheduler;
  private final ExecutorService goroutines;

  /**
   * Called by JMH, which looks for these parameters.
   *
   * @param threads how many there will be at most
   * @param prefix of their names, which goroutines do not need
   */
  public Goroutines(int threads, String prefix) {
    scheduler = Scheduler.builder().processors(threads).build();
    goroutines = scheduler.executor();
  }

  @Override
  public void execute(Runnable task) {
    goroutines.execute(task);
  }

  @Override
  public void shutdown() {
    goroutines.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return goroutines.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return goroutines.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return goroutines.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    boolean ended = goroutines.awaitTermination(timeout, unit);
    if (ended) {
      scheduler.close();
    }
    return ended;
  }
}
