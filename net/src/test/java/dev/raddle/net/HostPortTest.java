package dev.raddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's net.SplitHostPort and net.JoinHostPort (ipsock_test.go). */
class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:http, localhost, http",
    "127.0.0.1:80, 127.0.0.1, 80",
    "[::1]:80, ::1, 80",
    "[fe80::1%lo0]:80, fe80::1%lo0, 80",
    ":80, '', 80",
    ":, '', ''",
    "golang.org:, golang.org, ''",
  })
  void splitsWhatGoSplits(String address, String host, String port) throws Exception {
    assertEquals(new HostPort(host, port), HostPort.parse(address));
  }

  @ParameterizedTest
  @CsvSource({
    "8080, missing port in address",
    "'', missing port in address",
    "golang.org, missing port in address",
    "[::1], missing port in address",
    "[::1, missing ']' in address",
    "::1, too many colons in address",
    "[::1]:80:90, too many colons in address",
    "[::1]a:80, missing port in address",
    "a]b:80, unexpected ']' in address",
    "a[b:80, unexpected '[' in address",
    "[a[b]:80, unexpected '[' in address",
  })
  void refusesInGosWordsAndSaysWhatWasExpected(String address, String words) {
    NetException e = assertThrows(NetException.class, () -> HostPort.parse(address));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(words), message);
    assertTrue(message.contains("expected host:port or :port, found "), message);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:80",
    "0:0:0:0:0:0:0:0, [::]:80",
    "0:0:0:0:0:0:0:1, [::1]:80",
    "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
    "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
    "1:0:0:0:0:0:0:0, [1::]:80",
  })
  void printsAddressesAsGoDoes(String ip, String text) throws Exception {
    assertEquals(
        text, HostPort.of(new InetSocketAddress(InetAddress.getByName(ip), 80)).toString());
  }
}
