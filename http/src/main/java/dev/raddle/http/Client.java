package dev.raddle.http;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.internal.Escapes;
import dev.raddle.http.internal.Target;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, follows redirects, keeps cookies, and gives up after a time: Go's {@code
 * http.Client}. Any number of goroutines may use one.
 *
 * <pre>{@code
 * try (Response response = Http.get("http://localhost:8080/hello")) {
 *   String text = response.text();
 * }
 * }</pre>
 */
public final class Client {
  /** What {@link Http#get} and its like use. */
  static final Client DEFAULT = builder().build();

  private final RoundTripper transport;
  private final long timeoutNanos;
  private final @Nullable CookieHandler cookies;
  private final RedirectPolicy redirects;

  /** Decides about redirects: Go's {@code CheckRedirect}. */
  @FunctionalInterface
  public interface RedirectPolicy {
    /**
     * Looks at a redirect.
     *
     * @param next what would be sent
     * @param past what has been sent, the first one first
     * @return false to return the redirect itself as the response (Go: ErrUseLastResponse)
     * @throws IOException fails the request
     */
    boolean follow(Request next, List<Request> past) throws IOException;
  }

  /** Describes a client. */
  public static final class Builder {
    private static final int MAX_REDIRECTS = 10;

    private @Nullable RoundTripper transport;
    private long timeoutNanos;
    private @Nullable CookieHandler cookies;
    private RedirectPolicy redirects =
        (next, past) -> {
          if (past.size() >= MAX_REDIRECTS) {
            throw new IOException("stopped after 10 redirects");
          }
          return true;
        };

    private Builder() {}

    /**
     * Sets what sends single requests. The default is one that all clients share.
     *
     * @param newTransport usually a {@link Transport}
     * @return this builder
     */
    public Builder transport(RoundTripper newTransport) {
      transport = newTransport;
      return this;
    }

    /**
     * Sets how long a request may take, redirects and reading the body included.
     *
     * @param time zero, the default, for no limit
     * @return this builder
     */
    public Builder timeout(Duration time) {
      timeoutNanos = time.toNanos();
      return this;
    }

    /**
     * Sets what keeps cookies: Go's {@code Jar}. There is none by default.
     *
     * @param jar for example a {@link java.net.CookieManager}
     * @return this builder
     */
    public Builder cookies(CookieHandler jar) {
      cookies = jar;
      return this;
    }

    /**
     * Sets what decides about redirects. The default follows ten of them.
     *
     * @param policy asked before each
     * @return this builder
     */
    public Builder redirects(RedirectPolicy policy) {
      redirects = policy;
      return this;
    }

    /**
     * Makes the client.
     *
     * @return the client
     */
    public Client build() {
      return new Client(this);
    }
  }

  private static final class SharedTransport {
    static final Transport INSTANCE = Transport.builder().build();
  }

  private Client(Builder builder) {
    RoundTripper given = builder.transport;
    transport = given != null ? given : r -> SharedTransport.INSTANCE.roundTrip(r);
    timeoutNanos = builder.timeoutNanos;
    cookies = builder.cookies;
    redirects = builder.redirects;
  }

  /**
   * Starts a description of a client.
   *
   * @return a builder with Go's defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends a request, and others if the server redirects. Go: {@code Client.Do}.
   *
   * @param request for an absolute URL
   * @return the response, of any status; the caller closes it
   * @throws SocketTimeoutException if it takes longer than this client's timeout
   * @throws IOException if there is no response, or too many redirects
   */
  public Response send(Request request) throws IOException {
    if (!request.requestUri().isEmpty()) {
      throw new IOException("http: Request.RequestURI can't be set in client requests");
    }
    if (timeoutNanos <= 0) {
      return follow(request);
    }
    CancelContext limited = request.context().withTimeout(Duration.ofNanos(timeoutNanos));
    boolean answered = false;
    try {
      Response response = follow(request.toBuilder().context(limited).build());
      answered = true;
      return response.withBody(new LimitedBody(response, limited));
    } catch (IOException e) {
      throw late(e, limited, request.context(), "while awaiting headers");
    } finally {
      if (!answered) {
        limited.close();
      }
    }
  }

