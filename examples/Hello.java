// Go's hello server. Then: curl 'http://localhost:8080/hello?name=John'
import static dev.raddle.Go.*;
import dev.raddle.http.*;

void hello(ResponseWriter w, Request r) {
    if (!r.method().equals(Http.METHOD_GET)) {
        Http.error(w, "Method not allowed", Http.STATUS_METHOD_NOT_ALLOWED);
        return;
    }
    var name = r.query("name");
    w.write("Hello, " + (name.isEmpty() ? "world" : name) + "!");
}

void main() throws Exception {
    Http.handleFunc("/hello", this::hello);
    IO.println("Server running at http://localhost:8080");
    Http.listenAndServe(":8080", null);
}
