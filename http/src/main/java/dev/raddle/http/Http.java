package dev.raddle.http;

import dev.raddle.http.internal.ContentSniffer;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.HttpDate;
import dev.raddle.http.internal.StatusText;
import dev.raddle.net.tls.TlsCertificate;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Go's package {@code net/http} offers as functions and constants.
 *
 * <pre>{@code
 * Http.handleFunc("/hello", (w, r) -> w.write("Hello, " + r.query("name") + "!"));
 * Http.listenAndServe(":8080", null);
 * }</pre>
 */
public final class Http {
  /** The method GET. */
  public static final String METHOD_GET = "GET";

  /** The method HEAD. */
  public static final String METHOD_HEAD = "HEAD";

  /** The method POST. */
  public static final String METHOD_POST = "POST";

  /** The method PUT. */
  public static final String METHOD_PUT = "PUT";

  /** The method PATCH. */
  public static final String METHOD_PATCH = "PATCH";

  /** The method DELETE. */
  public static final String METHOD_DELETE = "DELETE";

  /** The method CONNECT. */
  public static final String METHOD_CONNECT = "CONNECT";

  /** The method OPTIONS. */
  public static final String METHOD_OPTIONS = "OPTIONS";

  /** The method TRACE. */
  public static final String METHOD_TRACE = "TRACE";

  /** 100 Continue. */
  public static final int STATUS_CONTINUE = 100;

  /** 101 Switching Protocols. */
  public static final int STATUS_SWITCHING_PROTOCOLS = 101;

  /** 102 Processing. */
  public static final int STATUS_PROCESSING = 102;

  /** 103 Early Hints. */
  public static final int STATUS_EARLY_HINTS = 103;

  /** 200 OK. */
  public static final int STATUS_OK = 200;

  /** 201 Created. */
  public static final int STATUS_CREATED = 201;

  /** 202 Accepted. */
  public static final int STATUS_ACCEPTED = 202;

  /** 203 Non-Authoritative Information. */
  public static final int STATUS_NON_AUTHORITATIVE_INFO = 203;

  /** 204 No Content. */
  public static final int STATUS_NO_CONTENT = 204;

  /** 205 Reset Content. */
  public static final int STATUS_RESET_CONTENT = 205;

  /** 206 Partial Content. */
  public static final int STATUS_PARTIAL_CONTENT = 206;

  /** 207 Multi-Status. */
  public static final int STATUS_MULTI_STATUS = 207;

  /** 208 Already Reported. */
  public static final int STATUS_ALREADY_REPORTED = 208;

  /** 226 IM Used. */
  public static final int STATUS_IM_USED = 226;

  /** 300 Multiple Choices. */
  public static final int STATUS_MULTIPLE_CHOICES = 300;

  /** 301 Moved Permanently. */
  public static final int STATUS_MOVED_PERMANENTLY = 301;

  /** 302 Found. */
  public static final int STATUS_FOUND = 302;

  /** 303 See Other. */
  public static final int STATUS_SEE_OTHER = 303;

  /** 304 Not Modified. */
  public static final int STATUS_NOT_MODIFIED = 304;

  /** 305 Use Proxy. */
  public static final int STATUS_USE_PROXY = 305;

  /** 307 Temporary Redirect. */
  public static final int STATUS_TEMPORARY_REDIRECT = 307;

  /** 308 Permanent Redirect. */
  public static final int STATUS_PERMANENT_REDIRECT = 308;

  /** 400 Bad Request. */
  public static final int STATUS_BAD_REQUEST = 400;

  /** 401 Unauthorized. */
  public static final int STATUS_UNAUTHORIZED = 401;

  /** 402 Payment Required. */
  public static final int STATUS_PAYMENT_REQUIRED = 402;

  /** 403 Forbidden. */
  public static final int STATUS_FORBIDDEN = 403;

  /** 404 Not Found. */
  public static final int STATUS_NOT_FOUND = 404;

