package dev.raddle;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The receiving side alone: it cannot be cast to a channel that sends or closes. */
final class RecvOnly<T extends @Nullable Object> implements RecvChan<T> {
  final Chan<T> chan;

  RecvOnly(Chan<T> chan) {
    this.chan = chan;
  }

  @Override
  public T recv() throws InterruptedException {
    return chan.recv();
  }

  @Override
  public Recv<T> receive() throws InterruptedException {
    return chan.receive();
  }

  @Override
  public T recv(CancelToken token) throws InterruptedException {
    return chan.recv(token);
  }

  @Override
  public Recv<T> receive(CancelToken token) throws InterruptedException {
    return chan.receive(token);
  }

  @Override
  public @Nullable Recv<T> receive(Duration timeout) throws InterruptedException {
    return chan.receive(timeout);
  }

  @Override
  public @Nullable Recv<T> tryRecv() {
    return chan.tryRecv();
  }

  @Override
  public RecvChan<? extends @Nullable Object> closed() {
    return chan.closed();
  }

  @Override
  public int drainTo(Collection<? super T> into, int max) {
    return chan.drainTo(into, max);
  }

  @Override
  public <R extends @Nullable Object> Case<R> onRecv(Case.OnRecv<T, R> body) {
    return chan.onRecv(body);
  }

  @Override
  public <R extends @Nullable Object> Case<R> onReceive(Case.OnRecv<Recv<T>, R> body) {
    return chan.onReceive(body);
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
  public Iterator<T> iterator() {
    return chan.iterator();
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
