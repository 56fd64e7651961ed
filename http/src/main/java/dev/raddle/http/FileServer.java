package dev.raddle.http;

import dev.raddle.http.internal.Escapes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files below a directory, of the disk or of any {@link java.nio.file.FileSystem}: Go's
 * {@code http.FileServer}. Symbolic links are followed, as by Go.
 */
final class FileServer implements Handler {
  private static final String INDEX = "index.html";

  private final Path root;

  FileServer(Path root) {
    this.root = root;
  }

  @Override
  public void serveHttp(ResponseWriter w, Request r) throws IOException {
    String path = r.path().startsWith("/") ? r.path() : "/" + r.path();
    if (r.path().endsWith("/" + INDEX)) {
      redirect(w, r, "./"); // relative: a prefix may have been stripped
      return;
    }
    Path file = resolve(path);
    if (file == null) {
      Http.notFound(w, r);
      return;
    }
    try {
      serve(w, r, file, path, true);
    } catch (IOException e) {
      fail(w, e);
    }
  }

  /** Serves one file; used by {@link Http#serveFile}, which redirects less. */
  static void serve(ResponseWriter w, Request r, Path file, String path, boolean canonical)
      throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    String escaped = r.escapedPath();
    if (attributes.isDirectory()) {
      if (!path.endsWith("/")) {
        redirect(w, r, base(escaped) + "/");
        return;
      }
      Path index = file.resolve(INDEX);
      if (Files.isRegularFile(index)) {
        content(w, r, index, Files.readAttributes(index, BasicFileAttributes.class));
      } else if (Conditions.notModified(w, r, modified(attributes))) {
        return;
      } else {
        list(w, file);
      }
      return;
    }
    if (canonical && path.endsWith("/")) {
      String base = base(escaped.substring(0, Math.max(escaped.length() - 1, 0)));
      if (base.isEmpty()) { // the root is a file
        ServeContent.error(
            w, "http: attempting to traverse a non-directory", Http.STATUS_INTERNAL_SERVER_ERROR);
      } else {
        redirect(w, r, "../" + base);
      }
      return;
    }
    content(w, r, file, attributes);
  }

  private static void content(
      ResponseWriter w, Request r, Path file, BasicFileAttributes attributes) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      Path name = file.getFileName();
      ServeContent.serve(w, r, name == null ? "" : name.toString(), modified(attributes), channel);
    }
  }

  private static @Nullable Instant modified(BasicFileAttributes attributes) {
    Instant time = attributes.lastModifiedTime().toInstant();
    return time.getEpochSecond() == 0 ? null : time;
  }

  /** Null if no file can have that name. Elements that lead upwards are resolved first. */
  private @Nullable Path resolve(String path) {
    String clean = Paths.clean(path);
    if (clean.indexOf('\0') >= 0) {
      return null;
    }
    String separator = root.getFileSystem().getSeparator();
    Path file = root;
    try {
      for (String element : clean.split("/", -1)) {
        if (!separator.equals("/") && element.contains(separator)) {
          return null;
        }
        if (!element.isEmpty()) {
          file = file.resolve(element);
        }
      }
    } catch (InvalidPathException e) {
      return null;
    }
    return file;
  }

  static void fail(ResponseWriter w, IOException e) {
    if (e instanceof NoSuchFileException
        || e instanceof NotDirectoryException
        || isNoDirectory(e)) {
      ServeContent.error(w, "404 page not found", Http.STATUS_NOT_FOUND);
    } else if (e instanceof AccessDeniedException) {
      ServeContent.error(w, "403 Forbidden", Http.STATUS_FORBIDDEN);
    } else {
      ServeContent.error(w, "500 Internal Server Error", Http.STATUS_INTERNAL_SERVER_ERROR);
    }
  }

  /** A file where a directory was expected: the JDK has only the system's words for it. */
  private static boolean isNoDirectory(IOException e) {
    return String.valueOf(e.getMessage()).endsWith("Not a directory");
  }

  private static String base(String escapedPath) {
    return escapedPath.substring(escapedPath.lastIndexOf('/') + 1);
  }

  private static void redirect(ResponseWriter w, Request r, String relative) {
    String query = r.rawQuery().isEmpty() ? "" : "?" + r.rawQuery();
    w.header().set("Location", relative + query);
    w.writeHeader(Http.STATUS_MOVED_PERMANENTLY);
  }

  private static void list(ResponseWriter w, Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> names.add(file.getFileName() + (Files.isDirectory(file) ? "/" : "")));
    }
    Collections.sort(names);
    w.header().set("Content-Type", "text/html; charset=utf-8");
    StringBuilder page =
        new StringBuilder(
            "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n");
    for (String name : names) {
      String url = Escapes.encodePath(name);
      if (name.indexOf(':') >= 0) {
        url = "./" + url; // else it would read as a scheme
      }
      page.append("<a href=\"").append(Redirect.html(url)).append("\">");
      page.append(Redirect.html(name)).append("</a>\n");
    }
    w.write(page.append("</pre>\n").toString());
  }
}
