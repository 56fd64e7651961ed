// The workload gcpause: a ticker beside a million goroutines that are parked and two that allocate; see Pauses.java.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"time"
)

var allocated atomic.Int64

func allocate(stop *atomic.Bool) {
	kept := make([][]byte, 25000)
	due := time.Now()
	for next := 0; !stop.Load(); {
		for i := 0; i < 200; i++ {
			kept[next] = make([]byte, 1000)
			next = (next + 1) % len(kept)
		}
		allocated.Add(200000)
		due = due.Add(time.Millisecond) // also those that a pause has made it miss
		time.Sleep(time.Until(due))
	}
}

func gcpause(n int) {
	park(n, func(int) {
		var stop atomic.Bool
		for i := 0; i < 2; i++ {
			go allocate(&stop)
		}
		tick(0, 2000)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		used, bytes, start := cpu(), allocated.Load(), time.Now()
		percentiles(tick(0, 10000))
		mbPerSecond := float64(allocated.Load()-bytes) / 1e6 / time.Since(start).Seconds()
		show("cpu_s", (cpu() - used).Seconds())
		show("alloc_mb_s", mbPerSecond)
		if env("SCALE", "1") >= 1 && mbPerSecond < 360 {
			fmt.Fprintln(os.Stderr, "expected 360 MB allocated a second, found", mbPerSecond)
			os.Exit(1)
		}
		runtime.ReadMemStats(&after)
		stop.Store(true)
		longest := uint64(0)
		for i := before.NumGC; i < after.NumGC; i++ {
			longest = max(longest, after.PauseNs[i%256])
		}
		show("pauses", float64(after.NumGC-before.NumGC))
		show("pause_ms", float64(after.PauseTotalNs-before.PauseTotalNs)/1e6)
		show("pause_max_us", float64(longest)/1e3)
	})
}
