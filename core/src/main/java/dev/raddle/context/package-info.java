/** Go's context: deadlines and cancellation that reach a whole tree of goroutines. */
package dev.raddle.context;
