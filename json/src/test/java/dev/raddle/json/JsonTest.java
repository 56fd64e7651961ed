package dev.raddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.raddle.http.Handler;
import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.RequestBuilder;
import dev.raddle.http.Response;
import dev.raddle.http.StatusException;
import dev.raddle.http.httptest.ResponseRecorder;
import dev.raddle.http.httptest.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class JsonTest {
  private static final Json JSON = Json.strict();

  enum Size {
    SMALL,
    LARGE
  }

  record Item(String name, int quantity) {
    Item {
      if (quantity < 0) {
        throw new IllegalArgumentException("quantity: expected 0 or more, found " + quantity);
      }
    }
  }

  record Order(String id, List<Item> items, Size size, boolean paid) {}

  record Failing(int number) {
    Failing {
      if (number > 0) {
        throw new IllegalStateException("a mistake of ours");
      }
    }
  }

  private static RequestBuilder post(String body) {
    return Request.received("POST", "/").header("Content-Type", "application/json").body(body);
  }

  private static <T> T read(Json json, Class<T> type, String body) throws IOException {
    return json.read(new ResponseRecorder(), post(body).build(), type);
  }

  private static StatusException refused(Json json, Class<?> type, String body) {
    return assertThrows(StatusException.class, () -> read(json, type, body));
  }

  @Test
  void recordsAreRead() throws IOException {
    Order order =
        read(
            JSON,
            Order.class,
            " {\"id\":\"a\",\"items\":[{\"name\":\"b\",\"quantity\":2}],\"size\":\"LARGE\","
                + "\"paid\":true} ");
    assertEquals(new Order("a", List.of(new Item("b", 2)), Size.LARGE, true), order);
    List<Item> items =
        JSON.read(
            new ResponseRecorder(),
            post("[{\"name\":\"b\",\"quantity\":2}]").build(),
            new TypeReference<List<Item>>() {});
    assertEquals(List.of(new Item("b", 2)), items);
    assertEquals(Map.of("a", 1), read(JSON, Map.class, "{\"a\":1}"));
  }

  /** What is wrong is said in words for the client, without names of our classes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|body: expected an object, found nothing",
        "null|body: expected an object, found null",
        "5|body: expected an object, found 5",
        "[]|body: expected an object, found an array",
        "{\"id\":1}|id: expected a string, found 1",
        "{\"id\":\"a\",\"paid\":0}|paid: expected true or false, found 0",
        "{\"paid\":\"true\"}|paid: expected true or false, found \"true\"",
        "{\"id\":\"a\"}|paid: expected true or false, found nothing",
        "{\"paid\":null}|paid: expected true or false, found null",
        "{\"size\":\"HUGE\"}|size: expected one of SMALL, LARGE, found \"HUGE\"",
        "{\"size\":1}|size: expected one of SMALL, LARGE, found 1",
        "{\"items\":{}}|items: expected an array, found an object",
        "{\"items\":[{\"name\":\"a\"}]}|items[0].quantity: expected an integer (32 bits), found"
            + " nothing",
        "{\"items\":[{\"quantity\":\"5\"}]}|items[0].quantity: expected an integer (32 bits), found"
            + " \"5\"",
        "{\"items\":[{\"quantity\":5.5}]}|items[0].quantity: expected an integer (32 bits), found"
            + " 5.5",
        "{\"items\":[{},{\"nam\":1}]}|items[0].quantity: expected an integer (32 bits), found"
            + " nothing",
        "{\"items\":[{\"name\":\"a\",\"quantity\":1},{\"nam\":1,\"quantity\":1}]}|items[1].nam:"
            + " expected one of name, quantity, found this field",
        "{\"items\":[{\"name\":\"a\",\"quantity\":-1}]}|items[0]: quantity: expected 0 or more,"
            + " found -1",
        "{\"idd\":\"a\",\"paid\":true}|idd: expected one of id, items, paid, size, found this"
            + " field",
      })
  void whatIsNotExpectedIsRefused(String body, String message) {
    StatusException e = refused(JSON, Order.class, body == null ? "" : body);
    assertEquals(400, e.status());
    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":|expected more JSON, found the end of the body",
        "{\"paid\":true|expected more JSON, found the end of the body",
        "{id:1}|malformed JSON at line 1, column ",
        "{'id':1}|was expecting double-quote to start field name",
        "nul|malformed JSON at line 1",
        "{\"paid\":true,\"paid\":false}|Duplicate",
        "{\"paid\":true}x|malformed JSON at line 1",
        "{\"paid\":true} {}|body: expected its end after one value, found an object",
        "{\"paid\":true},|malformed JSON at line 1",
        "{\"paid\":01}|malformed JSON at line 1",
        "// a|malformed JSON at line 1",
      })
  void malformedJsonIsRefused(String body, String part) {
    StatusException e = refused(JSON, Order.class, body);
    assertEquals(400, e.status());
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    assertFalse(String.valueOf(e.getMessage()).contains("Source"), e.getMessage());
  }

  @Test
  void deepNestingIsRefused() {
    StatusException e = refused(JSON, Map.class, "{\"a\":".repeat(100_000));
    assertEquals(400, e.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
  void otherTypesAreRefused(String type) {
    Request r = Request.received("POST", "/").header("Content-Type", type).body("{}").build();
    StatusException e =
        assertThrows(StatusException.class, () -> JSON.read(new ResponseRecorder(), r, Map.class));
    assertEquals(
        "415 Content-Type: expected application/json, found " + (type.isEmpty() ? "none" : type),
        e.status() + " " + e.getMessage());
  }

  @Test
  void typesOfJsonAreTaken() throws IOException {
    for (String type : List.of("Application/JSON ; charset=utf-8", "application/problem+json")) {
      Request r = post("{}").header("Content-Type", type).build();
      assertEquals(Map.of(), JSON.read(new ResponseRecorder(), r, Map.class));
    }
    Request packed = post("{}").header("Content-Encoding", "gzip").build();
    StatusException e =
        assertThrows(
            StatusException.class, () -> JSON.read(new ResponseRecorder(), packed, Map.class));
    assertEquals(415, e.status());
  }

  @Test
  void theLimitHoldsForBothKindsOfBodies() throws IOException {
    Json five = JSON.maxBytes(5);
    assertEquals(List.of(1, 2), read(five, List.class, "[1,2]"));
    StatusException known = refused(five, List.class, "[1,2] ");
    assertEquals("body: expected at most 5 bytes, found 6 bytes", known.getMessage());
    assertEquals(413, known.status());
    InputStream six = new ByteArrayInputStream("[1,2] ".getBytes(StandardCharsets.UTF_8));
    Request chunked = post("").body(six, -1).build();
    StatusException found =
        assertThrows(
            StatusException.class, () -> five.read(new ResponseRecorder(), chunked, List.class));
    assertEquals(
        "413 body: expected at most 5 bytes, found more",
        found.status() + " " + found.getMessage());
    assertThrows(IllegalArgumentException.class, () -> JSON.maxBytes(-1));
  }

  /** Jackson wraps whatever is thrown while it reads an element. */
  @Test
  void theLimitHoldsWithinAnElement() {
    String body = "[{\"name\":\"" + "a".repeat(20_000) + "\",\"quantity\":1}]";
    var stream = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
    Request chunked = post("").body(stream, -1).build();
    StatusException found =
        assertThrows(
            StatusException.class,
            () ->
                JSON.maxBytes(9_000)
                    .read(new ResponseRecorder(), chunked, new TypeReference<List<Item>>() {}));
    assertEquals(
        "413 body: expected at most 9000 bytes, found more",
        found.status() + " " + found.getMessage());
  }

  @Test
  void unknownFieldsAreSkippedByChoice() throws IOException {
    assertEquals(
        new Item("a", 1),
        read(
            JSON.allowUnknownFields(),
            Item.class,
            "{\"x\":[{}],\"name\":\"a\",\"quantity\":1,\"y\":{}}"));
  }

  @Test
  void aMapperOfTheCallersIsUsed() throws IOException {
    Json lenient = Json.of(new JsonMapper());
    assertEquals(
        new Item("a", 5), read(lenient, Item.class, "{\"name\":\"a\",\"quantity\":\"5\"}"));
    assertEquals(400, refused(lenient, Item.class, "{\"quantity\":1,\"z\":1}").status());
    assertEquals(400, refused(lenient, Item.class, "{\"quantity\":1} 1").status());
  }

  /** A type that cannot be read, or a constructor that breaks, is not the client's fault. */
  @Test
  void ourOwnMistakesAreNotTheClients() {
    assertThrows(InvalidDefinitionException.class, () -> read(JSON, Runnable.class, "{\"a\":1}"));
    JsonProcessingException e =
        assertThrows(
            JsonProcessingException.class, () -> read(JSON, Failing.class, "{\"number\":1}"));
    assertInstanceOf(IllegalStateException.class, e.getCause());
  }

  @Test
  void valuesAreWritten() throws IOException {
    ResponseRecorder w = new ResponseRecorder();
    JSON.write(w, new Item("é", 1));
    assertEquals("200 {\"name\":\"é\",\"quantity\":1}", w.status() + " " + w.body());
    assertEquals("application/json", w.sentHeaders().get("Content-Type"));
    assertEquals("26", w.sentHeaders().get("Content-Length"));
    ResponseRecorder problem = new ResponseRecorder();
    problem.header().set("Content-Type", "application/problem+json");
    JSON.write(problem, Http.STATUS_CONFLICT, Map.of("title", "no"));
    assertEquals(409, problem.status());
    assertEquals("application/problem+json", problem.sentHeaders().get("Content-Type"));
  }

  @Test
  void aValueThatCannotBeWrittenLeavesTheResponseAlone() throws IOException {
    Object unwritable = new Object(); // has no properties
    ResponseRecorder w = new ResponseRecorder();
    assertThrows(JsonProcessingException.class, () -> JSON.write(w, unwritable));
    assertThrows(
        JsonProcessingException.class,
        () -> JSON.writeArray(w, 200, List.of(1, unwritable).iterator()));
    assertEquals("", w.body());
    assertTrue(w.header().isEmpty());
    JSON.write(w, 500, Map.of("error", "unwritable"));
    assertEquals(500, w.status());
  }

  /** More than any buffer holds, in both directions. */
  @Test
  void arraysAreStreamed() throws Exception {
    int count = 100_000;
    Handler handler =
        (w, r) -> {
          List<Integer> seen = new ArrayList<>();
          JSON.maxBytes(10 << 20).readArray(w, r, Item.class, item -> seen.add(item.quantity()));
          JSON.writeArray(w, 201, seen.stream().map(i -> new Item("n" + i, i)).iterator());
        };
    try (TestServer server = TestServer.start(handler)) {
      List<Item> items = IntStream.range(0, count).mapToObj(i -> new Item("n" + i, i)).toList();
      Request request = JSON.body(Request.to("POST", server.url()), items).build();
      List<Item> back = new ArrayList<>();
      Response response = server.client().send(request);
      assertEquals(201, response.status());
      assertEquals("application/json", response.header("Content-Type"));
      JSON.readArray(response, Item.class, back::add);
      assertEquals(items, back);
    }
  }

  @Test
  void elementsOfArraysAreChecked() {
    List<Object> taken = new ArrayList<>();
    StatusException e =
        assertThrows(
            StatusException.class,
            () ->
                JSON.readArray(
                    new ResponseRecorder(),
                    post("[{\"name\":\"a\",\"quantity\":1},null]").build(),
                    Item.class,
                    taken::add));
    assertEquals("[1]: expected an object, found null", e.getMessage());
    assertEquals(List.of(new Item("a", 1)), taken);
    StatusException none =
        assertThrows(
            StatusException.class,
            () ->
                JSON.readArray(new ResponseRecorder(), post("{}").build(), Item.class, taken::add));
    assertEquals("body: expected an array, found an object", none.getMessage());
    InterruptedException given = new InterruptedException();
    assertSame(
        given,
        assertThrows(
            InterruptedException.class,
            () ->
                JSON.readArray(
                    new ResponseRecorder(),
                    post("[{\"quantity\":1}]").build(),
                    Item.class,
                    item -> {
                      throw given;
                    })));
  }

  /** An array that breaks in the middle does not look whole. */
  @Test
  void aBrokenArrayIsCutOff() throws IOException {
    List<Object> values = new ArrayList<>(IntStream.range(0, 10_000).boxed().toList());
    values.add(new Object());
    Handler handler = (w, r) -> JSON.writeArray(w, 200, values.iterator());
    try (TestServer server = TestServer.start(handler)) {
      Response response = server.client().send(Request.to("GET", server.url()).build());
      assertEquals(200, response.status());
      assertThrows(IOException.class, response::text);
    }
  }

  @Test
  void clientsReadResponses() throws IOException {
    Handler handler =
        (w, r) -> {
          switch (r.path()) {
            case "/item" -> JSON.write(w, new Item("a", 1));
            case "/items" -> JSON.write(w, List.of(new Item("a", 1)));
            case "/bad" -> JSON.write(w, 500, Map.of("error", "x", "quantity", 1));
            default -> Http.notFound(w, r);
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      assertEquals(new Item("a", 1), JSON.read(get(server, "/item"), Item.class));
      assertEquals(
          List.of(new Item("a", 1)),
          JSON.read(get(server, "/items"), new TypeReference<List<Item>>() {}));
      IOException bad =
          assertThrows(IOException.class, () -> JSON.read(get(server, "/bad"), Item.class));
      assertEquals(
          "json: 500 Internal Server Error: error: expected one of name, quantity, found this"
              + " field",
          bad.getMessage());
      IOException none =
          assertThrows(IOException.class, () -> JSON.read(get(server, "/none"), Item.class));
      assertEquals(
          "json: 404 Not Found: Content-Type: expected application/json, found text/plain;"
              + " charset=utf-8",
          none.getMessage());
    }
  }

  private static Response get(TestServer server, String path) throws IOException {
    return server.client().send(Request.to("GET", server.url() + path).build());
  }

  /** What a handler lets pass is answered by the server. */
  @Test
  void aRefusalIsAnswered() throws IOException {
    Handler handler = (w, r) -> JSON.write(w, JSON.read(w, r, Item.class));
    try (TestServer server = TestServer.start(handler)) {
      Request bad = JSON.body(Request.to("POST", server.url()), Map.of("name", 1)).build();
      try (Response response = server.client().send(bad)) {
        assertEquals(400, response.status());
        assertEquals("name: expected a string, found 1\n", response.text());
      }
      Request good = JSON.body(Request.to("POST", server.url()), new Item("a", 1)).build();
      assertEquals(new Item("a", 1), JSON.read(server.client().send(good), Item.class));
    }
  }
}
