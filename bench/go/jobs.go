package main

// The workloads of job systems; JobBench.java tells what each is. A fork is a goroutine and a channel of capacity 1.

import (
	"math"
	"math/rand"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

const leaf = 4096
const epsilon = 1e-9

func fork[T any](work func() T) chan T {
	c := make(chan T, 1)
	go func() { c <- work() }()
	return c
}

func serialQueens(left, columns, down, up, all int, forks *int) int {
	if left == 0 {
		return 1
	}
	sum := 0
	for free := all &^ (columns | down | up); free != 0; free &= free - 1 {
		bit := free & -free
		*forks++
		sum += serialQueens(left-1, columns|bit, (down|bit)<<1, (up|bit)>>1, all, forks)
	}
	return sum
}

func queens(left, columns, down, up, all int) int {
	if left == 0 {
		return 1
	}
	var jobs []chan int
	for free := all &^ (columns | down | up); free != 0; free &= free - 1 {
		bit := free & -free
		jobs = append(jobs, fork(func() int { return queens(left-1, columns|bit, (down|bit)<<1, (up|bit)>>1, all) }))
	}
	sum := 0
	for _, job := range jobs {
		sum += <-job
	}
	return sum
}

func f(x float64) float64 { return (x*x + 1.0) * x }

func integrate(x1, y1, x2, y2, area float64, parallel bool, forks *int) float64 {
	half := (x2 - x1) / 2
	x0 := x1 + half
	y0 := f(x0)
	left, right := (y1+y0)/2*half, (y0+y2)/2*half
	if math.Abs(left+right-area) <= epsilon {
		return left + right
	}
	if !parallel {
		*forks++
		return integrate(x1, y1, x0, y0, left, false, forks) + integrate(x0, y0, x2, y2, right, false, forks)
	}
	upper := fork(func() float64 { return integrate(x0, y0, x2, y2, right, true, nil) })
	return integrate(x1, y1, x0, y0, left, true, nil) + <-upper
}

type utsNode struct {
	state         [5]uint32
	height, limit int
}

func sha1(block [16]uint32) [5]uint32 {
	var w [80]uint32
	copy(w[:], block[:])
	rotate := func(x uint32, n int) uint32 { return x<<n | x>>(32-n) }
	for i := 16; i < 80; i++ {
		w[i] = rotate(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
	}
	a, b, c, d, e := uint32(0x67452301), uint32(0xefcdab89), uint32(0x98badcfe), uint32(0x10325476), uint32(0xc3d2e1f0)
	for i := 0; i < 80; i++ {
		var f uint32
		switch {
		case i < 20:
			f = ((b & c) | (^b & d)) + 0x5a827999
		case i < 40:
			f = (b ^ c ^ d) + 0x6ed9eba1
		case i < 60:
			f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
		default:
			f = (b ^ c ^ d) + 0xca62c1d6
		}
		t := rotate(a, 5) + f + e + w[i]
		e, d, c, b, a = d, c, rotate(b, 30), a, t
	}
	return [5]uint32{a + 0x67452301, b + 0xefcdab89, c + 0x98badcfe, d + 0x10325476, e + 0xc3d2e1f0}
}

func utsRoot(limit int) utsNode {
	return utsNode{sha1([16]uint32{4: 19, 5: 0x80000000, 15: 160}), 0, limit}
}

func (n utsNode) children() int {
	if n.height >= n.limit {
		return 0
	}
	u := float64(n.state[4]&0x7fffffff) / 2147483648.0
	return min(100, int(math.Floor(math.Log(1-u)/math.Log(1-1.0/5.0))))
}

func (n utsNode) child(number int) utsNode {
	s := n.state
	block := [16]uint32{s[0], s[1], s[2], s[3], s[4], uint32(number), 0x80000000, 15: 192}
	return utsNode{sha1(block), n.height + 1, n.limit}
}

func uts(n utsNode) int {
	jobs := make([]chan int, n.children())
	for i := range jobs {
		jobs[i] = fork(func() int { return uts(n.child(i)) })
	}
	sum := 1
	for _, job := range jobs {
		sum += <-job
	}
	return sum
}

func partition(a []int32) int {
	x, y, z := a[0], a[len(a)/2], a[len(a)-1]
	pivot := max(min(x, y), min(max(x, y), z))
	i, j := 0, len(a)-1
	for i <= j {
		for a[i] < pivot {
			i++
		}
		for a[j] > pivot {
			j--
		}
		if i <= j {
			a[i], a[j] = a[j], a[i]
			i++
			j--
		}
	}
	return i
}

func quicksort(a []int32) {
	if len(a) <= leaf {
		slices.Sort(a)
		return
	}
	middle := partition(a)
	lower := fork(func() bool { quicksort(a[:middle]); return true })
	quicksort(a[middle:])
	<-lower
}

// loop has a goroutine for each P take the next index.
func loop(n int, body func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for p := runtime.GOMAXPROCS(0); p > 0; p-- {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := int(next.Add(1) - 1); i < n; i = int(next.Add(1) - 1) {
				body(i)
			}
		}()
	}
	wg.Wait()
}

func primesOf(chunk int) int {
	count := 0
	for i := chunk * 1000; i < (chunk+1)*1000; i++ {
		prime := i > 1
		for d := 2; d*d <= i && prime; d++ {
			prime = i%d != 0
		}
		if prime {
			count++
		}
	}
	return count
}

func escape(cr, ci float64) int {
	r, i, n := 0.0, 0.0, 0
	for n < 1000 && r*r+i*i <= 4 {
		r, i = r*r-i*i+cr, 2*r*i+ci
		n++
	}
	return n
}

type dag struct {
	before, next [][]int
	work         int
	values       []uint64
	left         []atomic.Int32
}

func newDag(work int, before [][]int) *dag {
	d := &dag{before, make([][]int, len(before)), work, make([]uint64, len(before)), make([]atomic.Int32, len(before))}
	for i, some := range before {
		for _, b := range some {
			d.next[b] = append(d.next[b], i)
		}
	}
	return d
}

func wavefront(side int) *dag {
	before := make([][]int, side*side)
	for i := range before {
		if i%side > 0 {
			before[i] = append(before[i], i-1)
		}
		if i >= side {
			before[i] = append(before[i], i-side)
		}
	}
	return newDag(10000, before)
}

func randomDag(n int) *dag {
	r := rand.New(rand.NewSource(7))
	before := make([][]int, n)
	for i := 1; i < n; i++ {
		low := max(0, i-1000)
		for k := r.Intn(4); k > 0; k-- {
			if b := low + r.Intn(i-low); !slices.Contains(before[i], b) {
				before[i] = append(before[i], b)
			}
		}
	}
	return newDag(100, before)
}

func (d *dag) run(i int) {
	x := uint64(i + 1)
	for _, b := range d.before[i] {
		x = x*31 + d.values[b]
	}
	for k := 0; k < d.work; k++ {
		x = x*6364136223846793005 + 1442695040888963407
	}
	d.values[i] = x
}

func (d *dag) job(i int, wg *sync.WaitGroup) {
	d.run(i)
	for _, n := range d.next[i] {
		if d.left[n].Add(-1) == 0 {
			go d.job(n, wg)
		}
	}
	wg.Done()
}

func measureDag(d *dag) {
	for i := range d.values {
		d.run(i)
	}
	expected := slices.Clone(d.values)
	measureJobs(len(d.values), func() {
		clear(d.values)
		var wg sync.WaitGroup
		wg.Add(len(d.values))
		for i := range d.left {
			d.left[i].Store(int32(len(d.before[i])))
		}
		for i := range d.left {
			if len(d.before[i]) == 0 {
				go d.job(i, &wg)
			}
		}
		wg.Wait()
		check(slices.Equal(expected, d.values))
	})
}

func sized(whole, small int) int {
	if env("SCALE", "1") >= 1 {
		return whole
	}
	return small
}

func jobs(workload string) bool {
	switch workload {
	case "fib":
		n, expected, forks := sized(30, 20), 0, 1
		for i, next := 0, 1; i < n; i++ {
			expected, next = next, expected+next
			forks = next
		}
		measureJobs(forks-1, func() { check(fib(n) == expected) })
	case "queens":
		n, forks := sized(10, 7), 0
		expected := serialQueens(n, 0, 0, 0, 1<<n-1, &forks)
		measureJobs(forks, func() { check(queens(n, 0, 0, 0, 1<<n-1) == expected) })
	case "integrate":
		to, forks := float64(sized(1000, 30)), 0
		expected := integrate(0, f(0), to, f(to), 0, false, &forks)
		measureJobs(forks, func() { check(integrate(0, f(0), to, f(to), 0, true, nil) == expected) })
	case "uts":
		depth := sized(10, 6)
		expected := uts(utsRoot(depth))
		check(depth < 10 || expected == 4130071)
		measureJobs(expected, func() { check(uts(utsRoot(depth)) == expected) })
	case "quicksort", "sort": // Go has no parallel sort
		r := rand.New(rand.NewSource(1))
		given := make([]int32, scaled(10000000))
		for i := range given {
			given[i] = int32(r.Uint32())
		}
		expected := slices.Clone(given)
		slices.Sort(expected)
		a := make([]int32, len(given))
		measureJobs(len(a), func() {
			copy(a, given)
			quicksort(a)
			check(slices.Equal(expected, a))
		})
	case "primes":
		chunks, expected := scaled(2000), 0
		for i := range chunks {
			expected += primesOf(i)
		}
		measureJobs(chunks*1000, func() {
			var count atomic.Int64
			loop(chunks, func(i int) { count.Add(int64(primesOf(i))) })
			check(count.Load() == int64(expected))
		})
	case "mandelbrot":
		size := scaled(600)
		rows := make([]int, size)
		row := func(r int) {
			rows[r] = 0
			for c := range size {
				rows[r] += escape(3*float64(c)/float64(size)-2, 2*float64(r)/float64(size)-1)
			}
		}
		for r := range rows {
			row(r)
		}
		expected := slices.Clone(rows)
		measureJobs(size*size, func() {
			clear(rows)
			loop(size, row)
			check(slices.Equal(expected, rows))
		})
	case "matmul":
		matmul(sized(16, 4))
	case "wavefront":
		measureDag(wavefront(sized(64, 8)))
	case "graph":
		measureDag(randomDag(scaled(100000)))
	default:
		return false
	}
	showPeak()
	return true
}

func measureJobs(operations int, round func()) {
	measure(operations, round)
	show("operations", float64(operations))
}

func matmul(blocks int) {
	n := 32 * blocks
	r := rand.New(rand.NewSource(1))
	a, b, c := make([]float64, n*n), make([]float64, n*n), make([]float64, n*n)
	for i := range a {
		a[i], b[i] = r.Float64(), r.Float64()
	}
	block := func(index int) {
		row, column := index/blocks*32, index%blocks*32
		for i := row; i < row+32; i++ {
			for k := range n {
				x := a[i*n+k]
				from, to := b[k*n+column:k*n+column+32], c[i*n+column:i*n+column+32]
				for j, y := range from {
					to[j] += x * y
				}
			}
		}
	}
	for i := range blocks * blocks {
		block(i)
	}
	expected := slices.Clone(c)
	measureJobs(n*n*n/1000, func() {
		clear(c)
		loop(blocks*blocks, block)
		check(slices.Equal(expected, c))
	})
}
