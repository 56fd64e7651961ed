package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows Go's http.DetectContentType (sniff_test.go) and the WHATWG tables. */
class ContentSnifferTest {
  private static String detect(String data) {
    byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
    return new String(ContentSniffer.detect(bytes, 0, bytes.length), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|text/plain; charset=utf-8",
        "This is a text|text/plain; charset=utf-8",
        "' \\n\\r\\t\\f<html>'|text/html; charset=utf-8",
        "<HtMl><bOdY>blah|text/html; charset=utf-8",
        "<!DOCTYPE html>|text/html; charset=utf-8",
        "<b >|text/html; charset=utf-8",
        "<!-- c -->|text/html; charset=utf-8",
        "<html|text/plain; charset=utf-8",
        "<htmlx>|text/plain; charset=utf-8",
        "<?xml!|text/xml; charset=utf-8",
        "%PDF-1.4|application/pdf",
        "%!PS-Adobe-3.0|application/postscript",
        "GIF87a|image/gif",
        "GIF89a...|image/gif",
        "\\x89PNG\\r\\n\\x1a\\n|image/png",
        "\\xff\\xd8\\xff|image/jpeg",
        "BM...|image/bmp",
        "RIFF1234WEBPVP|image/webp",
        "RIFFb\\xb8\\0\\0WAVEfmt|audio/wave",
        "RIFF,O\\n\\0AVI LIST|video/avi",
        "OggS\\0|application/ogg",
        "ID3|audio/mpeg",
        "MThd\\0\\0\\0\\x06\\0\\x01|audio/midi",
        "FORM1234AIFF|audio/aiff",
        "\\x1aE\\xdf\\xa3|video/webm",
        "\\0\\0\\0\\x18ftypmp42\\0\\0\\0\\0mp42isom|video/mp4",
        "\\0\\0\\0\\x18ftypisom\\0\\0\\0\\0isomavc1|application/octet-stream",
        "\\xfe\\xff\\0t|text/plain; charset=utf-16be",
        "\\xff\\xfet\\0|text/plain; charset=utf-16le",
        "\\xef\\xbb\\xbfx|text/plain; charset=utf-8",
        "\\0asm\\x01\\0|application/wasm",
        "PK\\x03\\x04|application/zip",
        "\\x1f\\x8b\\x08|application/x-gzip",
        "Rar!\\x1a\\x07\\0|application/x-rar-compressed",
        "wOF2|font/woff2",
        "wOFF|font/woff",
        "OTTO|font/otf",
        "ttcf|font/collection",
        "\\0\\x01\\0\\0|font/ttf",
        "\\x01\\x02\\x03|application/octet-stream",
        "a\\x1bb|text/plain; charset=utf-8",
        "a\\x1ab|application/octet-stream",
        "caf\\xc3\\xa9|text/plain; charset=utf-8",
      })
  void detectsWhatGoDetects(String data, String type) {
    assertEquals(type, detect(unescape(data)));
  }

  @Test
  void looksAtNoMoreThan512Bytes() {
    assertEquals("text/plain; charset=utf-8", detect("a".repeat(512) + "\u0001"));
    assertEquals("application/octet-stream", detect("a".repeat(511) + "\u0001"));
  }

  @Test
  void looksAtItsRangeOnly() {
    byte[] bytes = "\u0001\u0001text\u0001".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        "text/plain; charset=utf-8",
        new String(ContentSniffer.detect(bytes, 2, 4), StandardCharsets.ISO_8859_1));
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      switch (text.charAt(i++)) {
        case 'x' -> {
          out.append((char) Integer.parseInt(text.substring(i, i + 2), 16));
          i += 2;
        }
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'f' -> out.append('\f');
        default -> out.append('\0');
      }
    }
    return out.toString();
  }
}
