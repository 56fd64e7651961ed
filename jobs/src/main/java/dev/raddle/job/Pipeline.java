package dev.raddle.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Items pass through stages one after another, several items at the same time. A serial stage takes
 * one item at a time, in the order of the source; a parallel stage takes as many as come. No more
 * items than there are tokens are under way, so that memory is bounded and a slow stage holds up
 * the source.
 *
 * <pre>{@code
 * Pipeline.from(lines).parallel(Parser::parse).serial(out::write).run(8);
 * }</pre>
 *
 * <p>Each token is a goroutine that carries one item from the source to the end and then fetches
 * the next: an item stays in the caches of its P while it can. A token that comes too early to a
 * serial stage parks. Stages may block.
 *
 * @param <T> what comes out of the last stage so far
 */
public final class Pipeline<T extends @Nullable Object> {
  private final Iterator<?> source;
  private final List<Stage> stages;

  private Pipeline(Iterator<?> source, List<Stage> stages) {
    this.source = source;
    this.stages = stages;
  }

  /**
   * What a stage does with an item.
   *
   * @param <T> type of what comes in
   * @param <R> type of what goes out
   */
  @FunctionalInterface
  public interface Step<T extends @Nullable Object, R extends @Nullable Object> {
    /**
     * Called once for each item.
     *
     * @param item what comes in
     * @return what goes to the next stage
     * @throws Exception ends the pipeline
     */
    R of(T item) throws Exception;
  }

  /** A step without its types, which {@link Pipeline} has checked. */
  record Stage(boolean serial, Step<@Nullable Object, @Nullable Object> step) {}

  /**
   * A pipeline of no stage yet. The source is a serial stage: it is used by one goroutine at a
   * time.
   *
   * @param source gives the items; may block
   * @param <T> type of the items
   * @return the pipeline
   */
  public static <T extends @Nullable Object> Pipeline<T> from(Iterator<? extends T> source) {
    return new Pipeline<>(Objects.requireNonNull(source, "source"), List.of());
  }

  /**
   * As {@link #from(Iterator)}.
   *
   * @param source gives the items, a {@link dev.raddle.RecvChan} until it is closed for example
   * @param <T> type of the items
   * @return the pipeline
   */
  public static <T extends @Nullable Object> Pipeline<T> from(Iterable<? extends T> source) {
    return from(source.iterator());
  }

  /**
   * Appends a stage that takes one item at a time, in the order of the source.
   *
   * @param step what it does
   * @param <R> type of what goes out
   * @return a longer pipeline, to be used in place of this one
   */
  public <R extends @Nullable Object> Pipeline<R> serial(Step<? super T, ? extends R> step) {
    return then(true, step);
  }

  /**
   * Appends a stage that takes any number of items at the same time.
   *
   * @param step what it does
   * @param <R> type of what goes out
   * @return a longer pipeline, to be used in place of this one
   */
  public <R extends @Nullable Object> Pipeline<R> parallel(Step<? super T, ? extends R> step) {
    return then(false, step);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // what goes out of a stage is what the next expects
  private <R extends @Nullable Object> Pipeline<R> then(
      boolean serial, Step<? super T, ? extends R> step) {
    Objects.requireNonNull(step, "step");
    List<Stage> longer = new ArrayList<>(stages);
    longer.add(new Stage(serial, (Step<@Nullable Object, @Nullable Object>) step));
    return new Pipeline<>(source, List.copyOf(longer));
  }

  /**
   * Runs until the source has no more items and all have passed. What comes out of the last stage
   * is dropped. The source is used up, so a second run finds nothing.
   *
   * @param tokens the most items under way
   * @throws IllegalArgumentException if there is not at least one token
   * @throws InterruptedException if interrupted; nothing of the pipeline runs any more
   * @throws JobFailedException if the source or a stage failed: the first failure, others
   *     suppressed; the other tokens were cancelled, see {@link Job#cancel}
   */
  public void run(int tokens) throws InterruptedException {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens: expected at least 1, found " + tokens);
    }
    new PipelineRun(source, stages, tokens).run();
  }
}
