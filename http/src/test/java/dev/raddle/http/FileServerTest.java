package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.httptest.ResponseRecorder;
import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows Go's fs_test.go and range_test.go. */
@Timeout(30)
class FileServerTest {
  private static final String CONTENT = "0123456789";
  private static final String MODIFIED = "Tue, 10 Nov 2009 23:00:00 GMT";
  @TempDir Path root = Path.of("");

  @BeforeEach
  void write() throws IOException {
    Files.writeString(root.resolve("file"), CONTENT);
    Files.setLastModifiedTime(
        root.resolve("file"), FileTime.from(Instant.parse("2009-11-10T23:00:00.7Z")));
    Files.writeString(root.resolve("style.css"), "body {}");
    Files.writeString(root.resolve("empty"), "");
    Files.createDirectories(root.resolve("dir/with"));
    Files.writeString(root.resolve("dir/index.html"), "index says hello");
    Files.createDirectories(root.resolve("list"));
    for (String name : List.of("b", "a", "x<>&\"'", "q:r", "p?q#%")) {
      Files.writeString(root.resolve("list").resolve(name), "");
    }
    Files.createDirectory(root.resolve("list/sub"));
  }

  private ResponseRecorder get(String target, String... headers) throws Exception {
    return ask("GET", target, headers);
  }

  private ResponseRecorder ask(String method, String target, String... headers) throws Exception {
    RequestBuilder request = Request.received(method, target);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    ResponseRecorder recorder = new ResponseRecorder();
    Http.fileServer(root).serveHttp(recorder, request.build());
    return recorder;
  }

  /** Follows TestServeFile and TestParseRange: one range. */
  @ParameterizedTest
  @CsvSource({
    "'', 200, 0123456789, ''",
    "bytes=0-4, 206, 01234, bytes 0-4/10",
    "bytes=2-, 206, 23456789, bytes 2-9/10",
    "bytes=-5, 206, 56789, bytes 5-9/10",
    "bytes=3-7, 206, 34567, bytes 3-7/10",
    "bytes=5-99, 206, 56789, bytes 5-9/10",
    "'bytes= 1 - 2 ', 206, 12, bytes 1-2/10",
    "'bytes=0-0,', 206, 0, bytes 0-0/10",
    "bytes=-99, 206, 0123456789, bytes 0-9/10",
    "bytes=10-, 416, 'invalid range: failed to overlap\n', bytes */10",
    "'bytes=0-9,0-9', 200, 0123456789, ''",
    "bytes=5-4, 416, 'invalid range\n', ''",
    "bytes=a-4, 416, 'invalid range\n', ''",
    "bytes=--6, 416, 'invalid range\n', ''",
    "bytes=-, 416, 'invalid range\n', ''",
    "bytes=5, 416, 'invalid range\n', ''",
    "foo, 416, 'invalid range\n', ''",
    "'bytes=', 200, 0123456789, ''",
  })
  void rangesAreCutOut(String range, int status, String body, String contentRange)
      throws Exception {
    ResponseRecorder answer = range.isEmpty() ? get("/file") : get("/file", "Range", range);
    assertEquals(status + " " + body.strip(), answer.status() + " " + answer.body().strip());
    assertEquals(contentRange, answer.sentHeaders().get("Content-Range"));
    if (status < 300) {
      assertEquals("bytes", answer.sentHeaders().get("Accept-Ranges"));
      assertEquals(Integer.toString(body.length()), answer.sentHeaders().get("Content-Length"));
    }
  }

