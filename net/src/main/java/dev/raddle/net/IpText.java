package dev.raddle.net;

import java.net.Inet6Address;
import java.net.InetAddress;

/** IP addresses as text, in the short form of RFC 5952 that Go prints. */
final class IpText {
  private IpText() {}

  static String of(InetAddress ip) {
    byte[] b = ip.getAddress();
    StringBuilder text = new StringBuilder(40);
    if (b.length == 4) {
      for (int i = 0; i < 4; i++) {
        text.append(i == 0 ? "" : ".").append(b[i] & 0xff);
      }
      return text.toString();
    }
    int zeros = longestZeroRun(b);
    int skip = zeros >> 4;
    int skipped = zeros & 15;
    for (int i = 0; i < 8; i++) {
      if (skipped > 1 && i == skip) {
        text.append("::");
        i += skipped - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(b, i)));
    }
    int scope = ip instanceof Inet6Address six ? six.getScopeId() : 0;
    if (scope != 0) {
      text.append('%').append(scope);
    }
    return text.toString();
  }

  /** First longest run of zero groups: start in the high bits, length in the low four. */
  private static int longestZeroRun(byte[] b) {
    int best = 0;
    int length = 0;
    for (int i = 0; i <= 8; i++) {
      if (i < 8 && group(b, i) == 0) {
        length++;
      } else {
        if (length > (best & 15)) {
          best = (i - length) << 4 | length;
        }
        length = 0;
      }
    }
    return best;
  }

  private static int group(byte[] b, int i) {
    return (b[2 * i] & 0xff) << 8 | (b[2 * i + 1] & 0xff);
  }
}
