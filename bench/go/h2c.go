//go:build go1.24

package main

import "net/http"

// takeHTTP2 lets a server speak HTTP/2 without TLS beside HTTP/1.
func takeHTTP2(server *http.Server) {
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
}
