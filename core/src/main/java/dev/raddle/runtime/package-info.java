/**
 * The runtime under the verbs: schedulers, what a goroutine knows of itself, and programs that
 * start and end as Go's do.
 */
package dev.raddle.runtime;
