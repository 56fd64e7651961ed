package dev.raddle.job;

import dev.raddle.runtime.Body;
import org.jspecify.annotations.Nullable;

/** A job without a result, of some larger work. */
final class BodyJob extends OwnedJob<@Nullable Void> {
  private final Body body;

  BodyJob(Children owner, Body body) {
    super(owner);
    this.body = body;
  }

  @Override
  @Nullable Void compute() throws Exception {
    body.run();
    return null;
  }
}
