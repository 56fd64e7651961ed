package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.httptest.TestServer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows the form tests of Go's request_test.go. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class FormsTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MULTIPART =
      "--xxx\r\nContent-Disposition: form-data; name=\"field1\"\r\n\r\nvalue1\r\n"
          + "--xxx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../dir/f.txt\"\r\n"
          + "Content-Type: text/plain\r\n\r\nfile data\r\n"
          + "--xxx\r\nContent-Disposition: form-data; name=\"field1\"\r\n\r\n"
          + "value2\r\n--xxx--\r\n";

  private static Request post(String target, String type, String body) {
    return Request.received("POST", target).header("Content-Type", type).body(body).build();
  }

  private static Request multipart() {
    return post("/?field1=q", "multipart/form-data; boundary=\"xxx\"", MULTIPART);
  }

  /** Follows TestParseFormQuery: the body first, then the query. */
  @Test
  void bodyAndQueryTogether() throws IOException {
    Request r =
        post(
            "/search?q=foo&q=bar&both=x&prio=1&orphan=nope&empty=not",
            FORM + "; param=value",
            "z=post&both=y&prio=2&=nokey&orphan&empty=&");
    assertEquals("foo", r.formValue("q"));
    assertEquals("post", r.formValue("z"));
    assertEquals("", r.postFormValue("q"));
    assertEquals(List.of("y", "x"), r.form().values("both"));
    assertEquals("2", r.formValue("prio"));
    assertEquals(List.of("", "nope"), r.form().values("orphan"));
    assertEquals(List.of("", "not"), r.form().values("empty"));
    assertEquals(List.of("nokey"), r.form().values(""));
    assertFalse(r.postForm().has("q"));
  }

  /** Follows TestParseFormQueryMethods. */
  @ParameterizedTest
  @CsvSource({"POST, body", "PATCH, body", "PUT, body", "DELETE, ''", "GET, ''"})
  void onlySomeMethodsHaveABody(String method, String value) {
    Request r = Request.received(method, "/").header("Content-Type", FORM).body("k=body").build();
    assertEquals(value, r.formValue("k"));
  }

  /** Follows TestParseFormSemicolonSeparator and TestQuery. */
  @Test
  void semicolonsDoNotSeparate() throws IOException {
    Request r = post("/?q=foo;q=bar&a=1", FORM, "q=foo;q=bar&b=2");
    assertThrows(FormException.class, r::form);
    assertEquals("1 2 ", r.form().get("a") + " " + r.form().get("b") + " " + r.form().get("q"));
  }

  /** Follows TestParseFormUnknownContentType and TestParseFormInitializeOnError. */
  @ParameterizedTest
  @ValueSource(strings = {"text/html", "", "application/octet-stream"})
  void otherTypesAreNoForms(String type) throws IOException {
    assertTrue(post("/", type, "a=b").postForm().isEmpty());
  }

  @Test
  void malformedFormsAreRefused() throws IOException {
    Request r = post("/", FORM, "a=%zz&b=1");
    assertThrows(FormException.class, r::postForm);
    assertEquals("1", r.postForm().get("b"));
    assertThrows(FormException.class, () -> post("/", "text/plain; boundary=", "").form());
    assertThrows(
        FormException.class, () -> post("/", FORM, "a=" + "x".repeat(10 << 20)).postForm());
  }

  /** Follows TestMultipartRequest, TestMultipartRequestAuto, TestParseMultipartFormFilename. */
  @ParameterizedTest
  @ValueSource(longs = {25, 0, Long.MAX_VALUE})
  void partsAreReadAndFilesKeptWhereverTheyFit(long memory) throws IOException {
    Request r = multipart();
    MultipartForm form = r.multipartForm(memory);
    assertEquals(List.of("value1", "value2"), form.values().values("field1"));
    FormFile file = form.file("file");
    assertNotNull(file);
    assertEquals("f.txt 9", file.fileName() + " " + file.size());
    assertEquals("text/plain", file.headers().get("Content-Type"));
    assertEquals(memory == 0, file.isOnDisk());
    try (var in = file.open()) {
      assertEquals("file data", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertNull(form.file("other"));
    r.cleanUp();
    if (memory == 0) {
      assertThrows(IOException.class, file::open);
    }
  }

  /** Follows TestFormValueCallsParseMultipartForm and TestParseMultipartFormPopulatesPostForm. */
  @Test
  void formValueReadsParts() throws IOException {
    Request r = multipart();
    assertEquals("value1", r.formValue("field1"));
    assertEquals(List.of("value1", "value2", "q"), r.form().values("field1"));
    assertEquals(List.of("value1", "value2"), r.postForm().values("field1"));
  }

  /** Follows TestMultipartReader and TestMultipartReaderOrder: once, and not after the form. */
  @Test
  void partsCanBeReadOneByOneAndOnce() throws IOException {
    Request r = multipart();
    MultipartReader reader = r.multipartReader();
    Part first = reader.nextPart();
    assertNotNull(first);
    assertEquals("field1 v", first.formName() + " " + (char) first.body().read());
    Part second = reader.nextPart(); // the rest of the first one is skipped
    assertNotNull(second);
    assertEquals("f.txt", second.fileName());
    assertEquals("file data", new String(second.body().readAllBytes(), StandardCharsets.UTF_8));
    assertNotNull(reader.nextPart());
    assertNull(reader.nextPart());
    assertNull(reader.nextPart());
    assertThrows(FormException.class, r::multipartReader);
    assertThrows(FormException.class, () -> r.multipartForm(1));
  }

  /** Follows TestMultipartReader's refusals and TestParseMultipartForm. */
  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "multipart/form-data", "multipart/form-data; boundary"})
  void whatIsNotMultipartIsRefused(String type) {
    assertThrows(FormException.class, () -> post("/", type, "").multipartReader());
    assertThrows(FormException.class, () -> post("/", type, "").multipartForm(1));
  }

  /** Follows TestMissingFileMultipartRequest and multipart's TestTruncated. */
  @Test
  void aFormThatIsCutOffFails() {
    for (int length : new int[] {0, 5, 60, 90, MULTIPART.length() - 12}) {
      Request r = post("/", "multipart/form-data; boundary=xxx", MULTIPART.substring(0, length));
      IOException e = assertThrows(IOException.class, () -> r.multipartForm(100));
      assertTrue(e instanceof EOFException || e instanceof FormException, e.toString());
    }
  }

  @Test
  void tooManyPartsAreRefused() {
    String part = "--xxx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
    Request r = post("/", "multipart/form-data; boundary=xxx", part.repeat(1002) + "--xxx--\r\n");
    assertThrows(FormException.class, () -> r.multipartForm(100));
  }

  /** Follows TestParseFormCleanup: temporary files go with the handler. */
  @Test
  void temporaryFilesGoWhenTheHandlerReturns() throws Exception {
    CompletableFuture<FormFile> kept = new CompletableFuture<>();
    try (TestServer server =
        TestServer.start(
            (w, r) -> {
              FormFile file = r.multipartForm(0).file("file");
              assertNotNull(file);
              file.open().close();
              kept.complete(file);
            })) {
      String url = server.url();
      server
          .client()
          .send(
              Request.to("POST", url)
                  .header("Content-Type", "multipart/form-data; boundary=xxx")
                  .body(MULTIPART)
                  .build())
          .close();
    }
    assertThrows(IOException.class, () -> kept.get().open());
  }

  @Test
  void valuesAreEncodedSorted() throws IOException {
    Values values = Values.parse("b=2&a=1%20x&b=%C3%A9");
    assertEquals("a=1+x&b=2&b=%C3%A9", values.encode());
    values.set("b", "&=");
    values.del("a");
    assertEquals("b=%26%3D", values.toString());
  }
}
