package dev.raddle.http;

import dev.raddle.http.internal.MediaTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Sends content that can be positioned, or the ranges of it that were asked for. */
final class ServeContent {
  private static final int PIECE_BYTES = 32 << 10;
  private static final int SNIFFED_BYTES = 512;

  private ServeContent() {}

  static void serve(
      ResponseWriter w,
      Request r,
      String name,
      @Nullable Instant modified,
      SeekableByteChannel content)
      throws IOException {
    Conditions.setLastModified(w, modified);
    if (Conditions.answered(w, r, modified)) {
      return;
    }
    Headers headers = w.header();
    long size = content.size();
    if (!headers.contains("Content-Type")) {
      headers.set("Content-Type", type(name, content));
    }
    List<Ranges.Range> ranges;
    try {
      boolean counts = Conditions.rangeCounts(w, r, modified);
      ranges = Ranges.parse(counts ? r.header("Range") : "", size);
    } catch (Ranges.UnsatisfiableException e) {
      if (e.noOverlap && size == 0) {
        ranges = List.of(); // some clients always ask for a range
      } else {
        if (e.noOverlap) {
          headers.set("Content-Range", "bytes */" + size);
        }
        error(w, String.valueOf(e.getMessage()), Http.STATUS_REQUESTED_RANGE_NOT_SATISFIABLE);
        return;
      }
    }
    if (ranges.stream().mapToLong(Ranges.Range::length).sum() > size) {
      ranges = List.of(); // more than the whole: an attack, or a foolish client
    }
    headers.set("Accept-Ranges", "bytes");
    boolean wantsBody = !r.method().equals(Http.METHOD_HEAD);
    if (ranges.size() > 1) {
      sendParts(w, content, ranges, size, wantsBody);
      return;
    }
    Ranges.Range range = ranges.isEmpty() ? new Ranges.Range(0, size) : ranges.getFirst();
    if (!ranges.isEmpty()) {
      headers.set("Content-Range", range.contentRange(size));
    }
    if (!ranges.isEmpty() || headers.get("Content-Encoding").isEmpty()) {
      headers.set("Content-Length", Long.toString(range.length()));
    }
    w.writeHeader(ranges.isEmpty() ? Http.STATUS_OK : Http.STATUS_PARTIAL_CONTENT);
    if (wantsBody) {
      copy(w, content, range);
    }
  }

  private static String type(String name, SeekableByteChannel content) throws IOException {
    String byName = MediaTypes.byExtension(name);
    if (!byName.isEmpty()) {
      return byName;
    }
    ByteBuffer first = ByteBuffer.allocate(SNIFFED_BYTES);
    int n = 0;
    while (first.hasRemaining() && n >= 0) {
      n = content.read(first);
    }
    content.position(0);
    byte[] bytes = new byte[first.flip().remaining()];
    first.get(bytes);
    return Http.detectContentType(bytes);
  }

  private static void sendParts(
      ResponseWriter w,
      SeekableByteChannel content,
      List<Ranges.Range> ranges,
      long size,
      boolean wantsBody) {
    Headers headers = w.header();
    String type = headers.get("Content-Type");
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String boundary = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    headers.set("Content-Type", "multipart/byteranges; boundary=" + boundary);
    byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    long length = end.length;
    for (int i = 0; i < ranges.size(); i++) {
      length += partHead(boundary, i, type, ranges.get(i), size).length + ranges.get(i).length();
    }
    headers.set("Content-Length", Long.toString(length));
    w.writeHeader(Http.STATUS_PARTIAL_CONTENT);
    if (!wantsBody) {
      return;
    }
    for (int i = 0; i < ranges.size(); i++) {
      w.write(partHead(boundary, i, type, ranges.get(i), size));
      copy(w, content, ranges.get(i));
    }
    w.write(end);
  }

  private static byte[] partHead(
      String boundary, int index, String type, Ranges.Range range, long size) {
    String text =
        (index == 0 ? "" : "\r\n")
            + ("--" + boundary + "\r\nContent-Range: " + range.contentRange(size))
            + ("\r\nContent-Type: " + type + "\r\n\r\n");
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Sends a range, large ones of files without copying them. The response has begun: whoever
   * catches an IOException would take it for one that came before, so this throws others.
   */
  private static void copy(ResponseWriter w, SeekableByteChannel content, Ranges.Range range) {
    long left = range.length();
    if (left > PIECE_BYTES
        && content instanceof FileChannel file
        && w instanceof ServerResponse response
        && response.sendFile(file, range.start(), left)) {
      return;
    }
    byte[] piece = new byte[(int) Math.min(PIECE_BYTES, left)];
    try {
      content.position(range.start());
      while (left > 0) {
        int n = content.read(ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, left)));
        if (n < 0) {
          throw new AbortHandlerException(); // it has become shorter; Go closes without a word, too
        }
        w.write(piece, 0, n);
        left -= n;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("content cannot be read", e);
    }
  }

  /** As {@link Http#error}, without what the content would have said of itself. */
  static void error(ResponseWriter w, String message, int status) {
    Headers headers = w.header();
    headers.del("Cache-Control");
    headers.del("Content-Encoding");
    headers.del("Etag");
    headers.del("Last-Modified");
    Http.error(w, message, status);
  }
}
