package dev.raddle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a channel, Go's {@code chan<- T}: a {@link Chan}, or a view of one that
 * cannot be cast back ({@link Chan#sendOnly}).
 *
 * @param <T> type of the elements
 */
public sealed interface SendChan<T extends @Nullable Object> permits Chan, SendOnly {
  /**
   * Sends an element, waiting for a receiver or, in a buffered channel, for a free slot.
   *
   * <p><b>Memory effects</b>, of every form of send, and as in Go: what was done before the send
   * happens-before the return of the receive that gets the element. On an unbuffered channel the
   * reverse holds as well: what was done before the receive happens-before the return of the send.
   * On a channel of capacity C what was done before the k-th receive happens-before the return of
   * the (k+C)-th send; so a channel can count who is inside, as a semaphore does.
   *
   * @param element may be {@code null}
   * @throws ChannelClosedException if the channel is closed, also when it is closed during the wait
   * @throws InterruptedException if interrupted while waiting; then nothing was sent. If a receiver
   *     had taken the element already the call returns, with the interrupt status set
   * @see <a href="https://go.dev/ref/mem#chan">The Go memory model: channel communication</a>
   */
  void send(T element) throws InterruptedException;

  /**
   * As {@link #send(Object)}, until a token ends: {@code ch.send(ctx, x)}.
   *
   * @param token ends the wait. If it has ended before, nothing is sent even if there is room; if
   *     it ends while a receiver comes, either happens
   * @param element may be {@code null}
   * @throws java.util.concurrent.CancellationException what the token's {@link CancelToken#check}
   *     throws; then nothing was sent
   * @throws ChannelClosedException as {@link #send(Object)}
   * @throws InterruptedException as {@link #send(Object)}
   */
  void send(CancelToken token, T element) throws InterruptedException;

  /**
   * As {@link #send(Object)}, for a limited time.
   *
   * @param element may be {@code null}
   * @param timeout zero or negative: do not wait
   * @return whether it was sent; false when the time was up
   * @throws ChannelClosedException as {@link #send(Object)}
   * @throws InterruptedException as {@link #send(Object)}
   */
  boolean send(T element, Duration timeout) throws InterruptedException;

  /**
   * Sends without waiting.
   *
   * @param element may be {@code null}
   * @return whether it was sent
   * @throws ChannelClosedException if the channel is closed
   */
  boolean trySend(T element);

  /**
   * Closes the channel: receivers get what is buffered, then the zero value for ever. Only senders
   * should close. What was done before the close happens-before the return of a receive that finds
   * the channel closed.
   *
   * @throws ChannelClosedException if it is closed already ("close of closed channel") or nil
   *     ("close of nil channel")
   */
  void close();

  /**
   * Closes the channel and says why. Receivers get what is buffered; then {@link
   * RecvChan#receive()} gives the cause with {@code ok == false}, while {@link RecvChan#recv()},
   * ranges and sends fail with a {@link ChannelClosedException} that has it as its cause. Go has no
   * such close.
   *
   * @param cause why; null makes it a plain {@link #close()}
   * @throws ChannelClosedException as {@link #close()}
   */
  void close(@Nullable Throwable cause);

  /**
   * A case that sends.
   *
   * @param element what it sends; evaluated now, as in Go
   * @param body runs when the case was chosen and the element was sent
   * @param <R> what the select returns
   * @return the case
   */
  <R extends @Nullable Object> Case<R> onSend(T element, Case.OnChosen<R> body);

  /**
   * How many elements are buffered; an estimate while others use the channel.
   *
   * @return the count; 0 for a nil channel
   */
  int len();

  /**
   * The capacity of the buffer.
   *
   * @return slots; 0 for unbuffered and nil channels
   */
  int cap();
}