  /** 405 Method Not Allowed. */
  public static final int STATUS_METHOD_NOT_ALLOWED = 405;

  /** 406 Not Acceptable. */
  public static final int STATUS_NOT_ACCEPTABLE = 406;

  /** 407 Proxy Authentication Required. */
  public static final int STATUS_PROXY_AUTH_REQUIRED = 407;

  /** 408 Request Timeout. */
  public static final int STATUS_REQUEST_TIMEOUT = 408;

  /** 409 Conflict. */
  public static final int STATUS_CONFLICT = 409;

  /** 410 Gone. */
  public static final int STATUS_GONE = 410;

  /** 411 Length Required. */
  public static final int STATUS_LENGTH_REQUIRED = 411;

  /** 412 Precondition Failed. */
  public static final int STATUS_PRECONDITION_FAILED = 412;

  /** 413 Request Entity Too Large. */
  public static final int STATUS_REQUEST_ENTITY_TOO_LARGE = 413;

  /** 414 Request URI Too Long. */
  public static final int STATUS_REQUEST_URI_TOO_LONG = 414;

  /** 415 Unsupported Media Type. */
  public static final int STATUS_UNSUPPORTED_MEDIA_TYPE = 415;

  /** 416 Requested Range Not Satisfiable. */
  public static final int STATUS_REQUESTED_RANGE_NOT_SATISFIABLE = 416;

  /** 417 Expectation Failed. */
  public static final int STATUS_EXPECTATION_FAILED = 417;

  /** 418 I'm a teapot. */
  public static final int STATUS_TEAPOT = 418;

  /** 421 Misdirected Request. */
  public static final int STATUS_MISDIRECTED_REQUEST = 421;

  /** 422 Unprocessable Entity. */
  public static final int STATUS_UNPROCESSABLE_ENTITY = 422;

  /** 423 Locked. */
  public static final int STATUS_LOCKED = 423;

  /** 424 Failed Dependency. */
  public static final int STATUS_FAILED_DEPENDENCY = 424;

  /** 425 Too Early. */
  public static final int STATUS_TOO_EARLY = 425;

  /** 426 Upgrade Required. */
  public static final int STATUS_UPGRADE_REQUIRED = 426;

  /** 428 Precondition Required. */
  public static final int STATUS_PRECONDITION_REQUIRED = 428;

  /** 429 Too Many Requests. */
  public static final int STATUS_TOO_MANY_REQUESTS = 429;

  /** 431 Request Header Fields Too Large. */
  public static final int STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE = 431;

  /** 451 Unavailable For Legal Reasons. */
  public static final int STATUS_UNAVAILABLE_FOR_LEGAL_REASONS = 451;

  /** 500 Internal Server Error. */
  public static final int STATUS_INTERNAL_SERVER_ERROR = 500;

  /** 501 Not Implemented. */
  public static final int STATUS_NOT_IMPLEMENTED = 501;

  /** 502 Bad Gateway. */
  public static final int STATUS_BAD_GATEWAY = 502;

  /** 503 Service Unavailable. */
  public static final int STATUS_SERVICE_UNAVAILABLE = 503;

  /** 504 Gateway Timeout. */
  public static final int STATUS_GATEWAY_TIMEOUT = 504;

  /** 505 HTTP Version Not Supported. */
  public static final int STATUS_HTTP_VERSION_NOT_SUPPORTED = 505;

  /** 506 Variant Also Negotiates. */
  public static final int STATUS_VARIANT_ALSO_NEGOTIATES = 506;

  /** 507 Insufficient Storage. */
  public static final int STATUS_INSUFFICIENT_STORAGE = 507;

  /** 508 Loop Detected. */
  public static final int STATUS_LOOP_DETECTED = 508;

  /** 510 Not Extended. */
  public static final int STATUS_NOT_EXTENDED = 510;

