// Records from paths, queries and forms, and what is said when the values do not fit.
// Prints "20 of [RED, GREEN] for a b at corner", then what is wrong.
import dev.raddle.http.*;
import dev.raddle.http.httptest.*;
import java.util.*;

enum Color { RED, GREEN }

// A compact constructor sets defaults, and refuses what belongs together.
record Search(String shop, String q, Integer size, List<Color> color, Optional<Double> most) {
    Search {
        size = size == null ? 20 : size;
        if (size > 100) {
            throw new IllegalArgumentException("size: expected at most 100, found " + size);
        }
    }
}

void search(ResponseWriter w, Request r) throws Exception {
    var s = r.bind(Search.class); // throws what answers 400, if nobody catches it
    w.write(s.size() + " of " + s.color() + " for " + s.q() + " at " + s.shop() + "\n");
}

void main() throws Exception {
    var mux = new ServeMux();
    mux.handle("GET /{shop}/search", this::search);
    try (var server = TestServer.start(mux)) {
        for (var query : List.of("q=a+b&color=RED&color=GREEN", "size=1000", "size=x&color=blue&most=1,5")) {
            IO.print(Http.get(server.url() + "/corner/search?" + query).text());
        }
    }
}
