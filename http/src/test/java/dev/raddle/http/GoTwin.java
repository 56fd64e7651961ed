package dev.raddle.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The handlers of the Go program that wire.txt was taken from, in Java. */
final class GoTwin {
  private GoTwin() {}

  static ServeMux mux() {
    ServeMux mux = new ServeMux();
    mux.handle("/hello", GoTwin::hello);
    mux.handle("/dir/", (w, r) -> w.write("dir " + r.path()));
    mux.handle("/any", (w, r) -> w.write(r.method() + " " + r.path()));
    mux.handle("/echo", GoTwin::echo);
    mux.handle("GET /m", (w, r) -> w.write("m"));
    mux.handle(
        "GET /w/{id}/x/{rest...}",
        (w, r) -> w.write(r.pathValue("id") + " " + r.pathValue("rest")));
    mux.handle(
        "/trailers",
        (w, r) -> {
          w.header().set("Trailer", "X-A, X-B");
          w.write("body");
          w.header().set("X-A", "1");
          w.header().set("Trailer:X-C", "3");
        });
    mux.handle(
        "/reqtrailer",
        (w, r) -> {
          r.body().readAllBytes();
          w.write(r.trailer().get("X-T"));
        });
    bodies(mux);
    headers(mux);
    statuses(mux);
    return mux;
  }

  private static void hello(ResponseWriter w, Request r) {
    if (!r.method().equals(Http.METHOD_GET)) {
      Http.error(w, "Method not allowed", Http.STATUS_METHOD_NOT_ALLOWED);
      return;
    }
    String name = r.query("name");
    if (name.isEmpty()) {
      name = "world";
    }
    w.writeHeader(Http.STATUS_OK);
    w.write("Hello, " + name + "!");
  }

  private static void echo(ResponseWriter w, Request r) {
    try {
      byte[] body = r.body().readAllBytes();
      w.write(r.contentLength() + ":" + new String(body, StandardCharsets.UTF_8));
    } catch (IOException e) {
      Http.error(w, "read: " + e.getMessage(), Http.STATUS_BAD_REQUEST);
    }
  }

  private static void bodies(ServeMux mux) {
    mux.handle("/big", (w, r) -> w.write("x".repeat(3000)));
    mux.handle(
        "/big4",
        (w, r) -> {
          for (int i = 0; i < 3; i++) {
            w.write("x".repeat(1500));
          }
        });
    mux.handle("/2048", (w, r) -> w.write("x".repeat(2048)));
    mux.handle("/2049", (w, r) -> w.write("x".repeat(2049)));
    mux.handle("/empty", (w, r) -> {});
    mux.handle(
        "/flush",
        (w, r) -> {
          w.write("a");
          w.flush();
          w.write("b");
          w.flush();
        });
    mux.handle(
        "/panic",
        (w, r) -> {
          throw new IllegalStateException("boom");
        });
    mux.handle(
        "/panic2",
        (w, r) -> {
          w.write("part");
          w.flush();
          throw new IllegalStateException("boom");
        });
  }

  private static void headers(ServeMux mux) {
    with(mux, "/cl", "hello world", "Content-Length", "5");
    with(mux, "/short", "hello world", "Content-Length", "50");
    with(mux, "/close", "bye", "Connection", "close");
    with(mux, "/owndate", "b", "Date", "today", "A", "b");
    with(mux, "/chunkedhdr", "b", "Transfer-Encoding", "chunked");
    with(mux, "/ident", "b", "Transfer-Encoding", "identity");
    with(mux, "/gzip", "b", "Content-Encoding", "gzip");
    with(
        mux,
        "/headers",
        "{}",
        "X-Zeta",
        "z",
        "etag",
        "\"1\"",
        "Set-Cookie",
        "a=1",
        "Set-Cookie",
        "b=2",
        "Content-Type",
        "application/json",
        "X-Inject",
        "a\r\nb: c",
        "Bad Name",
        "a");
    mux.handle(
        "/nodate",
        (w, r) -> {
          w.header().setAll("Date", List.of());
          w.header().setAll("Content-Type", List.of());
          w.write("b");
        });
    mux.handle(
        "/err",
        (w, r) -> {
          for (String name :
              List.of("Content-Length", "Etag", "Cache-Control", "X-A", "Last-Modified")) {
            w.header().set(name, name.equals("Last-Modified") ? "y" : "x");
          }
          w.header().set("Content-Encoding", "gzip");
          Http.error(w, "oops", Http.STATUS_INTERNAL_SERVER_ERROR);
        });
  }

  private static void with(ServeMux mux, String path, String body, String... headers) {
    mux.handle(
        path,
        (w, r) -> {
          for (int i = 0; i < headers.length; i += 2) {
            w.header().add(headers[i], headers[i + 1]);
          }
          w.write(body);
        });
  }

  private static void statuses(ServeMux mux) {
    mux.handle(
        "/204",
        (w, r) -> {
          w.writeHeader(Http.STATUS_NO_CONTENT);
          w.write("x");
        });
    mux.handle("/304", (w, r) -> w.writeHeader(Http.STATUS_NOT_MODIFIED));
    mux.handle(
        "/599",
        (w, r) -> {
          w.writeHeader(599);
          w.write("x");
        });
    mux.handle(
        "/twice",
        (w, r) -> {
          w.writeHeader(Http.STATUS_CREATED);
          w.writeHeader(Http.STATUS_OK);
          w.header().set("Late", "1");
          w.write("b");
        });
    mux.handle(
        "/hints",
        (w, r) -> {
          w.header().set("Link", "</a>");
          w.writeHeader(Http.STATUS_EARLY_HINTS);
          w.write("b");
        });
    mux.handle("/notfound", Http::notFound);
  }
}