  /** 511 Network Authentication Required. */
  public static final int STATUS_NETWORK_AUTHENTICATION_REQUIRED = 511;

  /** Filled by {@link #handle}; what Go calls DefaultServeMux. */
  static final ServeMux DEFAULT_MUX = new ServeMux();

  private Http() {}

  /**
   * Registers a handler with the default mux. The same as {@link #handle}; Go needs both.
   *
   * @param pattern as in {@link ServeMux#handle}
   * @param handler usually a lambda or a method reference
   * @throws IllegalArgumentException as in {@link ServeMux#handle}
   */
  public static void handleFunc(String pattern, Handler handler) {
    DEFAULT_MUX.handle(pattern, handler);
  }

  /**
   * Registers a handler with the default mux.
   *
   * @param pattern as in {@link ServeMux#handle}
   * @param handler what answers
   * @throws IllegalArgumentException as in {@link ServeMux#handle}
   */
  public static void handle(String pattern, Handler handler) {
    DEFAULT_MUX.handle(pattern, handler);
  }

  /**
   * Listens and serves, on the calling goroutine or thread, for as long as the process lives or
   * until the caller is interrupted.
   *
   * @param addr as in {@link dev.raddle.net.Net#listen}, for example {@code :8080}; empty means
   *     {@code :http}
   * @param handler what answers; null for the default mux
   * @throws IOException if the address cannot be listened on; the message says why, in Go's words
   */
  public static void listenAndServe(String addr, @Nullable Handler handler) throws IOException {
    ServerBuilder builder = Server.builder().addr(addr);
    if (handler != null) {
      builder.handler(handler);
    }
    builder.build().listenAndServe();
  }

  /**
   * As {@link #listenAndServe}, with TLS. Go: {@code http.ListenAndServeTLS}.
   *
   * @param addr as there; empty means {@code :https}
   * @param certFile as in {@link TlsCertificate#load}
   * @param keyFile as in {@link TlsCertificate#load}
   * @param handler as there
   * @throws IOException as there, or if a file cannot be read
   * @throws GeneralSecurityException as in {@link TlsCertificate#load}
   */
  public static void listenAndServeTLS(
      String addr, Path certFile, Path keyFile, @Nullable Handler handler)
      throws IOException, GeneralSecurityException {
    TlsCertificate certificate = TlsCertificate.load(certFile, keyFile);
    ServerBuilder builder =
        Server.builder().addr(addr).tlsConfig(TlsConfig.builder().certificate(certificate).build());
    if (handler != null) {
      builder.handler(handler);
    }
    builder.build().listenAndServeTLS();
  }

  /**
   * Answers with a message in plain text and a line end. Like Go it removes a Content-Length that
   * was set, and tells browsers not to guess the type. The handler should write nothing more.
   *
   * @param w the response
   * @param message the text, without a line end
   * @param status for example {@link #STATUS_BAD_REQUEST}
   */
  public static void error(ResponseWriter w, String message, int status) {
    Headers headers = w.header();
    headers.del("Content-Length");
    headers.set("Content-Type", "text/plain; charset=utf-8");
    headers.set("X-Content-Type-Options", "nosniff");
    w.writeHeader(status);
    w.write(message + "\n");
  }

  /**
   * Answers 404. Can be registered as it is: {@code Http.handle("/gone", Http::notFound)}.
   *
   * @param w the response
   * @param r the request; Go's signature
   */
  public static void notFound(ResponseWriter w, Request r) {
    error(w, "404 page not found", STATUS_NOT_FOUND);
  }

  /**
   * Sends a GET request with a client that all share. See {@link Client#send}.
   *
   * @param url absolute
   * @return the response; the caller closes it
   * @throws IOException as {@link Client#send}
   */
  public static Response get(String url) throws IOException {
    return Client.DEFAULT.send(Request.to(METHOD_GET, url).build());
  }

