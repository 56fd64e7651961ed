// The server that bench/run loads: gobench serve PROCS [h2c] PORT. The same routes as in bench/servers, and /live: what Go has
// in use after a collection, which the JVMs tell by jcmd.
package main

import (
	"fmt"
	"net/http"
	"runtime"
	"time"
)

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	if name == "" {
		name = "world"
	}
	w.Write([]byte("Hello, " + name + "!"))
}

func slow(w http.ResponseWriter, r *http.Request) {
	time.Sleep(10 * time.Millisecond)
	w.Write([]byte("slow"))
}

func live(w http.ResponseWriter, r *http.Request) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprint(w, m.HeapInuse+m.StackInuse)
}

func serve(args []string) {
	port := args[len(args)-1]
	http.HandleFunc("/hello", hello)
	http.HandleFunc("/slow", slow)
	http.HandleFunc("/live", live)
	server := &http.Server{Addr: "127.0.0.1:" + port}
	if args[0] == "h2c" {
		takeHTTP2(server)
	}
	panic(server.ListenAndServe())
}
