// The workloads of channels; see ChannelBench.java.
package main

import (
	"fmt"
	"os"
	"reflect"
	"sync"
	"time"
)

func chans(producers, consumers int) {
	n := max(16, scaled(400000)/16*16)
	for _, capacity := range []int{0, 1, 16, 100, 1000} {
		measureAs(fmt.Sprint("_", capacity), n, func() {
			c := make(chan int, capacity)
			var wg sync.WaitGroup
			sums := make([]int, consumers)
			for p := 0; p < producers; p++ {
				go func() {
					for i := p; i < n; i += producers {
						c <- i
					}
				}()
			}
			wg.Add(consumers)
			for k := 0; k < consumers; k++ {
				go func() {
					mine := 0
					for i := 0; i < n/consumers; i++ {
						mine += <-c
					}
					sums[k] = mine
					wg.Done()
				}()
			}
			wg.Wait()
			sum := 0
			for _, s := range sums {
				sum += s
			}
			check(sum == n*(n-1)/2)
		})
	}
}

// A select over 64 channels is written out by nobody: beyond 8 it is reflect's.
func receiver(c []chan int) func() int {
	switch len(c) {
	case 2:
		return func() int {
			select {
			case v := <-c[0]:
				return v
			case v := <-c[1]:
				return v
			}
		}
	case 8:
		return func() int {
			select {
			case v := <-c[0]:
				return v
			case v := <-c[1]:
				return v
			case v := <-c[2]:
				return v
			case v := <-c[3]:
				return v
			case v := <-c[4]:
				return v
			case v := <-c[5]:
				return v
			case v := <-c[6]:
				return v
			case v := <-c[7]:
				return v
			}
		}
	}
	cases := make([]reflect.SelectCase, len(c))
	for i := range c {
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c[i])}
	}
	return func() int {
		_, v, _ := reflect.Select(cases)
		return int(v.Int())
	}
}

func selects(cases, n int) {
	each := n / cases
	measureAs(fmt.Sprint("_", cases), each*cases, func() {
		c := make([]chan int, cases)
		for i := range c {
			c[i] = make(chan int)
			go func() {
				for k := 0; k < each; k++ {
					c[i] <- k
				}
			}()
		}
		recv := receiver(c)
		sum := 0
		for i := 0; i < each*cases; i++ {
			sum += recv()
		}
		check(sum == cases*(each*(each-1)/2))
	})
}

func pipeline(stages, n int) {
	measure(stages*n, func() {
		first := make(chan int)
		last := first
		for s := 0; s < stages; s++ {
			from, to := last, make(chan int)
			go func() {
				for i := 0; i < n; i++ {
					to <- <-from + 1
				}
			}()
			last = to
		}
		go func() {
			for i := 0; i < n; i++ {
				first <- i
			}
		}()
		sum := 0
		for i := 0; i < n; i++ {
			sum += <-last
		}
		check(sum == n*(n-1)/2+stages*n)
	})
}

func filtered(in chan int, prime int) chan int {
	out := make(chan int)
	go func() {
		for {
			i := <-in
			if i == 0 || i%prime != 0 {
				out <- i
			}
			if i == 0 {
				return
			}
		}
	}()
	return out
}

func sieve() {
	primes, last := 500, 3571
	if env("SCALE", "1") < 1 {
		primes, last = 50, 229
	}
	measure(primes, func() {
		numbers := make(chan int)
		go func(first chan int) {
			for i := 2; i <= last; i++ {
				first <- i
			}
			first <- 0
		}(numbers)
		prime := 0
		for i := 0; i < primes; i++ {
			prime = <-numbers
			numbers = filtered(numbers, prime)
		}
		check(prime == last && <-numbers == 0)
	})
}

func timers(times int) {
	measure(1000*times, func() {
		for t := 0; t < times; t++ {
			timers := make([]*time.Timer, 1000)
			for i := range timers {
				timers[i] = time.AfterFunc(time.Hour, func() { check(false) })
			}
			for _, timer := range timers {
				check(timer.Stop())
			}
		}
	})
}

func timers1m(n int) {
	timers := make([]*time.Timer, n)
	var set, stop, over, cpus []float64
	for round := -1; round < rounds; round++ { // one warms up
		start := time.Now()
		for i := range timers {
			d := time.Hour + time.Duration(i*7919%1000003)*time.Microsecond
			timers[i] = time.AfterFunc(d, func() { check(false) })
		}
		took := time.Since(start)
		start = time.Now()
		for i := range timers {
			check(timers[(i*7919+13)%n].Stop())
		}
		stopped := time.Since(start)
		var fired sync.WaitGroup
		fired.Add(n)
		used, base := cpu(), time.Now()
		for i := range timers {
			timers[i] = time.AfterFunc(sleepTime(i)-time.Since(base), fired.Done)
		}
		fired.Wait()
		late := time.Since(base) - longestSleep(n)
		check(late >= 0)
		if round >= 0 {
			set = append(set, float64(took)/float64(n))
			stop = append(stop, float64(stopped)/float64(n))
			over = append(over, float64(late)/1e6)
			cpus = append(cpus, float64(cpu()-used)/1e6)
		}
	}
	show("set_ns", median(set))
	show("stop_ns", median(stop))
	show("over_ms", median(over))
	show("cpu_ms", median(cpus))
}

const tokens = 64

func links() []int {
	most := 1e6
	if os.Getenv("HEAP") != "" {
		most = 1e7
	}
	sizes := []int{100}
	for n := 1000; n <= scaled(int(most)); n *= 10 {
		sizes = append(sizes, n)
	}
	return sizes
}

// Tokens go round rings of ever more links, all of them at once; a link ends at -1.
func scale() {
	hops := scaled(5000)
	for _, n := range links() {
		ring := make([]chan int, n)
		for i := range ring {
			ring[i] = make(chan int)
		}
		done := make(chan bool, tokens)
		for i := range ring {
			go func(from, to chan int) {
				for {
					left := <-from
					if left < 0 {
						return
					}
					if left == 0 {
						done <- true
					} else {
						to <- left - 1
					}
				}
			}(ring[i], ring[(i+1)%n])
		}
		measureAs(fmt.Sprint("_", n), tokens*hops, func() {
			for t := 0; t < tokens; t++ {
				ring[t*n/tokens] <- hops
			}
			for t := 0; t < tokens; t++ {
				<-done
			}
		})
		for _, c := range ring {
			c <- -1
		}
	}
}

func channels(workload string) bool {
	switch workload {
	case "scale":
		scale()
	case "chan11":
		chans(1, 1)
	case "chan1n":
		chans(1, 4)
	case "chann1":
		chans(4, 1)
	case "channm":
		chans(4, 4)
	case "select":
		for _, cases := range []int{2, 8, 64} {
			selects(cases, scaled(100000))
		}
	case "pipeline":
		pipeline(100, scaled(5000))
	case "sieve":
		sieve()
	case "timers1m":
		timers1m(scaled(1000000))
	case "timers":
		timers(scaled(100))
	default:
		return false
	}
	return true
}