  /**
   * Sends a HEAD request.
   *
   * @param url absolute
   * @return the response; the caller closes it
   * @throws IOException as {@link Client#send}
   */
  public static Response head(String url) throws IOException {
    return Client.DEFAULT.send(Request.to(METHOD_HEAD, url).build());
  }

  /**
   * Sends a POST request.
   *
   * @param url absolute
   * @param contentType of the body
   * @param body sent in UTF-8
   * @return the response; the caller closes it
   * @throws IOException as {@link Client#send}
   */
  public static Response post(String url, String contentType, String body) throws IOException {
    return Client.DEFAULT.send(
        Request.to(METHOD_POST, url).header("Content-Type", contentType).body(body).build());
  }

  /**
   * Sends a form.
   *
   * @param url absolute
   * @param form URL-encoded for the body
   * @return the response; the caller closes it
   * @throws IOException as {@link Client#send}
   */
  public static Response postForm(String url, Values form) throws IOException {
    return post(url, "application/x-www-form-urlencoded", form.encode());
  }

  /**
   * Sends any request with a client that all share. Go: {@code http.DefaultClient.Do}.
   *
   * @param request the request
   * @return the response; the caller closes it
   * @throws IOException as {@link Client#send}
   */
  public static Response send(Request request) throws IOException {
    return Client.DEFAULT.send(request);
  }

  /**
   * Answers with a redirect. Go: {@code http.Redirect}.
   *
   * @param w the response
   * @param r the request, to whose path a relative one is joined
   * @param url absolute, or a path; may have a query
   * @param status 3xx, usually {@link #STATUS_SEE_OTHER} or {@link #STATUS_MOVED_PERMANENTLY}
   */
  public static void redirect(ResponseWriter w, Request r, String url, int status) {
    Redirect.send(w, r, Redirect.absolute(url, r), status);
  }

  /**
   * Returns a handler that redirects.
   *
   * @param url as in {@link #redirect}
   * @param status as in {@link #redirect}
   * @return the handler
   */
  public static Handler redirectHandler(String url, int status) {
    return (w, r) -> redirect(w, r, url, status);
  }

  /**
   * Returns a handler that answers 404.
   *
   * @return the handler
   */
  public static Handler notFoundHandler() {
    return Http::notFound;
  }

  /**
   * Adds a cookie to the response. One whose name is no token is left out.
   *
   * @param w the response, before it is written
   * @param cookie the cookie
   */
  public static void setCookie(ResponseWriter w, Cookie cookie) {
    String text = cookie.toString();
    if (!text.isEmpty()) {
      w.header().add("Set-Cookie", text);
    }
  }

  /**
   * Takes a prefix off the path before a handler sees it. Go: {@code http.StripPrefix}.
   *
   * @param prefix for example {@code /static}, decoded
   * @param handler gets the rest; a path that does not begin so is answered with 404
   * @return the handler
   */
  public static Handler stripPrefix(String prefix, Handler handler) {
    return prefix.isEmpty() ? handler : new StripPrefix(prefix, handler);
  }

  /**
   * Limits how long a handler takes. Its response is held back until it returns; if it does not in
   * time it is answered with 503, the request's context ends, and further writes fail. Go: {@code
   * http.TimeoutHandler}.
   *
   * @param handler runs on a goroutine of its own; its writer can neither flush nor be hijacked
   * @param time how long
   * @param message the body of the 503; empty for a short page
   * @return the handler
   */
  public static Handler timeoutHandler(Handler handler, Duration time, String message) {
    return new TimeoutHandler(handler, time, message);
  }

  /**
   * Limits the bodies of requests. Go: {@code http.MaxBytesHandler}.
   *
   * @param handler reads through {@link #maxBytesReader}
   * @param maxBytes the most
   * @return the handler
   */
  public static Handler maxBytesHandler(Handler handler, long maxBytes) {
    return (w, r) ->
        handler.serveHttp(
            w,
            r.toBuilder().body(maxBytesReader(w, r.body(), maxBytes), r.contentLength()).build());
  }

