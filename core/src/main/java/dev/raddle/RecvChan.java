package dev.raddle;

import java.time.Duration;
import java.util.Collection;
import java.util.Spliterator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a channel, Go's {@code <-chan T}: a {@link Chan}, or a view of one that
 * cannot be cast back ({@link Chan#recvOnly}). In a for-each loop it gives elements until the
 * channel is closed and drained; an interrupt ends such a loop by an {@link
 * java.util.concurrent.CancellationException} with the interrupt status set.
 *
 * @param <T> type of the elements
 */
public sealed interface RecvChan<T extends @Nullable Object> extends Iterable<T>
    permits Chan, RecvOnly {
  /**
   * Receives the next element, waiting until there is one or the channel is closed and drained.
   *
   * <p>Waiting receivers are served first in, first out. What was sent before a close is delivered
   * first.
   *
   * <p><b>Memory effects</b>, of every form of receive, and as in Go: what was done before the
   * matching send happens-before the return, and what was done before the close if it is the close
   * that is received. What a receive tells a sender: see {@link SendChan#send(Object)}.
   *
   * @return the element; {@code null}, Go's zero value, when the channel is closed and drained. Use
   *     {@link #receive()} to tell that from a {@code null} element
   * @throws ChannelClosedException if the channel was closed with a cause, and is drained
   * @throws InterruptedException if interrupted while waiting; then nothing was received. An
   *     element that was handed over already is returned instead, with the interrupt status set
   * @see <a href="https://go.dev/ref/mem#chan">The Go memory model: channel communication</a>
   */
  T recv() throws InterruptedException;

  /**
   * As {@link #recv}, and says whether the channel was closed: Go's {@code v, ok := <-ch}.
   *
   * @return the element, or {@code ok == false}
   * @throws InterruptedException as {@link #recv}
   */
  Recv<T> receive() throws InterruptedException;

  /**
   * As {@link #recv()}, until a token ends: {@code ch.recv(ctx)}.
   *
   * @param token ends the wait. If it has ended before, nothing is received even if something is
   *     there; if it ends while an element comes, either happens
   * @return as {@link #recv()}
   * @throws java.util.concurrent.CancellationException what the token's {@link CancelToken#check}
   *     throws; then nothing was received
   * @throws ChannelClosedException as {@link #recv()}
   * @throws InterruptedException as {@link #recv()}
   */
  T recv(CancelToken token) throws InterruptedException;

  /**
   * As {@link #receive()}, until a token ends.
   *
   * @param token as of {@link #recv(CancelToken)}
   * @return the element, or {@code ok == false}
   * @throws java.util.concurrent.CancellationException as {@link #recv(CancelToken)}
   * @throws InterruptedException as {@link #recv()}
   */
  Recv<T> receive(CancelToken token) throws InterruptedException;

  /**
   * As {@link #receive()}, for a limited time.
   *
   * @param timeout zero or negative: do not wait
   * @return the element or {@code ok == false} for closed; {@code null} when the time was up; then
   *     nothing was received
   * @throws InterruptedException as {@link #recv()}
   */
  @Nullable Recv<T> receive(Duration timeout) throws InterruptedException;

  /**
   * Receives without waiting.
   *
   * @return the element or {@code ok == false} for closed; {@code null} when it would wait
   */
  @Nullable Recv<T> tryRecv();

  /**
   * Receives what is there now, without waiting: what is buffered, and what waiting senders hold.
   * What comes during the call may be left. Dearer than one receive, cheaper than many: they are
   * taken in one critical section.
   *
   * @param into gets the elements in their order; should it refuse one, that and those after it are
   *     lost, and the channel's hook for undelivered elements is told of each
   * @param max at most so many
   * @return how many were received; 0 too when the channel is closed and drained
   * @throws IllegalArgumentException if {@code max} is negative
   */
  int drainTo(Collection<? super T> into, int max);

  /**
   * A channel that is closed as soon as this one is, though elements may be left in this one: for a
   * select that waits for the close without receiving.
   *
   * @return the same view each time; of a nil channel, which is never closed, a nil channel
   */
  RecvChan<? extends @Nullable Object> closed();

  /**
   * The elements as a stream: sequential, ordered, lazy. It ends when the channel is closed and
   * drained; if that was with a cause it fails with {@link ChannelClosedException}, and on an
   * interrupt as a for-each loop does.
   *
   * @return a stream that receives only what it gives
   */
  default Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  @Override
  default Spliterator<T> spliterator() {
    return new Elements<>(this);
  }

  /**
   * A case that receives; its body gets the element, {@code null} when the channel is closed. If
   * that was with a cause, the select fails as {@link #recv} does.
   *
   * @param body runs when the case was chosen
   * @param <R> what the select returns
   * @return the case
   */
  <R extends @Nullable Object> Case<R> onRecv(Case.OnRecv<T, R> body);

  /**
   * As {@link #onRecv}, with {@link Recv} so that the body can tell a closed channel.
   *
   * @param body runs when the case was chosen
   * @param <R> what the select returns
   * @return the case
   */
  <R extends @Nullable Object> Case<R> onReceive(Case.OnRecv<Recv<T>, R> body);

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
