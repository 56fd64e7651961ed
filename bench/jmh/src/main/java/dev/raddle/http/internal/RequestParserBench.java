package dev.raddle.http.internal;

import bench.jmh.Timed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Requests of one connection that stays open, from memory. */
@State(Scope.Thread)
public class RequestParserBench extends Timed {
  private static final String HELLO =
      """
      GET / HTTP/1.1
      Host: localhost:8080

      """;
  private static final String BROWSER =
      """
      GET /articles/2026/goroutines?page=3&sort=newest HTTP/1.1
      Host: www.example.com
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-GB,en;q=0.7,de;q=0.3
      Accept-Encoding: gzip, deflate, br, zstd
      Connection: keep-alive
      Referer: https://www.example.com/articles
      Cookie: session=0123456789abcdef0123456789abcdef; theme=dark
      Upgrade-Insecure-Requests: 1
      If-None-Match: "5f3c-62b1"

      """;
  private static final String POST =
      """
      POST /orders HTTP/1.1
      Host: localhost:8080
      Content-Type: application/json
      Content-Length: 27

      {"item":"gopher","count":3}""";

  private final RequestParser hello = parser(HELLO);
  private final RequestParser browser = parser(BROWSER);
  private final RequestParser post = parser(POST);
  private final byte[] body = new byte[64];

  /** The peer sends a request whenever something is read. */
  private static RequestParser parser(String request) {
    byte[] bytes = request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    Source source =
        (ByteBuffer target) -> {
          target.put(bytes);
          return bytes.length;
        };
    return new RequestParser(source, 1 << 20, 1000);
  }

  /** What load generators send. */
  @Benchmark
  public void hello() throws IOException {
    RequestHead head = hello.readHead();
    check(head != null && head.size() == 0 && head.host.equals("localhost:8080"));
  }

  /** What browsers send. */
  @Benchmark
  public void browser() throws IOException {
    RequestHead head = browser.readHead();
    check(head != null && head.size() == 18 && head.wantsKeepAlive);
  }

  /** A head and a short body. */
  @Benchmark
  public void post() throws IOException {
    RequestHead head = post.readHead();
    check(head != null && head.contentLength == 27);
    check(post.readBody(body, 0, body.length) == 27);
    check(post.readBody(body, 0, body.length) == -1);
  }
}
