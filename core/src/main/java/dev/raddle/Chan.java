package dev.raddle;

import dev.raddle.internal.chan.Behind;
import dev.raddle.internal.chan.Dropping;
import dev.raddle.internal.chan.Hchan;
import dev.raddle.internal.chan.Select;
import dev.raddle.internal.chan.TimerChan;
import dev.raddle.internal.chan.Unbounded;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel: Go's {@code chan T}. Goroutines, other virtual threads and platform threads may use it
 * alike; a goroutine that waits leaves its operating-system thread to others.
 *
 * <p>{@link #make} makes Go's channels. {@link #unbounded}, {@link #latest}, {@link #dropOldest}
 * and {@link #dropNewest} make kinds that Go has not: their sends never wait. All kinds behave
 * alike in everything else, as cases of a select, too.
 *
 * <p><b>Undelivered elements.</b> Each maker also takes a hook, for elements that own something. It
 * is called once for every element that was sent and that nobody will receive: one that a full
 * channel drops, by the sender, before its send returns; and what {@link #discard} finds. It is not
 * called for an element whose send failed, timed out or was interrupted (its sender still has it),
 * nor for what is left in a channel that merely became garbage. It runs under no lock and may use
 * channels; if it throws, so does the call that ran it, after its work is done.
 *
 * @param <T> type of the elements; {@code null} is an element like any other
 * @see <a href="https://go.dev/ref/spec#Channel_types">Go specification: channel types</a>
 */
public final class Chan<T extends @Nullable Object> implements RecvChan<T>, SendChan<T> {
  private static final Object NONE = new Object();
  private static final Chan<?> NIL = new Chan<>(null);
  private static final Object BLOCKED = new Object();

  /** What one or two cases of a bound send do; a select only reads it. */
  private static final boolean[] SENDS = {true, false};

  /** Null for the nil channel. */
  private final @Nullable Hchan chan;

  private Chan(@Nullable Hchan chan) {
    this.chan = chan;
  }

  /**
   * Makes an unbuffered channel: a send waits for its receive.
   *
   * @param <T> type of the elements
   * @return the channel
   */
  public static <T extends @Nullable Object> Chan<T> make() {
    return make(0);
  }

  /**
   * Makes a channel.
   *
   * @param capacity slots of the buffer; 0 for an unbuffered channel. They are allocated now
   * @param <T> type of the elements
   * @return the channel
   * @throws IllegalArgumentException if {@code capacity} is negative
   */
  public static <T extends @Nullable Object> Chan<T> make(int capacity) {
    return new Chan<>(new Hchan(atLeast(0, capacity)));
  }

  /**
   * As {@link #make(int)}, with a hook for what {@link #discard} finds.
   *
   * @param capacity as of {@link #make(int)}
   * @param undelivered see the head of this class
   * @param <T> type of the elements
   * @return the channel
   * @throws IllegalArgumentException if {@code capacity} is negative
   */
  public static <T extends @Nullable Object> Chan<T> make(
      int capacity, Consumer<? super T> undelivered) {
    return new Chan<>(new Hchan(atLeast(0, capacity), hook(undelivered)));
  }

  /**
   * Makes a channel that grows: a send never waits, and fails with an {@link OutOfMemoryError} if
   * there is no memory for the element; nothing was sent then. {@link #cap} is {@link
   * Integer#MAX_VALUE}. Prefer a bounded channel where the sender can be made to wait.
   *
   * @param <T> type of the elements
   * @return the channel
   */
  public static <T extends @Nullable Object> Chan<T> unbounded() {
    return new Chan<>(new Unbounded(null));
  }

  /**
   * As {@link #unbounded()}, with a hook for what {@link #discard} finds.
   *
   * @param undelivered see the head of this class
   * @param <T> type of the elements
   * @return the channel
   */
  public static <T extends @Nullable Object> Chan<T> unbounded(Consumer<? super T> undelivered) {
    return new Chan<>(new Unbounded(hook(undelivered)));
  }

  /**
   * Makes a channel that keeps the last element only, for a state of which receivers want the
   * newest value: {@code dropOldest(1)}.
   *
   * @param <T> type of the elements
   * @return the channel
   */
  public static <T extends @Nullable Object> Chan<T> latest() {
    return dropOldest(1);
  }

  /**
   * As {@link #latest()}, with a hook for the elements that nobody receives.
   *
   * @param undelivered see the head of this class
   * @param <T> type of the elements
   * @return the channel
   */
  public static <T extends @Nullable Object> Chan<T> latest(Consumer<? super T> undelivered) {
    return dropOldest(1, undelivered);
  }

  /**
   * Makes a buffered channel that makes room when it is full: the send drops the oldest element. So
   * a send never waits, and {@link #trySend} is always true.
   *
   * @param capacity slots of the buffer, 1 or more
   * @param <T> type of the elements
   * @return the channel
   * @throws IllegalArgumentException if {@code capacity} is zero or negative
   */
  public static <T extends @Nullable Object> Chan<T> dropOldest(int capacity) {
    return new Chan<>(new Dropping(atLeast(1, capacity), true, null));
  }

  /**
   * As {@link #dropOldest(int)}, with a hook for the elements that nobody receives.
   *
   * @param capacity slots of the buffer, 1 or more
   * @param undelivered see the head of this class
   * @param <T> type of the elements
   * @return the channel
   * @throws IllegalArgumentException if {@code capacity} is zero or negative
   */
  public static <T extends @Nullable Object> Chan<T> dropOldest(
      int capacity, Consumer<? super T> undelivered) {
    return new Chan<>(new Dropping(atLeast(1, capacity), true, hook(undelivered)));
  }

  /**
   * Makes a buffered channel that keeps what it has: when it is full, the send drops its own
   * element. So a send never waits, and {@link #trySend} is always true.
   *
   * @param capacity slots of the buffer, 1 or more
   * @param <T> type of the elements
   * @return the channel
   * @throws IllegalArgumentException if {@code capacity} is zero or negative
   */
  public static <T extends @Nullable Object> Chan<T> dropNewest(int capacity) {
    return new Chan<>(new Dropping(atLeast(1, capacity), false, null));
  }

  /**
   * As {@link #dropNewest(int)}, with a hook for the elements that nobody receives.
   *
   * @param capacity slots of the buffer, 1 or more
   * @param undelivered see the head of this class
   * @param <T> type of the elements
   * @return the channel
   * @throws IllegalArgumentException if {@code capacity} is zero or negative
   */
  public static <T extends @Nullable Object> Chan<T> dropNewest(
      int capacity, Consumer<? super T> undelivered) {
    return new Chan<>(new Dropping(atLeast(1, capacity), false, hook(undelivered)));
  }

  private static int atLeast(int least, int capacity) {
    if (capacity < least) {
      throw new IllegalArgumentException(
          "makechan: size out of range: expected " + least + " or more, found " + capacity);
    }
    return capacity;
  }

  @SuppressWarnings("unchecked") // only T goes in
  private static <T extends @Nullable Object> Consumer<@Nullable Object> hook(
      Consumer<? super T> undelivered) {
    return (Consumer<@Nullable Object>) Objects.requireNonNull(undelivered, "undelivered");
  }

  /** The channel of a timer. */
  static Chan<Instant> of(TimerChan timer) {
    return new Chan<>(timer);
  }

  /**
   * The nil channel: sends and receives wait for ever, and as a case it is never ready.
   *
   * @param <T> type of the elements
   * @return always the same
   */
  @SuppressWarnings("unchecked") // it has no elements
  public static <T extends @Nullable Object> Chan<T> nil() {
    return (Chan<T>) NIL;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // only T goes in; null may be an element
  public T recv() throws InterruptedException {
    Hchan c = chan;
    if (c == null) {
      throw forever(WaitReason.CHAN_RECEIVE_NIL);
    }
    return (T) afterRecv(c, c.recv(NONE));
  }

  @Override
  @SuppressWarnings("unchecked") // only T goes in
  public Recv<T> receive() throws InterruptedException {
    Hchan c = chan;
    if (c == null) {
      throw forever(WaitReason.CHAN_RECEIVE_NIL);
    }
    return (Recv<T>) afterReceive(c, c.recv(NONE));
  }

  @Override
  @SuppressWarnings("unchecked") // only T goes in
  public @Nullable Recv<T> tryRecv() {
    Hchan c = chan;
    if (c == null) {
      return null;
    }
    Object elem = c.tryRecv(BLOCKED, NONE);
    if (elem == BLOCKED) {
      return null;
    }
    return elem == NONE ? closed(c) : new Recv<>((T) elem, true);
  }

  @Override
  public RecvChan<? extends @Nullable Object> closed() {
    Hchan c = chan;
    return c == null ? nil() : new Chan<@Nullable Object>(c.closing()).recvOnly();
  }

  @Override
  @SuppressWarnings("unchecked") // only T goes in
  public int drainTo(Collection<? super T> into, int max) {
    Objects.requireNonNull(into, "into");
    if (max < 0) {
      throw new IllegalArgumentException("drainTo: expected a number from 0, found " + max);
    }
    Hchan c = chan;
    return c == null ? 0 : c.drainTo((Collection<@Nullable Object>) into, max);
  }

  @Override
  public T recv(CancelToken token) throws InterruptedException {
    return receive(token).orFail();
  }

  @Override
  public Recv<T> receive(CancelToken token) throws InterruptedException {
    token.check();
    Recv<T> r = tryRecv();
    if (r != null) {
      return r;
    }
    var wait = new Select(pair(token));
    return afterReceive(token, wait, wait.run(-1, recvReason()));
  }

  @Override
  public @Nullable Recv<T> receive(Duration timeout) throws InterruptedException {
    long nanos = Clock.nanos(timeout); // before an element is taken: it may be null
    Recv<T> r = tryRecv();
    if (r != null || nanos <= 0) {
      return r;
    }
    var wait = new Select(new @Nullable Hchan[] {chan});
    return wait.run(nanos, recvReason()) == Select.TIMEOUT ? null : received(wait);
  }

  private WaitReason recvReason() {
    return chan == null ? WaitReason.CHAN_RECEIVE_NIL : WaitReason.CHAN_RECEIVE;
  }

  private WaitReason sendReason() {
    return chan == null ? WaitReason.CHAN_SEND_NIL : WaitReason.CHAN_SEND;
  }

  @SuppressWarnings("unchecked") // only T goes in
  private Recv<T> received(Select wait) {
    Hchan c = chan;
    return wait.ok() || c == null ? new Recv<>((T) wait.received(), true) : closed(c);
  }

  /** This channel, and the one that ends the wait. */
  private @Nullable Hchan[] pair(CancelToken token) {
    return new @Nullable Hchan[] {chan, of(token.done())};
  }

  private static RuntimeException ended(CancelToken token) {
    token.check();
    return new IllegalStateException(
        "expected check() of " + token + " to throw, as its done() is ready");
  }

  /** What is behind a channel or view. */
  static @Nullable Hchan of(RecvChan<?> c) {
    return switch (c) {
      case Chan<?> all -> all.chan;
      case RecvOnly<?> view -> view.chan.chan;
    };
  }

  /** What is behind a channel or view. */
  static @Nullable Hchan of(SendChan<?> c) {
    return switch (c) {
      case Chan<?> all -> all.chan;
      case SendOnly<?> view -> view.chan.chan;
    };
  }

  @Override
  public void send(T element) throws InterruptedException {
    Hchan c = chan;
    if (c == null) {
      throw forever(WaitReason.CHAN_SEND_NIL);
    }
    afterSend(c, c.send(element));
  }

  @Override
  public void send(CancelToken token, T element) throws InterruptedException {
    token.check();
    if (!trySend(element)) {
      var wait = new Select(pair(token), SENDS, new @Nullable Object[] {element, null});
      afterSend(token, wait, wait.run(-1, sendReason()));
    }
  }

  @Override
  public boolean send(T element, Duration timeout) throws InterruptedException {
    long nanos = Clock.nanos(timeout);
    if (trySend(element)) {
      return true;
    }
    if (nanos <= 0) {
      return false;
    }
    var wait = new Select(new @Nullable Hchan[] {chan}, SENDS, new @Nullable Object[] {element});
    if (wait.run(nanos, sendReason()) == Select.TIMEOUT) {
      return false;
    }
    sent(wait);
    return true;
  }

  private void sent(Select wait) {
    Hchan c = chan;
    if (!wait.ok() && c != null) {
      throw sendOnClosed(c);
    }
  }

  @Override
  public boolean trySend(T element) {
    Hchan c = chan;
    if (c == null) {
      return false;
    }
    Boolean sent = c.trySend(element);
    if (sent == null) {
      throw sendOnClosed(c);
    }
    return sent;
  }

  @Override
  public void close() {
    close(null);
  }

  @Override
  public void close(@Nullable Throwable cause) {
    Hchan c = chan;
    if (c == null) {
      throw new ChannelClosedException("close of nil channel");
    }
    if (!c.close(cause)) {
      throw new ChannelClosedException("close of closed channel", c.cause());
    }
  }

  /**
   * For a receiver that leaves: closes the channel, if it is open, and gives every element in its
   * buffer to the hook for undelivered elements. Senders, waiting or to come, fail as after {@link
   * #close()}; receivers may still get elements while this runs, each of them once.
   *
   * @throws ChannelClosedException on the nil channel ("close of nil channel")
   */
  public void discard() {
    discard(null);
  }

  /**
   * As {@link #discard()}, with a cause for the senders that now fail.
   *
   * @param cause as of {@link #close(Throwable)}; does nothing if the channel was closed before
   * @throws ChannelClosedException on the nil channel ("close of nil channel")
   */
  public void discard(@Nullable Throwable cause) {
    Hchan c = chan;
    if (c == null) {
      throw new ChannelClosedException("close of nil channel");
    }
    c.discard(cause);
  }

  // What follows a wait stays out of the frames that wait, and has run before: see Waiter, Profile.

  private static @Nullable Object afterRecv(Hchan c, @Nullable Object elem) {
    return elem == NONE ? closed(c).orFail() : elem;
  }

  private static Recv<?> afterReceive(Hchan c, @Nullable Object elem) {
    return elem == NONE ? closed(c) : new Recv<>(elem, true);
  }

  private static void afterSend(Hchan c, boolean done) {
    if (!done) {
      throw sendOnClosed(c);
    }
  }

  private Recv<T> afterReceive(CancelToken token, Select wait, int chosen) {
    if (chosen != 0) {
      throw ended(token);
    }
    return received(wait);
  }

  private void afterSend(CancelToken token, Select wait, int chosen) {
    if (chosen != 0) {
      throw ended(token);
    }
    sent(wait);
  }

  static {
    var finished = new Chan<@Nullable Object>(new Hchan(0));
    var token =
        new CancelToken() {
          @Override
          public RecvChan<@Nullable Object> done() {
            return finished;
          }

          @Override
          public void check() {}
        };
    finished.prime(Objects.requireNonNull(finished.chan), token);
    Behind.how(c -> of((RecvChan<?>) c));
  }

  private void prime(Hchan c, CancelToken token) {
    var wait = new Select(pair(token));
    afterRecv(c, NONE);
    afterReceive(c, NONE);
    afterSend(c, true);
    afterReceive(token, wait, 0);
    afterSend(token, wait, 0);
  }

  private static <T extends @Nullable Object> Recv<T> closed(Hchan c) {
    return new Recv<>(null, false, c.cause());
  }

  private static ChannelClosedException sendOnClosed(Hchan c) {
    return new ChannelClosedException("send on closed channel", c.cause());
  }

  @Override
  public <R extends @Nullable Object> Case<R> onRecv(Case.OnRecv<T, R> body) {
    return new Case.OfValue<>(chan, body);
  }

  @Override
  public <R extends @Nullable Object> Case<R> onReceive(Case.OnRecv<Recv<T>, R> body) {
    return new Case.OfRecv<>(chan, body);
  }

  @Override
  public <R extends @Nullable Object> Case<R> onSend(T element, Case.OnChosen<R> body) {
    return new Case.Sending<>(chan, element, body);
  }

  @Override
  public int len() {
    return chan == null ? 0 : chan.length();
  }

  @Override
  public int cap() {
    return chan == null ? 0 : chan.capacity();
  }

  @Override
  public Iterator<T> iterator() {
    return new Elements<>(this);
  }

  /**
   * This channel for those who receive only: Go's conversion to {@code <-chan T}. Whoever is given
   * the view can neither send nor close, nor cast it back.
   *
   * @return a view, equal to this channel and to all its other views
   */
  public RecvChan<T> recvOnly() {
    return new RecvOnly<>(this);
  }

  /**
   * This channel for those who send and close only: Go's conversion to {@code chan<- T}.
   *
   * @return a view, equal to this channel and to all its other views
   */
  public SendChan<T> sendOnly() {
    return new SendOnly<>(this);
  }

  /** As in Go: channels and views are equal if they are of one channel; so are nil channels. */
  @Override
  public boolean equals(@Nullable Object other) {
    return switch (other) {
      case Chan<?> c -> c.chan == chan;
      case RecvOnly<?> v -> v.chan.chan == chan;
      case SendOnly<?> v -> v.chan.chan == chan;
      case null, default -> false;
    };
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(chan);
  }

  @Override
  public String toString() {
    return chan == null ? "nil chan" : chan.toString();
  }

  /** Waits until an interrupt, the only end of a wait on the nil channel. */
  private static InterruptedException forever(WaitReason reason) {
    try {
      new Forever().await(reason);
    } catch (InterruptedException e) {
      return e;
    }
    throw new AssertionError("nobody readies a wait on a nil channel");
  }

  private static final class Forever extends Waiter {
    @Override
    protected boolean withdraw() {
      return true;
    }
  }
}
