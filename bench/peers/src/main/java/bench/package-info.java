/** The workloads of {@code bench/run}: one class for each rival, and what they share. */
package bench;
