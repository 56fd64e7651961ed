// The workloads of bench/run in Go: WORKLOAD PROCS. Warm-up, output and time limit are as in Bench.java.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func spawn(n int) {
	measure(n, func() {
		var count atomic.Int64
		var wg sync.WaitGroup
		wg.Add(n)
		for i := 0; i < n; i++ {
			go func() { count.Add(1); wg.Done() }()
		}
		wg.Wait()
		check(count.Load() == int64(n))
	})
}

func skynet(to chan int, number, size int) {
	if size == 1 {
		to <- number
		return
	}
	from := make(chan int)
	for i := 0; i < 10; i++ {
		go skynet(from, number+i*(size/10), size/10)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-from
	}
	to <- sum
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	left := make(chan int, 1)
	go func() { left <- fib(n - 1) }()
	right := fib(n - 2)
	return <-left + right
}

func pingpong(n int) {
	measure(n, func() {
		ping, pong := make(chan int), make(chan int)
		go func() {
			for v := range ping {
				pong <- v
			}
		}()
		for i := 0; i < n; i++ {
			ping <- i
			check(<-pong == i)
		}
		close(ping)
	})
}

func yields(goroutines, n int) {
	measure(goroutines*n, func() {
		var count atomic.Int64
		var wg sync.WaitGroup
		wg.Add(goroutines)
		for g := 0; g < goroutines; g++ {
			go func() {
				for i := 0; i < n; i++ {
					runtime.Gosched()
				}
				count.Add(int64(n))
				wg.Done()
			}()
		}
		wg.Wait()
		check(count.Load() == int64(goroutines*n))
	})
}

func ring(laps int) {
	measure(1000*laps, func() {
		var links [1001]chan int
		for i := range links {
			links[i] = make(chan int)
		}
		for i := 0; i < 1000; i++ {
			go func(from, to chan int) {
				for lap := 0; lap < laps; lap++ {
					to <- <-from + 1
				}
			}(links[i], links[i+1])
		}
		token := 0
		for lap := 0; lap < laps; lap++ {
			links[0] <- token
			token = <-links[1000]
		}
		check(token == 1000*laps)
	})
}

func mutex(n int) {
	measure(64*n, func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		count := 0
		wg.Add(64)
		for g := 0; g < 64; g++ {
			go func() {
				for i := 0; i < n; i++ {
					mu.Lock()
					count++
					mu.Unlock()
				}
				wg.Done()
			}()
		}
		wg.Wait()
		check(count == 64*n)
	})
}

func sleepers(n int) {
	measureSleepers(n, func() {
		var count atomic.Int64
		var wg sync.WaitGroup
		wg.Add(n)
		for i := 0; i < n; i++ {
			d := sleepTime(i)
			go func() { time.Sleep(d); count.Add(1); wg.Done() }()
		}
		wg.Wait()
		check(count.Load() == int64(n))
	})
}

// park parks n, or if ROOM_MB is set as many as fit into so much memory: it stops when as many again as were added
// last would not.
func park(n int, parked func(n int)) {
	gate := make(chan int)
	var done sync.WaitGroup
	room, total := env("ROOM_MB", "0")*1e6, 0
	for total < n {
		batch := n - total
		if room > 0 {
			batch = min(batch, scaled(1000000))
		}
		before := status("VmRSS:")
		var ready sync.WaitGroup
		ready.Add(batch)
		done.Add(batch)
		for i := 0; i < batch; i++ {
			go func() {
				ready.Done()
				_, ok := <-gate
				check(!ok)
				done.Done()
			}()
		}
		ready.Wait()
		total += batch
		if now := status("VmRSS:"); room > 0 && now+(now-before)*1.2 > room {
			break
		}
	}
	parked(total)
	close(gate)
	done.Wait()
}

func parked(n int) {
	before := takeMemory()
	park(n, before.print)
}

