/**
 * The scheduler: goroutines (G) run on operating-system threads (M) that hold the right to run (P).
 *
 * <p>{@link dev.raddle.internal.sched.ProcSched} is ours; {@link
 * dev.raddle.internal.sched.JdkSched} stands in for it, on the JDK's scheduler, when the JDK does
 * not let us in. Everything above this package parks and readies through {@link
 * dev.raddle.internal.sched.Waiter}, and so works from goroutines, from other virtual threads and
 * from platform threads alike.
 */
package dev.raddle.internal.sched;