  /** Follows TestServeFile's multipart part. */
  @Test
  void severalRangesAreSeveralParts() throws Exception {
    ResponseRecorder answer = get("/file", "Range", "bytes=0-1,3-3,-2");
    String type = answer.sentHeaders().get("Content-Type");
    assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
    String b = "--" + type.substring(type.indexOf('=') + 1);
    String t = "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    assertEquals(
        b
            + "\r\nContent-Range: bytes 0-1/10"
            + t
            + "01\r\n"
            + b
            + "\r\nContent-Range: bytes 3-3/10"
            + t
            + "3\r\n"
            + b
            + "\r\nContent-Range: bytes 8-9/10"
            + t
            + "89\r\n"
            + b
            + "--\r\n",
        answer.body());
    assertEquals(
        Integer.toString(answer.body().length()), answer.sentHeaders().get("Content-Length"));
    assertEquals(206, answer.status());
    assertEquals(200, get("/file", "Range", "bytes=" + "0-0,".repeat(300)).status());
  }

  /** Follows TestServeContentWithEmptyContentIgnoreRanges. */
  @ParameterizedTest
  @CsvSource({"bytes=0-128", "bytes=1-"})
  void anEmptyFileHasNoRanges(String range) throws Exception {
    assertEquals(200, get("/empty", "Range", range).status());
  }

  /** Follows TestServeFileNotModified, TestServeContent's conditions, and RFC 9110's order. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Modified-Since|Tue, 10 Nov 2009 23:00:00 GMT|304",
        "If-Modified-Since|Tue, 10 Nov 2009 22:59:59 GMT|200",
        "If-Modified-Since|Tuesday, 10-Nov-09 23:00:00 GMT|304",
        "If-Modified-Since|Tue Nov 10 23:00:00 2009|304",
        "If-Modified-Since|nonsense|200",
        "If-Unmodified-Since|Tue, 10 Nov 2009 22:59:59 GMT|412",
        "If-Unmodified-Since|Tue, 10 Nov 2009 23:00:00 GMT|200",
        "If-None-Match|*|304",
        "If-Match|*|200",
        "If-Match|\"x\"|412",
      })
  void conditionsOnTheTime(String header, String value, int status) throws Exception {
    ResponseRecorder answer = get("/file", header, value);
    assertEquals(status, answer.status());
    if (status == 200) {
      assertEquals(MODIFIED, answer.sentHeaders().get("Last-Modified"));
    } else if (status == 304) {
      assertFalse(answer.sentHeaders().contains("Content-Type"));
      assertFalse(answer.sentHeaders().contains("Content-Length"));
      assertEquals("", answer.body());
    }
  }

  /** Follows TestServeContent: the ETag that the handler has set. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"foo\"|If-None-Match|\"foo\"|304",
        "W/\"foo\"|If-None-Match|\"foo\"|304",
        "\"foo\"|If-None-Match|baz, W/\"foo\"|200",
        "\"foo\"|If-None-Match|\"baz\", W/\"foo\"|304",
        "\"foo\"|If-None-Match|\"Foo\"|200",
        "\"A\"|If-Match|\"Z\", \"A\"|200",
        "\"A\"|If-Match|\"B\"|412",
        "W/\"A\"|If-Match|W/\"A\"|412",
        "\"A\"|If-Range|\"A\"|206",
        "W/\"A\"|If-Range|W/\"A\"|200",
        "\"A\"|If-Range|\"B\"|200",
        "''|If-Range|Tue, 10 Nov 2009 23:00:00 GMT|206",
        "''|If-Range|Tue, 10 Nov 2009 22:00:00 GMT|200",
      })
  void conditionsOnTheTag(String etag, String header, String value, int status) throws Exception {
    ResponseRecorder w = new ResponseRecorder();
    if (!etag.isEmpty()) {
      w.header().set("ETag", etag);
    }
    RequestBuilder r = Request.received("GET", "/").header(header, value);
    if (header.equals("If-Range")) {
      r.header("Range", "bytes=0-4");
    }
    Http.serveFile(w, r.build(), root.resolve("file"));
    assertEquals(status, w.status());
  }

  /** Follows TestScanETag. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "W/\"etag-1\"|W/\"etag-1\"",
        "\"etag-2\"|\"etag-2\"",
        "\"etag-1\", \"etag-2\"|\"etag-1\"",
        "''|''",
        "W/|''",
        "W/\"truc|''",
        "w/\"case\"|''",
        "\"spaced etag\"|''",
      })
  void tagsAreScanned(String text, String tag) {
    assertEquals(tag, ETags.scan(text));
  }

  /** Follows TestFSRedirect, TestServeIndexHtml and TestServeDirWithoutTrailingSlash. */
  @ParameterizedTest
  @CsvSource({
    "/dir, 301, dir/",
    "/dir?a=b, 301, dir/?a=b",
    "/file/, 301, ../file",
    "/dir/index.html, 301, ./",
    "/index.html, 301, ./",
    "/dir/, 200, ''",
    "/missing, 404, ''",
    "/file/x, 404, ''",
    "/list/a%00, 404, ''",
    "/../../etc/passwd, 404, ''",
    "/dir/%2e%2e/%2e%2e/etc/passwd, 404, ''",
  })
  void namesAreMadeCanonical(String target, int status, String location) throws Exception {
    ResponseRecorder answer = get(target);
    assertEquals(status, answer.status());
    assertEquals(location, answer.sentHeaders().get("Location"));
  }

  /** Follows TestServeIndexHtml, TestFileServerImplicitLeadingSlash and TestServeFileMimeType. */
  @Test
  void indexAndTypes() throws Exception {
    assertEquals("index says hello", get("/dir/").body());
    assertEquals("text/css; charset=utf-8", get("/style.css").sentHeaders().get("Content-Type"));
    ResponseRecorder w = new ResponseRecorder();
    Http.stripPrefix("/bar/", Http.fileServer(root))
        .serveHttp(w, Request.received("GET", "/bar/file").build());
    assertEquals(CONTENT, w.body());
    assertEquals("", ask("HEAD", "/file").body());
    assertEquals("10", ask("HEAD", "/file").sentHeaders().get("Content-Length"));
  }

  /** Follows TestFileServerEscapesNames, TestFileServerSortsNames and TestFileServerNamesEscape. */
  @Test
  void aDirectoryIsListedSortedAndEscaped() throws Exception {
    String page = get("/list/").body();
    List<String> links = new ArrayList<>();
    page.lines().filter(line -> line.startsWith("<a ")).forEach(links::add);
    assertEquals(
        List.of(
            "<a href=\"a\">a</a>",
            "<a href=\"b\">b</a>",
            "<a href=\"p%3Fq%23%25\">p?q#%</a>",
            "<a href=\"./q:r\">q:r</a>",
            "<a href=\"sub/\">sub/</a>",
            "<a href=\"x%3C%3E&amp;%22%27\">x&lt;&gt;&amp;&#34;&#39;</a>"),
        links);
    String modified = get("/list/").sentHeaders().get("Last-Modified");
    assertEquals(304, get("/list/", "If-Modified-Since", modified).status());
  }

  /** Follows TestServeFileWithContentEncoding and TestServeFileContentType. */
  @Test
  void aTypeOrAnEncodingThatIsSetStays() throws Exception {
    ResponseRecorder w = new ResponseRecorder();
    w.header().set("Content-Encoding", "foo");
    w.header().setAll("Content-Type", List.of());
    Http.serveFile(w, Request.received("GET", "/").build(), root.resolve("file"));
    assertFalse(w.sentHeaders().contains("Content-Length"));
    assertEquals("", w.sentHeaders().get("Content-Type"));
  }

  /** Follows TestServeFile_DotDot. */
  @ParameterizedTest
  @CsvSource({"/testdata/file, 200", "/../file, 400", "/.., 400", "/../, 400", "/file/a.., 200"})
  void serveFileRefusesPathsThatLeadUpwards(String target, int status) throws Exception {
    ResponseRecorder w = new ResponseRecorder();
    Http.serveFile(w, Request.received("GET", target).build(), root.resolve("file"));
    assertEquals(status, w.status());
  }

  /** Follows TestFileServerErrorMessages and TestServeContentHeadersWithError. */
  @Test
  void errorsDoNotCarryTheContentsHeaders() throws Exception {
    ResponseRecorder w = new ResponseRecorder();
    for (String name : List.of("Etag", "Last-Modified", "Cache-Control", "Content-Encoding")) {
      w.header().set(name, "\"x\"");
    }
    Http.serveFile(
        w, Request.received("GET", "/").header("Range", "bytes=99-").build(), root.resolve("file"));
    assertEquals(416, w.status());
    for (String name : List.of("Etag", "Last-Modified", "Cache-Control", "Content-Encoding")) {
      assertFalse(w.sentHeaders().contains(name), name);
    }
  }

  /** Follows TestFileServerFS and TestFileServerZip: any file system will do. */
  @Test
  void aZipFileIsServedToo() throws Exception {
    Path zip = root.resolve("a.zip");
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.writeString(inside.getPath("/hello.txt"), "from the zip");
    }
    try (FileSystem inside = FileSystems.newFileSystem(zip)) {
      ResponseRecorder w = new ResponseRecorder();
      Http.fileServer(inside.getPath("/"))
          .serveHttp(w, Request.received("GET", "/hello.txt").build());
      assertEquals("from the zip", w.body());
    }
  }

  /** Follows TestFileServerDirWithRootFile. */
  @Test
  void aFileAsTheRootIsNoDirectory() throws Exception {
    ResponseRecorder w = new ResponseRecorder();
    Http.fileServer(root.resolve("file")).serveHttp(w, Request.received("GET", "/").build());
    assertEquals(500, w.status());
  }

  private static Handler wrapped(boolean wrapped, Handler handler) {
    return wrapped ? AccessLog.to(line -> {}, handler) : handler;
  }

  /** Follows TestLinuxSendfile: from the disk to the socket, or copied for another writer. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void largeFilesArriveAsTheyAre(boolean wrapped) throws Exception {
    byte[] content = new byte[3 << 20];
    new Random(1).nextBytes(content);
    Files.write(root.resolve("large"), content);
    try (TestServer server = TestServer.start(wrapped(wrapped, Http.fileServer(root)))) {
      Request all = Request.to("GET", server.url() + "/large").build();
      for (int i = 0; i < 2; i++) { // the connection is kept
        try (Response response = server.client().send(all)) {
          assertEquals(content.length, response.contentLength());
          assertArrayEquals(content, response.body().readAllBytes());
        }
      }
      Request part = all.toBuilder().header("Range", "bytes=1000-2500000").build();
      try (Response response = server.client().send(part)) {
        assertEquals(206, response.status());
        assertArrayEquals(
            Arrays.copyOfRange(content, 1000, 2_500_001), response.body().readAllBytes());
      }
      Request parts = all.toBuilder().header("Range", "bytes=0-99999,200000-300000").build();
      try (Response response = server.client().send(parts)) {
        byte[] body = response.body().readAllBytes();
        assertEquals(response.contentLength(), body.length);
        byte[] end = Arrays.copyOfRange(content, 200_000, 300_001);
        int from = body.length - "\r\n--".length() - boundary(response).length() - 4 - end.length;
        assertArrayEquals(end, Arrays.copyOfRange(body, from, from + end.length));
      }
      try (Response head = server.client().send(all.toBuilder().method("HEAD").build())) {
        assertEquals(content.length, head.contentLength());
        assertEquals(0, head.body().readAllBytes().length);
      }
    }
  }

  private static String boundary(Response response) {
    String type = response.header("Content-Type");
    return type.substring(type.indexOf('=') + 1);
  }

  /** The client sees that something is missing, and nothing that is not of the file. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFileThatBecomesShorterCutsTheResponseOff(boolean wrapped) throws Exception {
    long size = 1L << 30; // more than any socket takes before somebody reads
    Path sparse = root.resolve("sparse");
    try (FileChannel file =
            FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        TestServer server = TestServer.start(wrapped(wrapped, Http.fileServer(root)))) {
      file.write(ByteBuffer.allocate(1), size - 1);
      try (RawClient client = new RawClient(server.server().address())) {
        String head = client.send("GET /sparse HTTP/1.1\r\nHost: x\r\n\r\n").read(0);
        assertTrue(head.contains("Content-Length: " + size + "\r\n"), head);
        file.truncate(0);
        String rest = client.readAll();
        assertTrue(rest.length() < size, "cut off");
        assertEquals(-1, rest.indexOf("500"), "no words of the server in the body");
        assertTrue(rest.chars().allMatch(c -> c == 0));
      }
    }
  }

  /** Follows TestFileServerMethods: every method gets the file, HEAD its head. */
  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "OWN"})
  void everyMethodGetsTheFile(String method) throws Exception {
    ResponseRecorder answer = ask(method, "/file");
    assertEquals(200, answer.status());
    assertEquals(method.equals("HEAD") ? "" : CONTENT, answer.body());
    assertEquals("10", answer.sentHeaders().get("Content-Length"));
  }

  /** Follows TestServeFileZippingResponseWriter: then the length is not the file's. */
  @Test
  void aWriterThatPacksServesWholeFiles() throws IOException {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Encoding", "gzip");
          OutputStream toClient =
              new OutputStream() {
                @Override
                public void write(int b) {
                  w.write(new byte[] {(byte) b});
                }
              };
          try (GZIPOutputStream packed = new GZIPOutputStream(toClient)) {
            Http.serveFile(packing(w, packed), r, root.resolve("file"));
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      assertEquals(
          CONTENT, server.client().send(Request.to("GET", server.url() + "/file").build()).text());
    }
  }

  private static ResponseWriter packing(ResponseWriter w, OutputStream packed) {
    return new ResponseWriter() {
      @Override
      public Headers header() {
        return w.header();
      }

      @Override
      public void writeHeader(int status) {
        w.writeHeader(status);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        try {
          packed.write(bytes, offset, length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void flush() {
        w.flush();
      }
    };
  }

  /** Follows TestServerFileStatError: a file that may not be looked at. */
  @Test
  void whatMayNotBeLookedAtIsForbidden() {
    ResponseRecorder answer = new ResponseRecorder();
    FileServer.fail(answer, new AccessDeniedException("file.txt"));
    assertEquals("403 403 Forbidden\n", answer.status() + " " + answer.body());
  }
}
