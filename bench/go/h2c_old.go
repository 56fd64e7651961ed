//go:build !go1.24

package main

import "net/http"

func takeHTTP2(*http.Server) {
	panic("expected Go 1.24 or later, which speaks HTTP/2 without TLS, found an older one")
}
