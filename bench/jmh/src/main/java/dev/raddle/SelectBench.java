package dev.raddle;

import bench.jmh.InGoroutine;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Selects of which every case is ready, each with the send that makes it so again; or none is. */
@State(Scope.Thread)
public class SelectBench extends InGoroutine {
  private static final String ELEMENT = "element";

  /** How many cases there are. */
  @Param({"2", "8"})
  public int cases;

  private final List<Chan<String>> chans = new ArrayList<>();
  private final Selector selector = new Selector();
  private final Selector idle = new Selector();
  private final List<Selector.RecvCase<String>> received = new ArrayList<>();

  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private Case<Integer>[] made = new Case[0];

  /** Makes the channels, each with an element. */
  @Setup
  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  public void make() throws InterruptedException {
    made = new Case[cases];
    for (int i = 0; i < cases; i++) {
      Chan<String> c = Chan.make(1);
      c.send(ELEMENT);
      chans.add(c);
      received.add(selector.onRecv(c));
      idle.onRecv(Chan.<String>make());
      int index = i;
      made[i] = c.onRecv(word -> index);
    }
  }

  /** {@link Go#select} with cases that are there already. */
  @Benchmark
  public void select() throws InterruptedException {
    int i = Go.select(made);
    check(chans.get(i).trySend(ELEMENT));
  }

  /** {@link Selector}, used again and again. */
  @Benchmark
  public void selector() throws InterruptedException {
    int i = selector.select();
    check(ELEMENT.equals(received.get(i).value()));
    check(chans.get(i).trySend(ELEMENT));
  }

  /** A select with a default, which is taken. */
  @Benchmark
  public void trySelectInVain() {
    check(idle.trySelect() == Selector.NONE);
  }
}