  private static IOException late(IOException e, Context limited, Context own, String when) {
    if (limited.err() == null || own.err() != null) {
      return e;
    }
    SocketTimeoutException timeout =
        new SocketTimeoutException(
            "context deadline exceeded (Client.Timeout exceeded " + when + ")");
    timeout.initCause(e);
    return timeout;
  }

  private Response follow(Request first) throws IOException {
    List<Request> past = new ArrayList<>();
    Set<String> set = new HashSet<>(); // cookies that the jar knows better now than the caller
    Request request = withUserInfo(first);
    while (true) {
      Response response = sendOne(request);
      past.add(request);
      if (cookies != null) {
        response.cookies().forEach(cookie -> set.add(cookie.name()));
      }
      Request next = nextOrClose(past, response, set);
      if (next == null) {
        return response;
      }
      if (response.contentLength() >= 0 && response.contentLength() <= 2 << 10) {
        response.text(); // little enough to keep the connection
      }
      response.close();
      request = next;
    }
  }

  /** What to send instead, null if nothing. Whatever goes wrong, the response does not leak. */
  private @Nullable Request nextOrClose(List<Request> past, Response response, Set<String> set)
      throws IOException {
    boolean decided = false;
    try {
      Request next = Redirection.next(past, response, set);
      boolean follows = next != null && redirects.follow(next, past);
      decided = true;
      return follows ? next : null;
    } finally {
      if (!decided) {
        response.close();
      }
    }
  }

  private static Request withUserInfo(Request request) {
    String userInfo = request.parts.target.userInfo();
    if (userInfo.isEmpty() || request.headers().contains("Authorization")) {
      return request;
    }
    int colon = userInfo.indexOf(':');
    return request.toBuilder()
        .basicAuth(
            decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
            colon < 0 ? "" : decode(userInfo.substring(colon + 1)))
        .build();
  }

  private static String decode(String text) {
    String decoded = Escapes.path(text);
    return decoded == null ? text : decoded;
  }

  private Response sendOne(Request request) throws IOException {
    CookieHandler jar = cookies;
    if (jar == null) {
      return transport.roundTrip(request);
    }
    URI uri = uri(request);
    RequestBuilder builder = request.toBuilder();
    for (List<String> values : jar.get(uri, Map.of()).values()) {
      for (String value : values) {
        String known = builder.headers().get("Cookie");
        builder.header("Cookie", known.isEmpty() ? value : known + "; " + value);
      }
    }
    Response response = transport.roundTrip(builder.build());
    Map<String, List<String>> set = new HashMap<>();
    set.put("Set-Cookie", response.headers().values("Set-Cookie"));
    boolean kept = false;
    try {
      jar.put(uri, set);
      kept = true;
    } finally {
      if (!kept) {
        response.close();
      }
    }
    return response;
  }

  /** Whose cookies are meant: those of the host that the request asks for, wherever it is sent. */
  private static URI uri(Request request) throws IOException {
    Target target = request.parts.target;
    String url = request.url();
    if (!request.host().isEmpty() && !request.host().equals(target.host())) {
      int path = target.scheme().length() + "://".length() + target.host().length();
      url = target.scheme() + "://" + request.host() + url.substring(path);
    }
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IOException("invalid URL " + url, e);
    }
  }

  /** A body that ends the context of its request, and is ended by it. */
  private static final class LimitedBody extends FilterInputStream {
    private final CancelContext limited;

    LimitedBody(Response response, CancelContext limited) {
      super(response.body());
      this.limited = limited;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int n = in.read(target, offset, length);
        if (n < 0) {
          limited.close();
        }
        return n;
      } catch (IOException e) {
        throw late(e, limited, Context.background(), "while reading body");
      }
    }

    @Override
    public void close() throws IOException {
      limited.close();
      in.close();
    }
  }
}
