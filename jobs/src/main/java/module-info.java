/** The same goroutines as a job system. */
@org.jspecify.annotations.NullMarked
module dev.raddle.job {
  requires transitive dev.raddle;
  requires static com.google.errorprone.annotations;

  exports dev.raddle.job;
}
