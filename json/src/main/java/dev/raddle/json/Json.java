package dev.raddle.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.raddle.http.Http;
import dev.raddle.http.MaxBytesException;
import dev.raddle.http.Request;
import dev.raddle.http.RequestBuilder;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseWriter;
import dev.raddle.http.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes values as JSON, by Jackson. It never changes, and any number of goroutines may
 * use one.
 *
 * <pre>{@code
 * static final Json JSON = Json.strict();
 *
 * record Order(String item, int quantity) {}
 *
 * mux.handle("POST /orders", (w, r) -> {
 *   Order order = JSON.read(w, r, Order.class);
 *   JSON.write(w, Http.STATUS_CREATED, Map.of("id", store(order)));
 * });
 * }</pre>
 *
 * <p><b>What is refused.</b> A request is refused by a {@link StatusException}, which answers by
 * itself if the handler lets it pass: 415 if the body is not announced as JSON, 413 if it is longer
 * than {@link #maxBytes}, and 400 with what was expected, what was found and where, if it is no
 * JSON, not the JSON that makes the value, or if something follows it. {@link #strict} also refuses
 * fields that the type does not have, fields that are there twice, missing or null primitive
 * values, and what would have to be converted, such as {@code "5"} or {@code 5.5} for an {@code
 * int}, or {@code 5} for a string.
 *
 * <p><b>Modules.</b> Jackson reflects on the types: in a named module their package is opened to
 * {@code com.fasterxml.jackson.databind}.
 */
public final class Json {
  private static final long DEFAULT_MAX_BYTES = 1 << 20;
  private static final String TYPE = "application/json";

  private static final Json STRICT =
      of(
          JsonMapper.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
              .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
              .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
              .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
              .withCoercionConfig(LogicalType.Textual, Json::noConversion)
              .build());

  private final ObjectMapper mapper;
  private final ObjectReader reader; // the mapper's, of no type yet
  private final long maxBytes;

  private Json(ObjectMapper mapper, ObjectReader reader, long maxBytes) {
    this.mapper = mapper;
    this.reader = reader;
    this.maxBytes = maxBytes;
  }

  private static void noConversion(MutableCoercionConfig strings) {
    strings
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /**
   * Takes the values of an array one by one.
   *
   * @param <T> what they are
   * @param <E> what it may throw
   */
  @FunctionalInterface
  public interface Taker<T, E extends Exception> {
    /**
     * Takes one. The next one is read when it returns.
     *
     * @param value never null
     * @throws E ends the reading
     */
    void take(T value) throws E;
  }

  /**
   * Returns what reads strictly, with a mapper of its own that has no modules.
   *
   * @return always the same
   */
  public static Json strict() {
    return STRICT;
  }

  /**
   * Uses a mapper of the caller's, for its modules and settings, such as those for {@code
   * java.time}.
   *
   * @param mapper not to be configured any more
   * @return what reads as that mapper does, but that it refuses unknown fields and whatever follows
   *     a value
   */
  public static Json of(ObjectMapper mapper) {
    ObjectReader reader =
        mapper
            .reader()
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // a reader of arrays goes on
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return new Json(mapper, reader, DEFAULT_MAX_BYTES);
  }

  /**
   * Sets how long the body of a request may be.
   *
   * @param bytes the default is 1 MB; not negative
   * @return the same with another limit
   */
  public Json maxBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("maxBytes: expected 0 or more, found " + bytes);
    }
    return new Json(mapper, reader, bytes);
  }

  /**
   * Skips fields that the type does not have. Go's decoder does so unless told otherwise.
   *
   * @return the same, less strict
   */
  public Json allowUnknownFields() {
    return new Json(
        mapper, reader.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES), maxBytes);
  }

  // ---- requests ----

  /**
   * Reads the body of a request, waiting for it. The body is used up.
   *
   * @param <T> the value's type
   * @param w the response, told of a body that is too long
   * @param r the request
   * @param type a record, for example
   * @return the value
   * @throws StatusException if the request is to be refused, see above
   * @throws IOException if the body cannot be read, or nothing can be read as such a type
   */
  public <T> T read(ResponseWriter w, Request r, Class<T> type) throws IOException {
    return readRequest(w, r, target(mapper.constructType(type)));
  }

  /**
   * As {@link #read(ResponseWriter, Request, Class)}, for a type with arguments: {@code new
   * TypeReference<List<Order>>() {}}.
   *
   * @param <T> the value's type
   * @param w as there
   * @param r as there
   * @param type the type
   * @return the value
   * @throws StatusException as there
   * @throws IOException as there
   */
  public <T> T read(ResponseWriter w, Request r, TypeReference<T> type) throws IOException {
    return readRequest(w, r, target(mapper.constructType(type)));
  }

  private <T> T readRequest(ResponseWriter w, Request r, Target<T> target) throws IOException {
    try (JsonParser parser = target.reader.createParser(body(w, r))) {
      return one(parser, target);
    } catch (MaxBytesException e) {
      throw tooLarge(e.limit(), "more");
    } catch (UnexpectedException e) {
      throw new StatusException(Http.STATUS_BAD_REQUEST, e.text(), e);
    }
  }

  /**
   * Reads a request whose body is an array, one element at a time: it may be larger than memory.
   * {@link #maxBytes} counts all the same. What was taken before a failure stays taken.
   *
   * @param <T> the elements' type
   * @param <E> what the taker throws
   * @param w as in {@link #read(ResponseWriter, Request, Class)}
   * @param r as there
   * @param type of the elements
   * @param taker gets each
   * @throws StatusException as there
   * @throws IOException as there
   * @throws E what the taker throws
   */
  public <T, E extends Exception> void readArray(
      ResponseWriter w, Request r, Class<T> type, Taker<? super T, E> taker) throws IOException, E {
    Target<T> target = target(mapper.constructType(type));
    try (JsonParser parser = target.reader.createParser(body(w, r))) {
      each(parser, target, taker);
    } catch (MaxBytesException e) {
      throw tooLarge(e.limit(), "more");
    } catch (UnexpectedException e) {
      throw new StatusException(Http.STATUS_BAD_REQUEST, e.text(), e);
    }
  }

  private InputStream body(ResponseWriter w, Request r) throws StatusException {
    String type = r.header("Content-Type");
    if (!isJson(type)) {
      throw new StatusException(
          Http.STATUS_UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: expected application/json, found " + (type.isEmpty() ? "none" : type));
    }
    String coding = r.header("Content-Encoding");
    if (!coding.isEmpty() && !coding.equalsIgnoreCase("identity")) {
      throw new StatusException(
          Http.STATUS_UNSUPPORTED_MEDIA_TYPE, "Content-Encoding: expected none, found " + coding);
    }
    if (r.contentLength() > maxBytes) { // before a client that waits is told to go on
      throw tooLarge(maxBytes, r.contentLength() + " bytes");
    }
    return Http.maxBytesReader(w, r.body(), maxBytes);
  }

  /** RFC 8259 knows no parameters, RFC 6839 types that end in +json. */
  private static boolean isJson(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    return type.equals(TYPE) || type.endsWith("+json");
  }

  private static StatusException tooLarge(long limit, String found) {
    return new StatusException(
        Http.STATUS_REQUEST_ENTITY_TOO_LARGE,
        "body: expected at most " + limit + " bytes, found " + found);
  }

  // ---- responses that are read ----

  /**
   * Reads the body of a response, whatever its status, and closes it; after success its connection
   * can be used again. Its length is not limited.
   *
   * @param <T> the value's type
   * @param response what a client got
   * @param type a record, for example
   * @return the value
   * @throws IOException if the body cannot be read or is not what was expected; the message has the
   *     status
   */
  public <T> T read(Response response, Class<T> type) throws IOException {
    return readResponse(response, target(mapper.constructType(type)));
  }

  /**
   * As {@link #read(Response, Class)}, for a type with arguments.
   *
   * @param <T> the value's type
   * @param response as there
   * @param type the type
   * @return the value
   * @throws IOException as there
   */
  public <T> T read(Response response, TypeReference<T> type) throws IOException {
    return readResponse(response, target(mapper.constructType(type)));
  }

  private <T> T readResponse(Response response, Target<T> target) throws IOException {
    try (response) {
      checkType(response);
      try (JsonParser parser = target.reader.createParser(response.body())) {
        return one(parser, target);
      }
    } catch (UnexpectedException e) {
      throw new IOException("json: " + response.statusLine() + ": " + e.text(), e);
    }
  }

  /**
   * Reads a response whose body is an array, one element at a time, and closes it.
   *
   * @param <T> the elements' type
   * @param <E> what the taker throws
   * @param response as in {@link #read(Response, Class)}
   * @param type of the elements
   * @param taker gets each
   * @throws IOException as there
   * @throws E what the taker throws
   */
  public <T, E extends Exception> void readArray(
      Response response, Class<T> type, Taker<? super T, E> taker) throws IOException, E {
    Target<T> target = target(mapper.constructType(type));
    try (response) {
      checkType(response);
      try (JsonParser parser = target.reader.createParser(response.body())) {
        each(parser, target, taker);
      }
    } catch (UnexpectedException e) {
      throw new IOException("json: " + response.statusLine() + ": " + e.text(), e);
    }
  }

  private static void checkType(Response response) throws UnexpectedException {
    String type = response.header("Content-Type");
    if (!isJson(type)) {
      throw new UnexpectedException(
          "Content-Type: expected application/json, found " + (type.isEmpty() ? "none" : type));
    }
  }

  // ---- reading ----

  /** What is to be read. */
  private record Target<T>(ObjectReader reader, JavaType type) {
    T read(JsonParser parser) throws IOException {
      return reader.readValue(parser);
    }

    String name() {
      return Explain.name(type);
    }
  }

  private <T> Target<T> target(JavaType type) {
    return new Target<>(reader.forType(type), type);
  }

  private static <T> T one(JsonParser parser, Target<T> target) throws IOException {
    if (next(parser) == null) {
      throw new UnexpectedException("body: expected " + target.name() + ", found nothing");
    }
    T value = value(parser, target, "body");
    end(parser);
    return value;
  }

  private static <T, E extends Exception> void each(
      JsonParser parser, Target<T> target, Taker<? super T, E> taker) throws IOException, E {
    if (next(parser) != JsonToken.START_ARRAY) {
      throw new UnexpectedException("body: expected an array, found " + Explain.found(parser));
    }
    for (int i = 0; next(parser) != JsonToken.END_ARRAY; i++) {
      T value = value(parser, target, "[" + i + "]");
      taker.take(value);
    }
    end(parser);
  }

  private static <T> T value(JsonParser parser, Target<T> target, String where) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      throw new UnexpectedException(where + ": expected " + target.name() + ", found null");
    }
    try {
      return target.read(parser);
    } catch (JsonProcessingException e) {
      throw explained(e);
    }
  }

  private static void end(JsonParser parser) throws IOException {
    if (next(parser) != null) {
      throw new UnexpectedException(
          "body: expected its end after one value, found " + Explain.found(parser));
    }
  }

  private static @Nullable JsonToken next(JsonParser parser) throws IOException {
    try {
      return parser.nextToken();
    } catch (JsonProcessingException e) {
      throw explained(e);
    }
  }

  /** While the parser is open: it knows what was found. */
  private static IOException explained(JsonProcessingException e) {
    if (e.getCause() instanceof IOException ofBody
        && !(ofBody instanceof JsonProcessingException)) {
      return ofBody; // within a list or a map Jackson wraps it
    }
    return Explain.isOurs(e) ? e : new UnexpectedException(Explain.text(e), e);
  }

  // ---- writing ----

  /**
   * Answers 200 with a value. See {@link #write(ResponseWriter, int, Object)}.
   *
   * @param w the response
   * @param value a record, a map, a list, for example
   * @throws IOException as there
   */
  public void write(ResponseWriter w, Object value) throws IOException {
    write(w, Http.STATUS_OK, value);
  }

  /**
   * Answers with a value. It is turned into bytes before anything is written or set: if that fails,
   * the handler can answer something else.
   *
   * @param w the response; its Content-Type is set unless it is already
   * @param status for example {@link Http#STATUS_CREATED}; one that allows a body
   * @param value a record, a map, a list, for example
   * @throws IOException if the value cannot be written as JSON
   * @throws java.io.UncheckedIOException if the client is gone
   */
  public void write(ResponseWriter w, int status, Object value) throws IOException {
    byte[] bytes = mapper.writeValueAsBytes(value);
    w.header().set("Content-Length", Integer.toString(bytes.length));
    start(w, status);
    w.write(bytes);
  }

  /**
   * Answers with an array whose elements are made as they are sent: it may be larger than memory.
   * Nothing is written or set before some KB are there. An element that fails later cuts the
   * response off, so that the client does not take it for a whole one, if the handler lets the
   * exception pass.
   *
   * @param w as in {@link #write(ResponseWriter, int, Object)}
   * @param status as there
   * @param values the elements
   * @throws IOException if an element cannot be written as JSON
   * @throws java.io.UncheckedIOException if the client is gone
   */
  public void writeArray(ResponseWriter w, int status, Iterator<?> values) throws IOException {
    LateStart out = new LateStart(w, () -> start(w, status));
    // Not closed on failure: that would end the array, and it would look whole.
    JsonGenerator generator = mapper.createGenerator(out);
    ObjectWriter writer = mapper.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
    generator.writeStartArray();
    while (values.hasNext()) {
      writer.writeValue(generator, values.next());
    }
    generator.writeEndArray();
    generator.close();
  }

  private static void start(ResponseWriter w, int status) {
    if (!w.header().contains("Content-Type")) {
      w.header().set("Content-Type", TYPE);
    }
    w.writeHeader(status);
  }

  /**
   * Gives a request of a client a value for a body.
   *
   * @param request whose body and Content-Type are set
   * @param value a record, a map, a list, for example
   * @return the same builder
   * @throws IOException if the value cannot be written as JSON; the request is as it was then
   */
  public RequestBuilder body(RequestBuilder request, Object value) throws IOException {
    byte[] bytes = mapper.writeValueAsBytes(value);
    return request.header("Content-Type", TYPE).body(bytes);
  }
}
