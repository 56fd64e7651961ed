package dev.raddle;

import dev.raddle.internal.chan.Hchan;
import dev.raddle.internal.chan.TimerChan;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A channel: Go's {@code chan T}. Goroutines, other virtual threads and platform threads may use it
 * alike; a goroutine that waits leaves its operating-system thread to others.
 *
 * @param <T> type of the elements; {@code null} is an element like any other
 * @see <a href="https://go.dev/ref/spec#Channel_types">Go specification: channel types</a>
 */
public final class Chan<T extends @Nullable Object> implements RecvChan<T>, SendChan<T> {
  private static final Object NONE = new Object();
  private static final Chan<?> NIL = new Chan<>(null);

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
    if (capacity < 0) {
      throw new IllegalArgumentException(
          "makechan: size out of range: expected 0 or more, found " + capacity);
    }
    return new Chan<>(new Hchan(capacity));
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
  @SuppressWarnings({"unchecked", "NullAway"}) // only T goes in; null stands for Go's zero value
  public T recv() throws InterruptedException {
    Hchan c = chan;
    if (c == null) {
      throw forever(WaitReason.CHAN_RECEIVE_NIL);
    }
    return (T) c.recv(null);
  }

  @Override
  @SuppressWarnings("unchecked") // only T goes in
  public Recv<T> receive() throws InterruptedException {
    Hchan c = chan;
    if (c == null) {
      throw forever(WaitReason.CHAN_RECEIVE_NIL);
    }
    Object elem = c.recv(NONE);
    return elem == NONE ? new Recv<>(null, false) : new Recv<>((T) elem, true);
  }

  @Override
  @SuppressWarnings("unchecked") // only T goes in
  public @Nullable Recv<T> tryRecv() {
    Hchan c = chan;
    Object elem = c == null ? chan : c.tryRecv(this, NONE);
    if (c == null || elem == this) {
      return null;
    }
    return elem == NONE ? new Recv<>(null, false) : new Recv<>((T) elem, true);
  }

  @Override
  public void send(T element) throws InterruptedException {
    Hchan c = chan;
    if (c == null) {
      throw forever(WaitReason.CHAN_SEND_NIL);
    }
    if (!c.send(element)) {
      throw new ChannelClosedException("send on closed channel");
    }
  }

  @Override
  public boolean trySend(T element) {
    Hchan c = chan;
    Boolean sent = c == null ? Boolean.FALSE : c.trySend(element);
    if (sent == null) {
      throw new ChannelClosedException("send on closed channel");
    }
    return sent;
  }

  @Override
  public void close() {
    Hchan c = chan;
    if (c == null) {
      throw new ChannelClosedException("close of nil channel");
    }
    if (!c.close()) {
      throw new ChannelClosedException("close of closed channel");
    }
  }

  @Override
  @SuppressWarnings("NullAway") // null stands for Go's zero value
  public <R extends @Nullable Object> Case<R> onRecv(Case.OnRecv<T, R> body) {
    return new Case.Receiving<T, R>(chan, r -> body.apply(r.value()));
  }

  @Override
  public <R extends @Nullable Object> Case<R> onReceive(Case.OnRecv<Recv<T>, R> body) {
    return new Case.Receiving<>(chan, body);
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

  /** Range over a channel. */
  private static final class Elements<T extends @Nullable Object> implements Iterator<T> {
    private final Chan<T> chan;
    private @Nullable Recv<T> next;

    Elements(Chan<T> chan) {
      this.chan = chan;
    }

    @Override
    public boolean hasNext() {
      return peek().ok();
    }

    @Override
    @SuppressWarnings("NullAway") // null may be an element
    public T next() {
      Recv<T> r = peek();
      if (!r.ok()) {
        throw new NoSuchElementException("the channel is closed and drained");
      }
      next = null;
      return r.value();
    }

    private Recv<T> peek() {
      Recv<T> r = next;
      if (r == null) {
        try {
          r = chan.receive();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          var cancelled = new CancellationException("interrupted while ranging over " + chan);
          cancelled.initCause(e);
          throw cancelled;
        }
        next = r;
      }
      return r;
    }
  }
}
