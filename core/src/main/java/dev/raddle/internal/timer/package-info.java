/** Timers in heaps: sleeps, timeouts, deadlines and the JDK's timed parks. */
package dev.raddle.internal.timer;
