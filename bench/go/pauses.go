// The workload gcpause: a ticker beside a million goroutines that are parked and two that allocate; see Pauses.java.
package main

import (
	"runtime"
	"sync/atomic"
	"time"
)

func allocate(stop *atomic.Bool) {
	kept := make([][]byte, 25000)
	for next := 0; !stop.Load(); {
		for i := 0; i < 200; i++ {
			kept[next] = make([]byte, 1000)
			next = (next + 1) % len(kept)
		}
		time.Sleep(time.Millisecond)
	}
}

func gcpause(n int) {
	park(n, func() {
		var stop atomic.Bool
		for i := 0; i < 2; i++ {
			go allocate(&stop)
		}
		tick(0, 2000)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		used := cpu()
		percentiles(tick(0, 10000))
		show("cpu_s", (cpu() - used).Seconds())
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
