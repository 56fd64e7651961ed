// The server of the suites: ./raddle run scripts/suites/SuiteServer.java [proxy=URL] [tls=store.p12]
// Prints "port N" when it serves.
import dev.raddle.http.*;
import dev.raddle.http.httputil.ReverseProxy;
import dev.raddle.http.websocket.*;
import dev.raddle.net.tls.*;

void webSocket(ResponseWriter w, Request r) throws Exception {
    try (var socket = WebSocket.accept(w, r)) {
        socket.setMaxMessageBytes(32 << 20);
        while (true) {
            socket.write(socket.read());
        }
    } catch (WebSocketException closed) {
        // the usual end
    }
}

void echo(ResponseWriter w, Request r) throws Exception {
    w.write(r.body().readAllBytes());
}

void main(String... arguments) throws Exception {
    var file = Files.createTempFile("suite", ".bin");
    Files.write(file, new byte[1 << 20]);
    file.toFile().deleteOnExit();
    var mux = new ServeMux();
    mux.handle("/", (w, r) -> w.write("Hello, world!"));
    mux.handle("/echo", this::echo);
    mux.handle("/ws", this::webSocket);
    mux.handle("/file", (w, r) -> Http.serveFile(w, r, file));
    mux.handle("/seen", (w, r) -> w.write(r.method() + " " + r.url() + " " + r.proto() + " " + r.header("Connection")));
    var builder = Server.builder().addr("127.0.0.1:0").handler(mux);
    boolean tls = false;
    for (var argument : arguments) {
        var value = argument.substring(argument.indexOf('=') + 1);
        if (argument.startsWith("proxy=")) {
            mux.handle("/proxied/", Http.stripPrefix("/proxied", ReverseProxy.to(value)));
        } else if (argument.startsWith("tls=")) {
            var certificate = TlsCertificate.loadPkcs12(Path.of(value), "changeit".toCharArray());
            builder.tlsConfig(TlsConfig.builder().certificate(certificate).build());
            tls = true;
        }
    }
    var server = builder.build();
    if (tls) {
        server.startTLS();
    } else {
        server.start();
    }
    IO.println("port " + server.address().getPort());
    Thread.currentThread().join();
}
