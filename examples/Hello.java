// The classic hello server. Run it, then: curl 'http://localhost:8080/hello?name=John'
import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.ResponseWriter;

void hello(ResponseWriter w, Request r) {
  if (!r.method().equals(Http.METHOD_GET)) {
    Http.error(w, "Method not allowed", Http.STATUS_METHOD_NOT_ALLOWED);
    return;
  }
  var name = r.query("name");
  if (name.isEmpty()) {
    name = "world";
  }
  w.write("Hello, " + name + "!");
}

void main() throws Exception {
  Http.handleFunc("/hello", this::hello);
  IO.println("Server running at http://localhost:8080");
  Http.listenAndServe(":8080", null);
}
