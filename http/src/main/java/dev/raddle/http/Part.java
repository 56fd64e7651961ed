package dev.raddle.http;

import dev.raddle.http.internal.MediaType;
import java.io.InputStream;

/** One part of a body of several: Go's {@code multipart.Part}. */
public final class Part {
  private final Headers headers;
  private final InputStream body;
  private final MediaType disposition;

  Part(Headers headers, InputStream body) {
    this.headers = headers;
    this.body = body;
    disposition = disposition(headers.get("Content-Disposition"));
  }

  private static MediaType disposition(String header) {
    try {
      return MediaType.parse(header);
    } catch (IllegalArgumentException e) {
      return MediaType.parse("");
    }
  }

  /**
   * Returns the part's own header lines.
   *
   * @return the lines
   */
  public Headers headers() {
    return headers;
  }

  /**
   * Returns the name of the form's field.
   *
   * @return empty if it has none
   */
  public String formName() {
    return disposition.is("form-data") ? disposition.parameter("name") : "";
  }

  /**
   * Returns the name of the file, without directories, which a client could use to get out of where
   * it is stored.
   *
   * @return empty if this is no file
   */
  public String fileName() {
    String name = disposition.parameter("filename");
    int slash = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
    return name.substring(slash + 1);
  }

  /**
   * Returns the content.
   *
   * @return to be read before the next part is asked for
   */
  public InputStream body() {
    return body;
  }
}
