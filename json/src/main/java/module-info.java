/** JSON in requests and responses, by Jackson. */
@org.jspecify.annotations.NullMarked
module dev.raddle.json {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires transitive dev.raddle.http;
  requires transitive com.fasterxml.jackson.databind;

  exports dev.raddle.json;
}
