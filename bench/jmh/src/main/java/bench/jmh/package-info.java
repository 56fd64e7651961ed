/**
 * What the benchmarks of {@code bench/run jmh} share. They sit in the packages of what they
 * measure, so that they reach internals.
 */
package bench.jmh;