func tick(hogs, ticks int) []time.Duration {
	start := time.Now()
	late := make([]time.Duration, scaled(ticks))
	end := start.Add(time.Duration(len(late)) * time.Millisecond)
	due := func(i int) time.Time { return start.Add(time.Duration(i+1) * time.Millisecond) }
	done := make(chan bool)
	go func() {
		for i := 0; i < len(late); {
			time.Sleep(time.Until(due(i)))
			for now := time.Now(); i < len(late) && !due(i).After(now); i++ {
				late[i] = now.Sub(due(i)) // a tick that was skipped counts as late
			}
		}
		close(done)
	}()
	for i := 0; i < hogs; i++ {
		go func() {
			for time.Now().Before(end) {
			}
		}()
	}
	<-done
	return late
}

// A goroutine that owns its thread is the nearest to a platform thread that Go has.
func wakeup() {
	warmUp := scaled(30000)
	late := make([]time.Duration, scaled(1000))
	posts := make(chan time.Time, 1)
	go func() {
		runtime.LockOSThread()
		for i := 0; i < warmUp+len(late); i++ {
			if i < warmUp {
				time.Sleep(20 * time.Microsecond)
			} else {
				time.Sleep(3 * time.Millisecond)
			}
			posts <- time.Now()
		}
	}()
	for i := 0; i < warmUp+len(late); i++ {
		posted := <-posts
		if i >= warmUp {
			late[i-warmUp] = time.Since(posted)
		}
	}
	percentiles(late)
}

// Go has no priorities: what should start at once waits its turn among those that spin and yield.
func priority(procs int) {
	var stop atomic.Bool
	for i := 0; i < 64*procs; i++ {
		go func() {
			for !stop.Load() {
				for end := time.Now().Add(20 * time.Microsecond); time.Now().Before(end); {
				}
				runtime.Gosched()
			}
		}()
	}
	warmUp := scaled(30000)
	late := make([]time.Duration, scaled(1000))
	var next atomic.Int64
	var done sync.WaitGroup
	done.Add(warmUp + len(late))
	go func() {
		runtime.LockOSThread()
		for i := 0; i < warmUp+len(late); i++ {
			if i < warmUp {
				time.Sleep(20 * time.Microsecond)
			} else {
				time.Sleep(3 * time.Millisecond)
			}
			posted := time.Now()
			go func() {
				if i := int(next.Add(1)) - 1 - warmUp; i >= 0 {
					late[i] = time.Since(posted)
				}
				done.Done()
			}()
		}
	}()
	done.Wait()
	stop.Store(true)
	percentiles(late)
}

func main() {
	procs, err := strconv.Atoi(os.Args[2])
	check(err == nil)
	runtime.GOMAXPROCS(procs)
	if os.Args[1] == "serve" {
		serve(os.Args[3:])
	}
	limit()
	switch workload := os.Args[1]; workload {
	case "spawn":
		spawn(scaled(1000000))
	case "skynet":
		n := leaves()
		measure(n, func() {
			top := make(chan int)
			go skynet(top, 0, n)
			check(<-top == n*(n-1)/2)
		})
	case "forkjoin":
		times := scaled(20)
		measure(times*10945, func() {
			for i := 0; i < times; i++ {
				check(fib(20) == 6765)
			}
		})
	case "pingpong":
		pingpong(scaled(500000))
	case "yield":
		yields(2*procs, scaled(500000))
	case "ring":
		ring(scaled(500))
	case "mutex":
		mutex(scaled(20000))
	case "sleepers":
		sleepers(scaled(1000000))
	case "parked", "parkedmax":
		parked(parkedCount(workload))
	case "ticker":
		tick(4*procs, 2000)
		percentiles(tick(4*procs, 5000))
	case "gcpause":
		gcpause(scaled(1000000))
	case "wakeup":
		wakeup()
	case "priority":
		priority(procs)
	default:
		if !channels(workload) && !jobs(workload) && !goTests(workload, procs) {
			fmt.Println("none 0")
		}
	}
}
