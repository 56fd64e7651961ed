package dev.raddle.job;

import org.jspecify.annotations.Nullable;

/** A job that somebody sees end. */
abstract class OwnedJob<T extends @Nullable Object> extends ForkedJob<T> {
  final Children owner;

  /** Neighbours among the owner's jobs that have not ended. Guarded by the owner. */
  @Nullable OwnedJob<?> older;

  @Nullable OwnedJob<?> newer;

  OwnedJob(Children owner) {
    this.owner = owner;
  }

  @Override
  protected final boolean hasOwnClass() {
    return owner.hasClass();
  }

  @Override
  void ending(boolean began, @Nullable Throwable failure) {
    if (failure != null) {
      owner.failed(this, failure);
    }
  }

  @Override
  void over() {
    owner.ended(this);
  }
}
