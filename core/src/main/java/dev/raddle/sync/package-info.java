/** Go's sync and errgroup: waiting for groups of goroutines. */
package dev.raddle.sync;
