package dev.raddle.internal.sched;

import org.jspecify.annotations.Nullable;

/** Why a goroutine is parked, in the words of Go's dumps. */
public enum WaitReason {
  CHAN_RECEIVE("chan receive"),
  CHAN_SEND("chan send"),
  CHAN_RECEIVE_NIL("chan receive (nil chan)"),
  CHAN_SEND_NIL("chan send (nil chan)"),
  SELECT("select"),
  SELECT_NO_CASES("select (no cases)"),
  SLEEP("sleep"),
  WAIT_GROUP("sync.WaitGroup.Wait"),
  MUTEX("sync.Mutex.Lock"),
  RWMUTEX_READ("sync.RWMutex.RLock"),
  RWMUTEX_WRITE("sync.RWMutex.Lock"),
  COND("sync.Cond.Wait"),
  ONCE("sync.Once.Do"),
  SEMAPHORE("semaphore.Weighted.Acquire"),
  SINGLE_FLIGHT("singleflight.Group.Do"),
  ERR_GROUP("errgroup.Group.Go"),
  JOIN("job join"),
  SCOPE("scope join"),
  IO_WAIT("IO wait"),
  CLOSE("scheduler close"),
  LIMIT("scheduler limit"),
  USER_WORKER("user worker"),

  /** No wait: the goroutine has ended. */
  ENDED("ended");

  private static final WaitReason[] ALL = values();

  private final String text;

  WaitReason(String text) {
    this.text = text;
  }

  /** Itself as a byte that is not 0. */
  byte code() {
    return (byte) (ordinal() + 1);
  }

  /** The inverse of {@link #code}; null for 0. */
  static @Nullable WaitReason of(byte code) {
    return code == 0 ? null : ALL[code - 1];
  }

  @Override
  public String toString() {
    return text;
  }
}
