package dev.raddle.net.tls;

/** What a server wants to know about a client: Go's {@code tls.ClientAuthType}. */
public enum ClientAuth {
  /** Does not ask for a certificate. The default. */
  NO_CLIENT_CERT,
  /** Asks, and takes none or any; who uses it verifies it. */
  REQUEST_CLIENT_CERT,
  /** Takes any one, but there must be one; who uses it verifies it. */
  REQUIRE_ANY_CLIENT_CERT,
  /** Takes none, or one that the configured roots vouch for. */
  VERIFY_CLIENT_CERT_IF_GIVEN,
  /** There must be one that the configured roots vouch for: mutual TLS. */
  REQUIRE_AND_VERIFY_CLIENT_CERT;

  boolean verifies() {
    return this == VERIFY_CLIENT_CERT_IF_GIVEN || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
  }

  boolean requires() {
    return this == REQUIRE_ANY_CLIENT_CERT || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
  }
}
