package dev.raddle;

import dev.raddle.internal.chan.Hchan;
import dev.raddle.internal.chan.Select;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A select that is made once and run in a loop: the same choice as {@link Go#select}, without an
 * allocation for each run.
 *
 * {@snippet :
 * var select = new Selector();
 * var words = select.onRecv(in); // case 0
 * var sums = select.onSend(out); // case 1
 * while (true) {
 *   sums.offer(sum);
 *   switch (select.select()) {
 *     case 0 -> sum += words.value();
 *     case 1 -> sum = 0;
 *     default -> throw new AssertionError();
 *   }
 * }
 * }
 *
 * <p>A case without a channel is never ready, as a nil channel in Go; the same channel may stand in
 * several cases, and in both directions. Of the cases that can go on, each is as likely as any
 * other. A run with a timeout that has to wait allocates a timer; so does the first wait of a
 * goroutine with a selector that another one used before.
 *
 * <p>One thread may use a selector at a time, with all its cases. To give it to another, publish it
 * safely.
 *
 * @see <a href="https://go.dev/ref/spec#Select_statements">Go specification: select</a>
 */
public final class Selector {
  /** {@link #select(Duration)} and {@link #trySelect}: no case was performed. */
  public static final int NONE = -1;

  private @Nullable Hchan[] chans = {};
  private boolean[] sends = {};
  private @Nullable Object[] elems = {};
  private @Nullable Select select;
  private int chosen = NONE;

  /** Makes a selector without a case: until it gets one a select waits for ever. */
  public Selector() {}

  /**
   * Adds a case that receives.
   *
   * @param chan null for one that is never ready, until it is given a channel
   * @param <T> type of the elements
   * @return the case
   * @throws IllegalArgumentException if there are 65,536 cases already
   */
  public <T extends @Nullable Object> RecvCase<T> onRecv(@Nullable RecvChan<T> chan) {
    return new RecvCase<>(add(chan == null ? null : Chan.of(chan), false));
  }

  /**
   * Adds a case that sends. It takes part in a select while it has an element: see {@link
   * SendCase#offer}.
   *
   * @param chan null for one that is never ready, until it is given a channel
   * @param <T> type of the elements
   * @return the case
   * @throws IllegalArgumentException if there are 65,536 cases already
   */
  public <T extends @Nullable Object> SendCase<T> onSend(@Nullable SendChan<T> chan) {
    return new SendCase<>(add(chan == null ? null : Chan.of(chan), true));
  }

  private int add(@Nullable Hchan chan, boolean send) {
    int i = chans.length;
    Select.check(i + 1);
    chans = Arrays.copyOf(chans, i + 1);
    sends = Arrays.copyOf(sends, i + 1);
    elems = Arrays.copyOf(elems, i + 1);
    chans[i] = chan;
    sends[i] = send;
    elems[i] = send ? Select.ABSENT : null;
    select = null;
    chosen = NONE;
    return i;
  }

  /**
   * Waits until one of the cases can go on, and performs it.
   *
   * @return the {@link RecvCase#index} of the case
   * @throws ChannelClosedException if the chosen case sends and its channel is closed; the case
   *     keeps its element
   * @throws InterruptedException if interrupted while waiting; then no case was performed
   */
  public int select() throws InterruptedException {
    return run(-1);
  }

  /**
   * As {@link #select()}, for a limited time. Starts no goroutine.
   *
   * @param timeout zero or negative: do not wait
   * @return the index of the case, or {@link #NONE} when the time was up
   * @throws ChannelClosedException as {@link #select()}
   * @throws InterruptedException as {@link #select()}
   */
  public int select(Duration timeout) throws InterruptedException {
    return run(Math.max(0, Clock.nanos(timeout)));
  }

  /**
   * As {@link #select()}, without waiting: a select with a default case.
   *
   * @return the index of the case, or {@link #NONE} when none could go on at once
   * @throws ChannelClosedException as {@link #select()}
   */
  public int trySelect() {
    try {
      return run(Long.MIN_VALUE);
    } catch (InterruptedException e) {
      throw new AssertionError("a select that does not wait was interrupted", e);
    }
  }

  private int run(long nanos) throws InterruptedException {
    Select s = select;
    if (s == null) {
      s = new Select(chans, sends, elems);
      select = s;
    }
    chosen = NONE;
    return after(s, s.run(nanos));
  }

  /** Out of the frame that waits, and run before: see Waiter, Profile. */
  private int after(Select s, int c) {
    if (c < 0) {
      return NONE;
    }
    if (sends[c] && !s.ok()) {
      throw new ChannelClosedException("send on closed channel", cause(c));
    }
    chosen = c;
    return c;
  }

  static {
    var finished = new Selector();
    finished.after(new Select(new Hchan[0], new boolean[0], new Object[0]), NONE);
  }

  private @Nullable Throwable cause(int index) {
    Hchan c = chans[index];
    return c == null ? null : c.cause();
  }

  private void use(int index, @Nullable Hchan chan) {
    Select s = select;
    if (s == null) {
      chans[index] = chan;
    } else {
      s.set(index, chan);
    }
    if (chosen == index) {
      chosen = NONE;
    }
  }

  /**
   * A case that receives.
   *
   * @param <T> type of the elements
   */
  public final class RecvCase<T extends @Nullable Object> {
    private final int index;

    private RecvCase(int index) {
      this.index = index;
    }

    /**
     * What {@link Selector#select()} returns for this case.
     *
     * @return 0 for the case that was added first, and so on
     */
    public int index() {
      return index;
    }

    /**
     * Receives from another channel from now on. What was received is lost, unless it was read.
     *
     * @param chan null: this case is not ready until it is given a channel
     */
    public void chan(@Nullable RecvChan<T> chan) {
      use(index, chan == null ? null : Chan.of(chan));
    }

    /**
     * What was received, if the last select chose this case. The selector keeps it until the next
     * one.
     *
     * @return the element; {@code null} when the channel is closed and drained
     * @throws ChannelClosedException if the channel was closed with a cause, and is drained
     * @throws IllegalStateException if the last select did not choose this case
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the channel has only T; null may be an element
    public T value() {
      Select s = chosen();
      return s.ok() ? (T) s.received() : receive().orFail();
    }

    /**
     * Whether an element was received, if the last select chose this case.
     *
     * @return false when the channel is closed and drained
     * @throws IllegalStateException if the last select did not choose this case
     */
    public boolean ok() {
      return chosen().ok();
    }

    /**
     * What was received, if the last select chose this case, with the cause of a close.
     *
     * @return the element, or {@code ok == false}
     * @throws IllegalStateException if the last select did not choose this case
     */
    @SuppressWarnings("unchecked") // the channel has only T
    public Recv<T> receive() {
      Select s = chosen();
      return s.ok() ? new Recv<>((T) s.received(), true) : new Recv<>(null, false, cause(index));
    }

    private Select chosen() {
      Select s = select;
      if (s == null || chosen != index) {
        throw new IllegalStateException(
            "select: expected case " + index + " to be the chosen one, found " + chosen);
      }
      return s;
    }
  }

  /**
   * A case that sends. Being chosen uses its element up; without one it is not ready.
   *
   * @param <T> type of the elements
   */
  public final class SendCase<T extends @Nullable Object> {
    private final int index;

    private SendCase(int index) {
      this.index = index;
    }

    /**
     * What {@link Selector#select()} returns for this case.
     *
     * @return 0 for the case that was added first, and so on
     */
    public int index() {
      return index;
    }

    /**
     * Sends to another channel from now on.
     *
     * @param chan null: this case is not ready until it is given a channel
     */
    public void chan(@Nullable SendChan<T> chan) {
      use(index, chan == null ? null : Chan.of(chan));
    }

    /**
     * Gives it the element that it sends when it is chosen, in place of one that it still has.
     *
     * @param element may be {@code null}
     */
    public void offer(T element) {
      elems[index] = element;
    }

    /** Takes its element back: it is not ready until it is given another. */
    public void withdraw() {
      elems[index] = Select.ABSENT;
    }
  }
}
