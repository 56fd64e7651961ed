/** TLS by BoringSSL, from Netty's tcnative: a full handshake takes less than half of the JDK's. */
@NullMarked
package dev.raddle.boringssl;

import org.jspecify.annotations.NullMarked;
