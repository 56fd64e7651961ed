package bench;

import static bench.Bench.check;
import static dev.raddle.Go.go;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.Selector;
import dev.raddle.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Raddle's channels, in goroutines. */
final class RaddleChannels extends ChannelBench {
  private record Ch(Chan<Long> chan) implements Pipe {
    @Override
    public void send(Long element) throws InterruptedException {
      chan.send(element);
    }

    @Override
    public Long recv() throws InterruptedException {
      return chan.recv();
    }
  }

  private static final class Any implements Pipe {
    private final Selector selector = new Selector();
    private final List<Selector.RecvCase<Long>> cases = new ArrayList<>();

    Any(List<Pipe> pipes) {
      pipes.forEach(p -> cases.add(selector.onRecv(((Ch) p).chan)));
    }

    @Override
    public void send(Long element) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Long recv() throws InterruptedException {
      return cases.get(selector.select()).value();
    }
  }

  @Override
  Pipe pipe(int capacity) {
    return new Ch(Chan.make(capacity));
  }

  @Override
  Pipe any(List<Pipe> pipes) {
    return new Any(pipes);
  }

  @Override
  void start(Body body) {
    go(body::run);
  }

  /** A million timers. */
  static void millionTimers() throws Exception {
    Timer[] timers = new Timer[Bench.timers()];
    Bench.timers(
        new Bench.Timers() {
          @Override
          public void set(int i, long nanos, Runnable fires) {
            timers[i] = Go.afterFunc(Duration.ofNanos(nanos), fires::run);
          }

          @Override
          public boolean stop(int i) {
            return timers[i].stop();
          }
        });
  }

  /** A thousand timers, set and stopped. */
  static void timers(int times) throws Exception {
    Bench.measure(
        1000L * times,
        () -> {
          for (int t = 0; t < times; t++) {
            List<Timer> timers = new ArrayList<>(1000);
            for (int i = 0; i < 1000; i++) {
              timers.add(Go.afterFunc(Duration.ofHours(1), () -> check(false)));
            }
            for (Timer timer : timers) {
              check(timer.stop());
            }
          }
        });
  }
}
