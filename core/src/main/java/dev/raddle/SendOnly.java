package dev.raddle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The sending side alone: it cannot be cast to a channel that receives. */
final class SendOnly<T extends @Nullable Object> implements SendChan<T> {
  final Chan<T> chan;

  SendOnly(Chan<T> chan) {
    this.chan = chan;
  }

  @Override
  public void send(T element) throws InterruptedException {
    chan.send(element);
  }

  @Override
  public void send(CancelToken token, T element) throws InterruptedException {
    chan.send(token, element);
  }

  @Override
  public boolean send(T element, Duration timeout) throws InterruptedException {
    return chan.send(element, timeout);
  }

  @Override
  public boolean trySend(T element) {
    return chan.trySend(element);
  }

  @Override
  public void close() {
    chan.close();
  }

  @Override
  public void close(@Nullable Throwable cause) {
    chan.close(cause);
  }

  @Override
  public <R extends @Nullable Object> Case<R> onSend(T element, Case.OnChosen<R> body) {
    return chan.onSend(element, body);
  }

  @Override
  public int len() {
    return chan.len();
  }

  @Override
  public int cap() {
    return chan.cap();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return chan.equals(other);
  }

  @Override
  public int hashCode() {
    return chan.hashCode();
  }

  @Override
  public String toString() {
    return chan.toString();
  }
}
