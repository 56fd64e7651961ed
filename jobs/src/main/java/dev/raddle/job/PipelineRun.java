package dev.raddle.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * One run of a pipeline.
 *
 * Roles      A token is a job that carries item after item. Its number in the queue for the source becomes
 *            that of its item, and at every serial stage the numbers take turns.
 * Start      A token starts the next one when it has an item, so that a short source starts few.
 * Failure    It leaves the turn untaken; who waits for a turn is interrupted, as every other token is.
 */
final class PipelineRun {
  private final Iterator<?> source;
  private final List<Pipeline.Stage> stages;
  private final int tokens;
  private final Children children = new Children();
  private final AtomicLong numbers = new AtomicLong();
  private final Turn sourceTurn;

  /** Of the stages; null for those that are parallel. */
  private final List<@Nullable Turn> turns = new ArrayList<>();

  /** Of the token whose turn it is at the source. */
  private int started = 1;

  private boolean exhausted;

  PipelineRun(Iterator<?> source, List<Pipeline.Stage> stages, int tokens) {
    this.source = source;
    this.stages = stages;
    this.tokens = tokens;
    sourceTurn = new Turn(children, tokens);
    for (Pipeline.Stage stage : stages) {
      turns.add(stage.serial() ? new Turn(children, tokens) : null);
    }
  }

  void run() throws InterruptedException {
    children.fork(new BodyJob(children, this::carry));
    children.complete();
  }

  /** A token's work. */
  private void carry() throws Exception {
    while (!children.isCancelled()) {
      long number = numbers.getAndIncrement();
      sourceTurn.await(number);
      if (exhausted || !source.hasNext()) {
        exhausted = true;
        sourceTurn.pass();
        return;
      }
      Object item = source.next();
      if (started < tokens) {
        started++;
        children.fork(new BodyJob(children, this::carry));
      }
      sourceTurn.pass();
      pass(item, number);
    }
  }

  private void pass(@Nullable Object first, long number) throws Exception {
    Object item = first;
    for (int i = 0; i < stages.size(); i++) {
      Turn turn = turns.get(i);
      if (turn != null) {
        turn.await(number);
      }
      item = stages.get(i).step().of(item);
      if (turn != null) {
        turn.pass();
      }
    }
  }
}
