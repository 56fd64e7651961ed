package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.BindingException.Field;
import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records from paths, queries and forms. */
@Timeout(30)
class BindTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  enum Color {
    RED,
    GREEN
  }

  record Primitives(boolean z, byte b, short s, int i, long j, float f, double d, char c) {}

  record Others(
      String text,
      Integer box,
      Color color,
      LocalDate date,
      Instant time,
      Duration pause,
      UUID id,
      Optional<Long> perhaps,
      List<Integer> many,
      List<String> words) {}

  record Page(int number, @Nullable Integer size) {
    Page {
      size = size == null ? 20 : size;
      if (number < 0) {
        throw new IllegalArgumentException("number: expected 0 or more, found " + number);
      }
    }
  }

  record User(String id, List<String> role) {}

  record Odd(Map<String, String> map) {}

  private static <R extends Record> R query(Class<R> type, String query) throws IOException {
    return Request.received("GET", "/?" + query).build().bind(type);
  }

  @Test
  void everyPrimitiveType() throws IOException {
    assertEquals(
        new Primitives(true, (byte) -128, (short) 32767, -1, 1L << 40, 1.5f, -2.25, 'x'),
        query(Primitives.class, "z=true&b=-128&s=32767&i=-1&j=1099511627776&f=1.5&d=-2.25&c=x"));
  }

  @Test
  void everyOtherTypeAndTheOrderOfLists() throws IOException {
    UUID id = UUID.randomUUID();
    Others all =
        query(
            Others.class,
            "text=a+b&box=7&color=GREEN&date=2026-11-26&time=2026-11-26T10:00:00Z&pause=PT1M30S"
                + "&id="
                + id
                + "&perhaps=5&many=3&many=1&many=2&words=b&words=&words=a");
    assertEquals(
        new Others(
            "a b",
            7,
            Color.GREEN,
            LocalDate.of(2026, 11, 26),
            Instant.parse("2026-11-26T10:00:00Z"),
            Duration.ofSeconds(90),
            id,
            Optional.of(5L),
            List.of(3, 1, 2),
            List.of("b", "", "a")),
        all);
  }

  @ParameterizedTest
  @CsvSource({"''", "text&box=&color=&date=&time=&pause=&id=&perhaps="})
  void whatIsMissingIsEmptyOrNull(String query) throws IOException {
    Others none = query(Others.class, query);
    if (query.isEmpty()) {
      assertNull(none.text());
    } else {
      assertEquals("", none.text());
    }
    assertNull(none.box());
    assertNull(none.color());
    assertNull(none.date());
    assertNull(none.id());
    assertEquals(Optional.empty(), none.perhaps());
    assertEquals(List.of(), none.many());
  }

  @Test
  void everyWrongValueIsNamed() {
    BindingException e =
        assertThrows(
            BindingException.class,
            () ->
                query(Primitives.class, "z=maybe&b=128&s=1.0&j=9223372036854775808&f=x&d=1&c=ab"));
    assertEquals(
        List.of(
            new Field("z", "true or false", "\"maybe\""),
            new Field("b", "an integer (-128 to 127)", "\"128\""),
            new Field("s", "an integer (-32768 to 32767)", "\"1.0\""),
            new Field("i", "an integer (32 bits)", "nothing"),
            new Field("j", "an integer (64 bits)", "\"9223372036854775808\""),
            new Field("f", "a number", "\"x\""),
            new Field("c", "one character", "\"ab\"")),
        e.fields());
    assertEquals(400, e.status());
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("z: expected true or false, found \"maybe\"; b: expected an integer"),
        e.getMessage());
  }

  @Test
  void wrongValuesOfOtherTypes() {
    String long100 = "x".repeat(100);
    BindingException e =
        assertThrows(
            BindingException.class,
            () ->
                query(
                    Others.class,
                    "color=BLUE&date=2026-02-30&time=noon&pause=90s&id=1-1-1-1-1&perhaps="
                        + long100
                        + "&many=1&many=%0A&many=2"));
    assertEquals(
        "color: expected one of RED, GREEN, found \"BLUE\"; "
            + "date: expected a date like 2026-12-31, found \"2026-02-30\"; "
            + "time: expected a time like 2026-12-31T23:59:59Z, found \"noon\"; "
            + "pause: expected a duration like PT1M30S, found \"90s\"; "
            + "id: expected a UUID, found \"1-1-1-1-1\"; "
            + "perhaps: expected an integer (64 bits), found \""
            + "x".repeat(64)
            + "...\"; "
            + "many: expected an integer (32 bits), found \" \"",
        e.getMessage());
  }

  @Test
  void theConstructorSetsDefaultsAndRefuses() throws IOException {
    assertEquals(new Page(3, 20), query(Page.class, "number=3&unknown=1"));
    assertEquals(new Page(3, 5), query(Page.class, "number=3&number=4&size=5"));
    BindingException e = assertThrows(BindingException.class, () -> query(Page.class, "number=-1"));
    assertEquals("number: expected 0 or more, found -1", e.getMessage());
    assertEquals(List.of(), e.fields());
  }

  @Test
  void theBodyComesBeforeTheQuery() throws IOException {
    Request r =
        Request.received("POST", "/?role=query&id=q")
            .header("Content-Type", FORM)
            .body("role=body&id=b")
            .build();
    assertEquals(new User("b", List.of("body", "query")), r.bind(User.class));
  }

  @Test
  void valuesBindByThemselves() throws IOException {
    assertEquals(
        new User("7", List.of("a", "b")), Values.parse("id=7&role=a&role=b").bind(User.class));
  }

  @Test
  void otherTypesAreTheProgrammersMistake() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> query(Odd.class, "map=1"));
    assertTrue(
        String.valueOf(e.getMessage())
            .endsWith("Odd.map of type java.util.Map<java.lang.String, " + "java.lang.String>"),
        e.getMessage());
  }

  /** What a handler lets pass is answered, and the connection goes on; the log of access knows. */
  @Test
  void aRefusalIsAnsweredWithItsStatus() throws IOException {
    List<String> access = new CopyOnWriteArrayList<>();
    ServeMux mux = new ServeMux();
    mux.handle("GET /users/{id}", (w, r) -> w.write(r.bind(User.class).toString()));
    mux.handle("GET /pages/{number}", (w, r) -> w.write(r.bind(Page.class).toString()));
    mux.handle("POST /form", (w, r) -> w.write(r.form().get("a")));
    mux.handle(
        "POST /limited", (w, r) -> w.write(Http.maxBytesReader(w, r.body(), 3).readAllBytes()));
    mux.handle(
        "GET /gone",
        (w, r) -> {
          w.header().set("Etag", "\"x\"");
          throw new StatusException(410, "gone for good");
        });
    mux.handle(
        "GET /late",
        (w, r) -> {
          w.write("begun");
          throw new StatusException(400, "too late");
        });
    try (TestServer server = TestServer.start(AccessLog.to(access::add, mux))) {
      Client client = server.client();
      String url = server.url();
      assertEquals(
          "User[id=a b, role=[x, y]]",
          text(client, Request.to("GET", url + "/users/a%20b?id=z&role=x&role=y")));
      try (Response bad = client.send(Request.to("GET", url + "/pages/x").build())) {
        assertEquals(400, bad.status());
        assertEquals("text/plain; charset=utf-8", bad.header("Content-Type"));
        assertEquals("number: expected an integer (32 bits), found \"x\"\n", bad.text());
      }
      assertTrue(access.getLast().contains("\" 400 "), access.getLast());
      Request semicolon =
          Request.to("POST", url + "/form").header("Content-Type", FORM).body("a=1;b").build();
      try (Response bad = client.send(semicolon)) {
        assertEquals("400 invalid semicolon separator in query\n", bad.status() + " " + bad.text());
      }
      try (Response large =
          client.send(Request.to("POST", url + "/limited").body("four").build())) {
        assertEquals("413 http: request body too large\n", large.status() + " " + large.text());
      }
      try (Response gone = client.send(Request.to("GET", url + "/gone").build())) {
        assertEquals("410 gone for good\n", gone.status() + " " + gone.text());
        assertEquals("", gone.header("Etag"));
      }
      assertThrows(
          IOException.class, () -> client.send(Request.to("GET", url + "/late").build()).text());
    }
  }

  private static String text(Client client, RequestBuilder request) throws IOException {
    return client.send(request.build()).text();
  }

  @Test
  void aStatusSaysAnError() {
    assertThrows(IllegalArgumentException.class, () -> new StatusException(200, "fine"));
  }
}
