package dev.raddle.http.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Media types by the extension of a file's name: those that Go knows by itself, and a few more. */
public final class MediaTypes {
  private static final Map<String, String> BY_EXTENSION = new HashMap<>();

  static {
    String table =
        """
        text/html; charset=utf-8: htm html ehtml shtml
        text/css; charset=utf-8: css
        text/javascript; charset=utf-8: js mjs
        text/plain; charset=utf-8: txt
        text/markdown; charset=utf-8: md
        text/csv; charset=utf-8: csv
        text/xml; charset=utf-8: xml
        text/calendar; charset=utf-8: ics
        application/json: json map
        application/pdf: pdf
        application/wasm: wasm
        application/zip: zip
        application/gzip: gz
        application/x-tar: tar
        application/java-archive: jar
        application/manifest+json: webmanifest
        image/avif: avif
        image/bmp: bmp
        image/gif: gif
        image/jpeg: jpg jpeg
        image/png: png
        image/svg+xml: svg
        image/webp: webp
        image/vnd.microsoft.icon: ico
        audio/mpeg: mp3
        audio/ogg: ogg
        audio/wav: wav
        video/mp4: mp4
        video/webm: webm
        font/otf: otf
        font/ttf: ttf
        font/woff: woff
        font/woff2: woff2
        """;
    for (String line : table.split("\n", -1)) {
      int colon = line.lastIndexOf(": ");
      if (colon > 0) {
        for (String extension : line.substring(colon + 2).split(" ", -1)) {
          BY_EXTENSION.put(extension, line.substring(0, colon));
        }
      }
    }
  }

  private MediaTypes() {}

  /**
   * Returns the type of files with such a name. It does not ask the operating system, whose answer
   * would change from machine to machine.
   *
   * @param name of a file
   * @return empty if it is not known
   */
  public static String byExtension(String name) {
    if (name.indexOf('.') < 0) {
      return "";
    }
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(extension, "");
  }
}
