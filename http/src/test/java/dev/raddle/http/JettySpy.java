package dev.raddle.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;

/**
 * What Jetty's parser, as its users have it (RFC 9110 mode; ours runs the strict one), takes the
 * bytes of a connection for.
 */
final class JettySpy implements HttpParser.RequestHandler {
  private static final int MAX_HEAD_BYTES = (1 << 20) + 4096; // as our server's default

  private final List<String> seen = new ArrayList<>();
  private final CRC32 crc = new CRC32();
  private String request = "";
  private boolean headComplete;
  private boolean persistent;
  private boolean complete;
  private boolean ended;
  private long length;

  private JettySpy() {}

  /** An entry for each request, as {@link DifferentialTest} has them. */
  static List<String> seen(String bytes) {
    JettySpy spy = new JettySpy();
    HttpParser parser = new HttpParser(spy, MAX_HEAD_BYTES, HttpCompliance.RFC9110);
    ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
    boolean more = true;
    while (more && !spy.ended) {
      int before = buffer.remaining();
      parser.parseNext(buffer);
      more = buffer.hasRemaining() && (buffer.remaining() < before || spy.complete);
      if (spy.complete && !spy.ended) {
        spy.complete = false;
        parser.reset();
      }
    }
    if (!spy.ended) {
      parser.atEOF();
      parser.parseNext(buffer);
    }
    return spy.seen;
  }

  private void answer(String entry) {
    if (!ended) {
      seen.add(entry);
    }
  }

  @Override
  public void startRequest(String method, String target, HttpVersion version) {
    request = method + " " + target;
    headComplete = false;
    persistent = version == HttpVersion.HTTP_1_1;
    length = 0;
    crc.reset();
    if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
      answer("5");
      ended = true;
    }
  }

  @Override
  public void parsedHeader(HttpField field) {
    if (field.getHeader() == HttpHeader.CONNECTION) {
      String value = field.getValue().toLowerCase(Locale.ROOT);
      persistent = !value.contains("close") && (persistent || value.contains("keep-alive"));
    }
    if (field.getHeader() == HttpHeader.EXPECT
        && !"100-continue".equalsIgnoreCase(field.getValue())) {
      answer("4"); // Jetty's server, above the parser
      ended = true;
    }
  }

  @Override
  public boolean headerComplete() {
    headComplete = true;
    return false;
  }

  @Override
  public boolean content(ByteBuffer content) {
    length += content.remaining();
    crc.update(content);
    return false;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public boolean messageComplete() {
    answer("2 " + request + " " + length + ":" + Long.toHexString(crc.getValue()));
    complete = true;
    headComplete = false;
    ended |= !persistent || request.startsWith("CONNECT ");
    return true;
  }

  @Override
  public void badMessage(HttpException failure) {
    answer(String.valueOf(failure.getCode() / 100));
    ended = true;
  }

  @Override
  public void earlyEOF() {
    if (headComplete) {
      answer("4"); // the handler's, who cannot read the body
    }
    ended = true;
  }
}
