// The workloads of bench/run in Go: WORKLOAD PROCS, prints one figure. Each checks its result.
package main

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func check(ok bool) {
	if !ok {
		panic("wrong result")
	}
}

func spawn(n int) float64 {
	var count atomic.Int64
	var wg sync.WaitGroup
	t := time.Now()
	wg.Add(n)
	for i := 0; i < n; i++ {
		go func() { count.Add(1); wg.Done() }()
	}
	wg.Wait()
	ns := float64(time.Since(t)) / float64(n)
	check(count.Load() == int64(n))
	return ns
}

func pingpong(n int) float64 {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
	}()
	t := time.Now()
	for i := 0; i < n; i++ {
		ping <- 1
		check(<-pong == 1)
	}
	ns := float64(time.Since(t)) / float64(n)
	close(ping)
	return ns
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

func forkjoin(rounds int) float64 {
	t := time.Now()
	for i := 0; i < rounds; i++ {
		check(fib(20) == 6765)
	}
	return float64(time.Since(t)) / float64(rounds) / 10945
}

func used() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func parked(n int) float64 {
	gate := make(chan int)
	var ready sync.WaitGroup
	before := used()
	ready.Add(n)
	for i := 0; i < n; i++ {
		go func() { ready.Done(); <-gate }()
	}
	ready.Wait()
	return float64(used()-before) / float64(n)
}

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	if name == "" {
		name = "world"
	}
	fmt.Fprintf(w, "Hello, %s!", name)
}

func main() {
	procs, _ := strconv.Atoi(os.Args[2])
	runtime.GOMAXPROCS(procs)
	var figure float64
	switch os.Args[1] {
	case "spawn":
		spawn(1000000)
		spawn(1000000)
		figure = spawn(1000000)
	case "pingpong":
		pingpong(300000)
		pingpong(300000)
		figure = pingpong(1000000)
	case "forkjoin":
		forkjoin(10)
		figure = forkjoin(50)
	case "parked":
		figure = parked(1000000)
	case "hello":
		http.HandleFunc("/hello", hello)
		panic(http.ListenAndServe("127.0.0.1:8081", nil))
	}
	fmt.Printf("%.1f\n", figure)
}
