package dev.raddle.net.tls;

/** A version of the protocol. Older ones are not spoken. */
public enum TlsVersion {
  /** RFC 5246. The oldest one that is spoken unless told otherwise, as in Go. */
  TLS_1_2("TLSv1.2"),
  /** RFC 8446. */
  TLS_1_3("TLSv1.3");

  private final String protocol;

  TlsVersion(String protocol) {
    this.protocol = protocol;
  }

  String protocol() {
    return protocol;
  }
}
