package dev.raddle.http.internal;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** What Go answers to what Jetty's parser refuses. */
final class JettyFailure {
  private JettyFailure() {}

  static BadRequest toBadRequest(HttpException e) {
    @Nullable String reason = e.getReason();
    return switch (e.getCode()) {
      // Go has one limit and one answer for the request line and the header lines together.
      case 414, 431 -> new BadRequest(431, "");
      case 505 ->
          HttpCompliance.Violation.HTTP_0_9.getDescription().equals(reason)
              ? new BadRequest(400, "") // a request line without a version
              : new BadRequest(505, "unsupported protocol version");
      default -> new BadRequest(400, detail(reason));
    };
  }

  private static String detail(@Nullable String reason) {
    if (reason == null) {
      return "";
    }
    return switch (reason) {
      case "No Host" -> "missing required Host header";
      case "Bad HostPort" -> "malformed Host header";
      default -> "";
    };
  }
}
