// What Bench.java is to the rivals on the JVM: sizes, warm-up, clocks and output, in the same way.
package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// One where times mean nothing.
var rounds = map[bool]int{true: 1, false: 3}[env("SCALE", "1") < 0.05]

func env(name, otherwise string) float64 {
	value := os.Getenv(name)
	if value == "" {
		value = otherwise
	}
	f, err := strconv.ParseFloat(value, 64)
	check(err == nil)
	return f
}

func scaled(n int) int { return max(1, int(float64(n)*env("SCALE", "1"))) }

func leaves() int {
	return int(math.Pow(10, math.Max(1, math.Floor(math.Log10(1e6*env("SCALE", "1"))+1e-9))))
}

func parkedCount(workload string) int {
	if workload == "parked" {
		return scaled(1000000)
	}
	return scaled(int(env("MILLIONS", "10")) * 1000000)
}

func limit() {
	seconds := env("LIMIT", "300")
	time.AfterFunc(time.Duration(seconds)*time.Second, func() {
		fmt.Fprintln(os.Stderr, "no result after", seconds, "s")
		os.Exit(124)
	})
}

func check(ok bool) {
	if !ok {
		panic("wrong result")
	}
}

func show(metric string, value float64) { fmt.Printf("%s %.1f\n", metric, value) }

func median(values []float64) float64 {
	sort.Float64s(values)
	return values[len(values)/2]
}

func percentiles(late []time.Duration) {
	sort.Slice(late, func(i, j int) bool { return late[i] < late[j] })
	show("p50_us", float64(late[len(late)/2])/1e3)
	show("p99_us", float64(late[len(late)*99/100])/1e3)
	show("p999_us", float64(late[len(late)*999/1000])/1e3)
	show("max_us", float64(late[len(late)-1])/1e3)
}

func cpu() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u) == nil)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func warmUp(seconds float64, round func()) {
	least := time.Duration(1e9 * seconds * math.Min(1, env("SCALE", "1")))
	start := time.Now()
	for i := 0; ; i++ {
		past := time.Since(start)
		if i > 0 && (past >= 3*least || i >= 3 && past >= least) {
			return
		}
		round()
	}
}

// timed gives the median time and CPU time of a round.
func timed(seconds float64, round func()) (nanos, cpuNanos float64) {
	warmUp(seconds, round)
	var times, cpus []float64
	for i := 0; i < rounds; i++ {
		c, t := cpu(), time.Now()
		round()
		times = append(times, float64(time.Since(t)))
		cpus = append(cpus, float64(cpu()-c))
	}
	return median(times), median(cpus)
}

func measure(operations int, round func()) { measureAs("", operations, round) }

// measureAs is for one of several, whose warm-ups are shorter.
func measureAs(suffix string, operations int, round func()) {
	seconds := env("WARMUP", "2")
	if suffix != "" {
		seconds /= 2
	}
	nanos, cpuNanos := timed(seconds, round)
	show("ns"+suffix, nanos/float64(operations))
	show("cpu_ns"+suffix, cpuNanos/float64(operations))
}

func sleepTime(i int) time.Duration {
	return time.Second + time.Duration(i*7919%1000)*100*time.Microsecond
}

func longestSleep(n int) (longest time.Duration) {
	for i := 0; i < min(n, 1000); i++ {
		longest = max(longest, sleepTime(i))
	}
	return longest
}

func measureSleepers(n int, round func()) {
	longest := longestSleep(n)
	nanos, cpuNanos := timed(env("WARMUP", "2"), round)
	check(nanos >= float64(longest))
	show("over_ms", (nanos-float64(longest))/1e6)
	show("cpu_ms", cpuNanos/1e6)
}

type memory struct{ live, sys, rss float64 }

func takeMemory() memory {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return memory{float64(m.HeapInuse + m.StackInuse), float64(m.Sys), status("VmRSS:")}
}

// status gives a line of what Linux tells of this process, in bytes.
func status(name string) float64 {
	text, _ := os.ReadFile("/proc/self/status") // not there: not Linux
	value := 0
	for _, line := range bytes.Split(text, []byte("\n")) {
		if kb, found := strings.CutPrefix(string(line), name); found {
			value, _ = strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(kb, "kB")))
		}
	}
	return float64(value) * 1024
}

func showPeak() { show("peak_mb", status("VmHWM:")/1e6) }

func (before memory) print(n int) {
	now := takeMemory()
	show("live_bytes", (now.live-before.live)/float64(n))
	show("sys_bytes", (now.sys-before.sys)/float64(n))
	show("rss_bytes", (now.rss-before.rss)/float64(n))
	show("parked_millions", float64(n)/1e6)
	show("millions_in_20gb", 20e3*float64(n)/(now.rss-before.rss))
}
