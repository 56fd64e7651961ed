package dev.raddle.http;

import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.Target;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.ConnectionState;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link Request} is made of. Shared by nobody but a request and its builder. */
final class RequestParts {
  String method = Http.METHOD_GET;
  Target target = Target.NONE;
  String requestUri = "";
  String host = "";
  boolean http11 = true;
  boolean http2;
  Headers headers = new Headers();
  Headers trailer = new Headers();
  InputStream body = InputStream.nullInputStream();
  long contentLength;

  /** Gives the body anew, for a redirect or another try; null if it can be read but once. */
  @Nullable BodySource bodySource;

  @Nullable InterimListener interim;
  @Nullable ConnectionState tls;
  @Nullable Map<String, String> pathValues;
  private @Nullable InetSocketAddress remote;
  private @Nullable String remoteText;

  RequestParts() {}

  RequestParts(RequestHead head, Target target, InetSocketAddress remote, RequestBody body) {
    this.target = target;
    this.remote = remote;
    this.body = body;
    method = head.method;
    requestUri = head.target;
    host = target.host().isEmpty() ? head.host : target.host();
    http11 = head.http11;
    http2 = head.http2;
    headers = new Headers(head.lines(), head.size());
    contentLength = head.contentLength;
    trailer = body.trailer();
  }

  RequestParts copy() {
    RequestParts copy = new RequestParts();
    copy.method = method;
    copy.target = target;
    copy.requestUri = requestUri;
    copy.host = host;
    copy.http11 = http11;
    copy.http2 = http2;
    copy.headers = headers.copy();
    copy.trailer = trailer;
    copy.body = body;
    copy.contentLength = contentLength;
    copy.bodySource = bodySource;
    copy.interim = interim;
    copy.pathValues = pathValues == null ? null : new HashMap<>(pathValues);
    copy.tls = tls;
    copy.remote = remote;
    copy.remoteText = remoteText;
    return copy;
  }

  String remoteAddress() {
    if (remoteText == null) {
      remoteText = remote == null ? "" : HostPort.of(remote).toString();
    }
    return remoteText;
  }

  void setRemoteAddress(String text) {
    remoteText = text;
  }

  void setPathValue(String name, String value) {
    if (pathValues == null) {
      pathValues = new HashMap<>();
    }
    pathValues.put(name, value);
  }
}
