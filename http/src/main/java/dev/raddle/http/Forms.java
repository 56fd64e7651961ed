package dev.raddle.http;

import dev.raddle.http.internal.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a request's query and body say as a form; read once, when it is asked for. */
final class Forms {
  private static final int MAX_BODY_BYTES = 10 << 20; // Go's, for a URL-encoded body
  private static final long MULTIPART_MEMORY_BYTES = 32 << 20; // Go's defaultMaxMemory

  private final Request request;
  private @Nullable Values all;
  private @Nullable Values posted;
  private @Nullable MultipartForm multipart;
  private boolean readerTaken;

  Forms(Request request) {
    this.request = request;
  }

  Values all() throws IOException {
    if (all != null) {
      return all;
    }
    IOException failure = null;
    try {
      posted();
    } catch (IOException e) {
      failure = e;
    }
    Values made = new Values();
    if (posted != null) {
      made.addAll(posted);
    }
    String wrong = made.addAll(request.rawQuery());
    all = made;
    if (failure != null) {
      throw failure;
    }
    if (wrong != null) {
      throw new FormException(wrong, null);
    }
    return made;
  }

  Values posted() throws IOException {
    if (posted != null) {
      return posted;
    }
    Values made = new Values();
    posted = made; // also if it fails: what was well formed
    MediaType type = type();
    if (!hasBodyMethod()) {
      return made;
    }
    if (type.is("application/x-www-form-urlencoded")) {
      readBody(made);
    } else if (type.is("multipart/form-data") && !readerTaken) {
      multipart(MULTIPART_MEMORY_BYTES);
    }
    return made;
  }

  private boolean hasBodyMethod() {
    return switch (request.method()) {
      case Http.METHOD_POST, Http.METHOD_PUT, Http.METHOD_PATCH -> true;
      default -> false;
    };
  }

  private void readBody(Values made) throws IOException {
    byte[] body = request.body().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new FormException("http: POST too large");
    }
    String wrong = made.addAll(new String(body, StandardCharsets.UTF_8));
    if (wrong != null) {
      throw new FormException(wrong, null);
    }
  }

  Values lenient(boolean postedOnly) {
    try {
      return postedOnly ? posted() : all();
    } catch (IOException e) {
      Values known = postedOnly ? posted : all;
      return known == null ? new Values() : known;
    }
  }

  MultipartForm multipart(long maxMemoryBytes) throws IOException {
    if (multipart != null) {
      return multipart;
    }
    MultipartForm form = reader().readForm(maxMemoryBytes);
    multipart = form;
    Values values = posted == null ? new Values() : posted;
    values.addAll(form.values());
    posted = values;
    if (all != null) {
      all.addAll(form.values());
    }
    return form;
  }

  MultipartReader reader() throws FormException {
    MediaType type = type();
    if (!type.is("multipart/form-data") && !type.is("multipart/mixed")) {
      throw new FormException("request Content-Type isn't multipart/form-data", null);
    }
    String boundary = type.parameter("boundary");
    if (boundary.isEmpty()) {
      throw new FormException("no multipart boundary param in Content-Type", null);
    }
    if (readerTaken) {
      throw new FormException("http: multipart handled by multipartReader", null);
    }
    readerTaken = true;
    return new MultipartReader(request.body(), boundary);
  }

  private MediaType type() throws FormException {
    try {
      return MediaType.parse(request.header("Content-Type"));
    } catch (IllegalArgumentException e) {
      throw new FormException(String.valueOf(e.getMessage()), e);
    }
  }

  void cleanUp() {
    if (multipart != null) {
      multipart.removeAll();
    }
  }
}
