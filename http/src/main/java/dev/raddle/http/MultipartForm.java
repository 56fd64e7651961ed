package dev.raddle.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A form of several parts, read to its end: Go's {@code multipart.Form}. */
public final class MultipartForm {
  private static final long VALUES_EXTRA_BYTES = 10 << 20; // Go's

  private final Values values = new Values();
  private final Map<String, List<FormFile>> files = new LinkedHashMap<>();
  private long memoryLeft;
  private long valuesLeft;

  private MultipartForm(long maxMemoryBytes) {
    memoryLeft = maxMemoryBytes;
    valuesLeft =
        maxMemoryBytes > Long.MAX_VALUE - VALUES_EXTRA_BYTES
            ? Long.MAX_VALUE
            : maxMemoryBytes + VALUES_EXTRA_BYTES;
  }

  static MultipartForm read(MultipartReader reader, long maxMemoryBytes) throws IOException {
    MultipartForm form = new MultipartForm(maxMemoryBytes);
    boolean complete = false;
    try {
      for (Part part = reader.nextPart(); part != null; part = reader.nextPart()) {
        if (!part.formName().isEmpty()) {
          form.add(part);
        }
      }
      complete = true;
      return form;
    } finally {
      if (!complete) {
        form.removeAll();
      }
    }
  }

  private void add(Part part) throws IOException {
    String name = part.formName();
    if (!part.fileName().isEmpty()) {
      files.computeIfAbsent(name, n -> new ArrayList<>(1)).add(file(part));
      return;
    }
    int most = (int) Math.min(valuesLeft - name.length(), Integer.MAX_VALUE - 16);
    byte[] value = most < 0 ? new byte[0] : part.body().readNBytes(most + 1);
    valuesLeft -= name.length() + value.length;
    if (valuesLeft < 0) {
      throw new FormException("multipart: message too large");
    }
    values.add(name, new String(value, StandardCharsets.UTF_8));
  }

  private FormFile file(Part part) throws IOException {
    InputStream body = part.body();
    ByteArrayOutputStream memory = new ByteArrayOutputStream();
    byte[] piece = new byte[8 << 10];
    while (true) {
      int n = body.read(piece);
      if (n < 0) {
        memoryLeft -= memory.size();
        return new FormFile(part, memory.toByteArray());
      }
      if (memory.size() + n > memoryLeft) {
        return onDisk(part, memory, piece, n);
      }
      memory.write(piece, 0, n);
    }
  }

  private static FormFile onDisk(Part part, ByteArrayOutputStream first, byte[] piece, int length)
      throws IOException {
    Path path = Files.createTempFile("multipart-", "");
    boolean complete = false;
    try (OutputStream out = Files.newOutputStream(path)) {
      first.writeTo(out);
      out.write(piece, 0, length);
      long size = first.size() + length + part.body().transferTo(out);
      complete = true;
      return new FormFile(part, path, size);
    } finally {
      if (!complete) {
        Files.deleteIfExists(path);
      }
    }
  }

  /**
   * Returns the fields that are no files.
   *
   * @return by name
   */
  public Values values() {
    return values;
  }

  /**
   * Returns a file.
   *
   * @param name of the form's field
   * @return the first one; null if there is none
   */
  public @Nullable FormFile file(String name) {
    List<FormFile> found = files.get(name);
    return found == null ? null : found.getFirst();
  }

  /**
   * Returns all files.
   *
   * @return by the names of the form's fields
   */
  public Map<String, List<FormFile>> files() {
    return Map.copyOf(files);
  }

  /** Removes temporary files. The server does it when the handler has returned. */
  public void removeAll() {
    files.values().forEach(list -> list.forEach(FormFile::remove));
  }
}