  /**
   * Serves the files below a directory: Go's {@code http.FileServer} and {@code FileServerFS}. A
   * directory is answered with its {@code index.html}, or with a list of its files. Ranges and
   * conditional requests are understood. Usual is {@code Http.handle("GET /static/",
   * Http.stripPrefix("/static", Http.fileServer(root)))}.
   *
   * @param root a directory of any file system, a zip file's for example. Symbolic links in it are
   *     followed, and files whose names begin with a dot are served
   * @return the handler
   */
  public static Handler fileServer(Path root) {
    return new FileServer(root);
  }

  /**
   * Answers with one file, or with the index or the list of a directory. Go: {@code ServeFile}.
   *
   * @param w the response
   * @param r the request. If its path has an element {@code ..}, the answer is 400: the file may
   *     have been named by it
   * @param file what to send
   * @throws IOException if the client is gone
   */
  public static void serveFile(ResponseWriter w, Request r, Path file) throws IOException {
    for (String element : r.path().split("[/\\\\]", -1)) {
      if (element.equals("..")) {
        error(w, "invalid URL path", STATUS_BAD_REQUEST);
        return;
      }
    }
    try {
      FileServer.serve(w, r, file, r.path(), false);
    } catch (FileSystemException e) {
      FileServer.fail(w, e);
    }
  }

  /**
   * Answers with content that can be positioned, with ranges and conditional requests. An ETag in
   * the response's headers is compared with those of the request. Go: {@code ServeContent}.
   *
   * @param w the response
   * @param r the request
   * @param name for the media type, if none is set; need not be a file's
   * @param modified when it was changed; null if that is not known
   * @param content positioned at its beginning; the caller closes it. Large parts of a file go from
   *     the disk to the socket without being copied, unless there is TLS or another writer between
   * @throws IOException if the content cannot be read before the response has begun
   * @throws java.io.UncheckedIOException if it cannot be read afterwards, or the client is gone
   * @throws AbortHandlerException if it becomes shorter while it is sent
   */
  public static void serveContent(
      ResponseWriter w,
      Request r,
      String name,
      @Nullable Instant modified,
      SeekableByteChannel content)
      throws IOException {
    ServeContent.serve(w, r, name, modified, content);
  }

  /**
   * Limits a body. A read beyond the limit fails with {@link MaxBytesException}, and the connection
   * is closed after the response, so that the client need not be read out. Go: {@code
   * http.MaxBytesReader}.
   *
   * @param w the response, told of it
   * @param body what to limit
   * @param maxBytes the most
   * @return the limited body
   */
  public static InputStream maxBytesReader(ResponseWriter w, InputStream body, long maxBytes) {
    return new MaxBytesReader(w, body, Math.max(maxBytes, 0));
  }

  /**
   * Guesses a media type from the first 512 bytes. Go: {@code http.DetectContentType}.
   *
   * @param data the beginning of the content
   * @return {@code application/octet-stream} if nothing better is known
   */
  public static String detectContentType(byte[] data) {
    return new String(ContentSniffer.detect(data, 0, data.length), StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns the canonical form of a header name.
   *
   * @param name in any case
   * @return for example {@code Content-Type}; a name that is no token as it is
   */
  public static String canonicalHeaderKey(String name) {
    return HeaderText.canonicalName(name);
  }

  /**
   * Reads a time in one of the forms that HTTP allows.
   *
   * @param text a header's value
   * @return the time; null if it is none
   */
  public static @Nullable Instant parseTime(String text) {
    return HttpDate.parse(text);
  }

  /**
   * Returns the name of a status code.
   *
   * @param status a status code
   * @return for example {@code Not Found}; empty if the code has no name
   */
  public static String statusText(int status) {
    return StatusText.of(status);
  }
}
