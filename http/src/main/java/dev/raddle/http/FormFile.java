package dev.raddle.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of a {@link MultipartForm}: Go's {@code multipart.FileHeader}. */
public final class FormFile {
  private final String name;
  private final Headers headers;
  private final long size;
  private final byte @Nullable [] content;
  private final @Nullable Path path;

  FormFile(Part part, byte[] content) {
    name = part.fileName();
    headers = part.headers();
    size = content.length;
    this.content = content;
    path = null;
  }

  FormFile(Part part, Path path, long size) {
    name = part.fileName();
    headers = part.headers();
    this.size = size;
    content = null;
    this.path = path;
  }

  /**
   * Returns the name that the client gave, without directories.
   *
   * @return not empty
   */
  public String fileName() {
    return name;
  }

  /**
   * Returns the header lines of the part.
   *
   * @return the lines
   */
  public Headers headers() {
    return headers;
  }

  /**
   * Returns how long the file is.
   *
   * @return in bytes
   */
  public long size() {
    return size;
  }

  /**
   * Opens the file.
   *
   * @return the content; the caller closes it
   * @throws IOException if it has been removed, because the handler has returned
   */
  public InputStream open() throws IOException {
    if (content != null) {
      return new ByteArrayInputStream(content);
    }
    if (path == null) {
      throw new IOException("file of a form: expected content, found none");
    }
    return Files.newInputStream(path);
  }

  boolean isOnDisk() {
    return path != null;
  }

  void remove() {
    if (path != null) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        path.toFile().deleteOnExit();
      }
    }
  }
}
