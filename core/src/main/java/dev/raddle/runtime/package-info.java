/** Scheduler. */
package dev.raddle.runtime;
