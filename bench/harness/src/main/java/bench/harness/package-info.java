/**
 * The driver of {@code bench/run}: a table of workloads, a list of rivals, and what starts one
 * process for each, checks what it printed, and keeps it as JSON.
 *
 * <p>A <em>run</em> is one process: a workload in a rival at a number of Ps. A <em>fork</em> is one
 * pass over all of them, so that a slow minute of the machine hits every rival.
 */
@NullMarked
package bench.harness;

import org.jspecify.annotations.NullMarked;
