package dev.raddle;

import dev.raddle.History.Effect;
import dev.raddle.History.Got;
import dev.raddle.History.Idle;
import dev.raddle.History.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * A {@link Selector} that a {@link FuzzWorker} uses again and again, with other channels each time.
 */
final class FuzzSelector {
  private static final int CASES = 2; // of each direction

  private final FuzzProgram program;
  private final Random random;
  private final Selector selector = new Selector();
  private final List<Selector.RecvCase<Integer>> recvs = new ArrayList<>();
  private final List<Selector.SendCase<Integer>> sends = new ArrayList<>();

  /** By the index of the case. */
  private final int[] chans = new int[2 * CASES];

  FuzzSelector(FuzzProgram program, Random random) {
    this.program = program;
    this.random = random;
    for (int i = 0; i < CASES; i++) {
      recvs.add(selector.onRecv(null));
      sends.add(selector.onSend(null));
    }
  }

  /**
   * Runs once.
   *
   * @param tried gets the channels that it would send to
   * @param waits told before it waits without a limit: the channels to send to, and to receive from
   */
  Effect run(int element, List<Integer> tried, BiConsumer<List<Integer>, List<Integer>> waits)
      throws InterruptedException {
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    for (var c : recvs) {
      int chan = random.nextInt(program.nil() + 1);
      chans[c.index()] = chan;
      if (chan == program.nil()) {
        c.chan(null);
      } else {
        c.chan(program.chan(chan));
        from.add(chan);
      }
    }
    for (var c : sends) {
      int chan = random.nextInt(program.nil());
      chans[c.index()] = chan;
      c.chan(program.chan(chan));
      if (random.nextBoolean()) {
        c.offer(element);
        to.add(chan);
      } else {
        c.withdraw();
      }
    }
    tried.clear();
    tried.addAll(to);
    int form = random.nextInt(4);
    if (form > 1) {
      waits.accept(to, from);
    }
    int chosen =
        switch (form) {
          case 0 -> selector.trySelect();
          case 1 -> selector.select(Duration.ofNanos(1 + random.nextInt(100_000)));
          default -> selector.select();
        };
    if (chosen == Selector.NONE) {
      return new Idle(to, from);
    }
    for (var c : recvs) {
      if (c.index() == chosen) {
        return new Got(chans[chosen], c.ok() ? c.value() : null, form != 0);
      }
    }
    return new Sent(chans[chosen], element, form != 0);
  }
}
