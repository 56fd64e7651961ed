/**
 * The same goroutines as a job system: fork and join, parallel loops, graphs of jobs. Jobs may
 * block like any goroutine; whoever waits for one runs that very one, or parks, never a stranger.
 */
package dev.raddle.job;
