package bench;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import dev.raddle.Go;
import java.util.List;

/**
 * Jox's channels: on virtual threads, or on Raddle's scheduler, which tells the channel from the
 * scheduler.
 */
public final class Jox extends ChannelBench {
  private final boolean goroutines;

  private Jox(boolean goroutines) {
    this.goroutines = goroutines;
  }

  private record Ch(Channel<Long> chan) implements Pipe {
    @Override
    public void send(Long element) throws InterruptedException {
      chan.send(element);
    }

    @Override
    public Long recv() throws InterruptedException {
      return chan.receive();
    }
  }

  private record Any(List<Channel<Long>> channels) implements Pipe {
    @Override
    public void send(Long element) {
      throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public Long recv() throws InterruptedException {
      var clauses = new SelectClause[channels.size()];
      for (int i = 0; i < clauses.length; i++) {
        clauses[i] = channels.get(i).receiveClause();
      }
      return (Long) Select.select(clauses);
    }
  }

  @Override
  Pipe pipe(int capacity) {
    return new Ch(
        capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity));
  }

  @Override
  Pipe any(List<Pipe> pipes) {
    return new Any(pipes.stream().map(p -> ((Ch) p).chan).toList());
  }

  @Override
  void start(Body body) {
    if (goroutines) {
      Go.go(body::run);
    } else {
      VirtualThreads.start(body);
    }
  }

  /** {@code WORKLOAD PROCS}; on Raddle's scheduler by {@code -Dbench.goroutines=true}. */
  public static void main(String[] args) throws Exception {
    Bench.start();
    boolean goroutines = Boolean.getBoolean("bench.goroutines");
    if (goroutines) {
      Go.gomaxprocs(Integer.parseInt(args[1]));
      run(goroutines, args[0]);
    } else {
      VirtualThreads.asVirtualThread(() -> run(goroutines, args[0]));
    }
  }

  private static void run(boolean goroutines, String workload) throws Exception {
    if (!new Jox(goroutines).run(workload)) {
      Bench.notApplicable();
    }
  }
}
