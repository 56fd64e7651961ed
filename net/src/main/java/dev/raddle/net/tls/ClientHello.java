package dev.raddle.net.tls;

/**
 * What is known about a client when a certificate is chosen for it: a part of Go's {@code
 * tls.ClientHelloInfo}.
 *
 * @param serverName the name that the client asks for (SNI), in lower case; empty if it names none
 * @param keyType the kind of key that the handshake could use, in the JDK's words, for example
 *     {@code EC} or {@code RSA}
 */
public record ClientHello(String serverName, String keyType) {}
