// Go's own benchmarks: the test binaries of its runtime, sync and context packages, which bench/run builds beside this one.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
)

const (
	chanNames = "MakeChan|ChanNonblocking|Select(Uncontended|SyncContended|AsyncContended|Nonblock|ProdCons)|" +
		"Chan(Uncontended|Contended|Sync|SyncWork|ProdCons0|ProdCons10|ProdCons100|ProdConsWork0|ProdConsWork10|" +
		"ProdConsWork100|Creation|Sem|Popular|Closed)|ReceiveDataFromClosedChan"
	syncNames = "Mutex(Uncontended|Slack|Work|WorkSlack|NoSpin|Spin)?|RWMutex(Uncontended|Write100|Write10|WorkWrite100|" +
		"WorkWrite10)|Cond(1|2|4|8|16|32)|Once|WaitGroup(Uncontended|AddDone|AddDoneWork|Wait|WaitWork|ActuallyWait)|" +
		"Pool(Overflow|Starvation|STW|ExpensiveNew)?|(Unc|C)ontendedSemaphore"
	contextNames = "CommonParentCancel|WithTimeout|CancelTree|CheckCanceled|ContextCancelDone|" +
		"DeepValue(New|Same)GoRoutine|Err(OK|Canceled)"
)

var resultLine = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op`)

func goTests(workload string, procs int) bool {
	pack, names := "runtime", chanNames
	switch workload {
	case "gochan":
	case "gosync":
		pack, names = "sync", syncNames
	case "gocontext":
		pack, names = "context", contextNames
	default:
		return false
	}
	self, err := os.Executable()
	check(err == nil)
	target := strconv.FormatFloat(0.1*min(1, env("SCALE", "1")), 'f', -1, 64) + "s"
	binary := filepath.Join(filepath.Dir(self), pack+".test")
	if _, err := os.Stat(binary); err != nil {
		fmt.Println("none 0") // this Go came without its tests
		return true
	}
	out, err := exec.Command(binary, "-test.run=^$", "-test.bench=^Benchmark("+names+")$", "-test.count=5",
		"-test.benchtime="+target, "-test.cpu="+strconv.Itoa(procs)).CombinedOutput()
	if err != nil {
		fmt.Fprintln(os.Stderr, string(out))
		os.Exit(1)
	}
	values := map[string][]float64{}
	for _, m := range resultLine.FindAllStringSubmatch(string(out), -1) {
		v, err := strconv.ParseFloat(m[2], 64)
		check(err == nil)
		values[m[1]] = append(values[m[1]], v)
	}
	var sorted []string
	for name := range values {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	for _, name := range sorted {
		show(name, median(values[name]))
	}
	return true
}
