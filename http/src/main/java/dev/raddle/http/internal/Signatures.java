package dev.raddle.http.internal;

import static dev.raddle.http.internal.ContentSniffer.ascii;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table of the MIME Sniffing Standard, sections 6 and 7, in the order in which Go asks. */
final class Signatures {
  static final Signature[] ALL;

  static {
    List<Signature> all = new ArrayList<>();
    for (String tag :
        new String[] {
          "<!DOCTYPE HTML",
          "<HTML",
          "<HEAD",
          "<SCRIPT",
          "<IFRAME",
          "<H1",
          "<DIV",
          "<FONT",
          "<TABLE",
          "<A",
          "<STYLE",
          "<TITLE",
          "<B",
          "<BODY",
          "<BR",
          "<P",
          "<!--"
        }) {
      all.add(tag(tag));
    }
    all.add(new Signature(ascii("text/xml; charset=utf-8"), ascii("<?xml"), full(5), true, false));
    exact(all, "application/pdf", "%PDF-");
    exact(all, "application/postscript", "%!PS-Adobe-");
    masked(all, "text/plain; charset=utf-16be", "\u00fe\u00ff\0\0", "\u00ff\u00ff\0\0");
    masked(all, "text/plain; charset=utf-16le", "\u00ff\u00fe\0\0", "\u00ff\u00ff\0\0");
    masked(all, "text/plain; charset=utf-8", "\u00ef\u00bb\u00bf\0", "\u00ff\u00ff\u00ff\0");
    exact(all, "image/x-icon", "\0\0\u0001\0");
    exact(all, "image/x-icon", "\0\0\u0002\0");
    exact(all, "image/bmp", "BM");
    exact(all, "image/gif", "GIF87a");
    exact(all, "image/gif", "GIF89a");
    riff(all, "image/webp", "WEBPVP");
    exact(all, "image/png", "\u0089PNG\r\n\u001a\n");
    exact(all, "image/jpeg", "\u00ff\u00d8\u00ff");
    masked(
        all,
        "audio/aiff",
        "FORM\0\0\0\0AIFF",
        "\u00ff\u00ff\u00ff\u00ff\0\0\0\0\u00ff\u00ff\u00ff\u00ff");
    exact(all, "audio/mpeg", "ID3");
    exact(all, "application/ogg", "OggS\0");
    exact(all, "audio/midi", "MThd\0\0\0\u0006");
    riff(all, "video/avi", "AVI ");
    riff(all, "audio/wave", "WAVE");
    exact(all, "video/webm", "\u001aE\u00df\u00a3");
    // 34 bytes that do not matter, then the name of the font format.
    masked(
        all,
        "application/vnd.ms-fontobject",
        "\0".repeat(34) + "LP",
        "\0".repeat(34) + "\u00ff\u00ff");
    exact(all, "font/ttf", "\0\u0001\0\0");
    exact(all, "font/otf", "OTTO");
    exact(all, "font/collection", "ttcf");
    exact(all, "font/woff", "wOFF");
    exact(all, "font/woff2", "wOF2");
    exact(all, "application/x-gzip", "\u001f\u008b\b");
    exact(all, "application/zip", "PK\u0003\u0004");
    exact(all, "application/x-rar-compressed", "Rar!\u001a\u0007\0");
    exact(all, "application/x-rar-compressed", "Rar!\u001a\u0007\u0001\0");
    exact(all, "application/wasm", "\0asm");
    ALL = all.toArray(Signature[]::new);
  }

  private Signatures() {}

  private static Signature tag(String tag) {
    byte[] mask = full(tag.length());
    for (int i = 0; i < mask.length; i++) {
      char c = tag.charAt(i);
      mask[i] = c >= 'A' && c <= 'Z' ? (byte) 0xdf : (byte) 0xff; // letters in either case
    }
    return new Signature(ascii("text/html; charset=utf-8"), ascii(tag), mask, true, true);
  }

  private static void exact(List<Signature> all, String type, String pattern) {
    all.add(new Signature(ascii(type), ascii(pattern), full(pattern.length()), false, false));
  }

  private static void masked(List<Signature> all, String type, String pattern, String mask) {
    all.add(new Signature(ascii(type), ascii(pattern), ascii(mask), false, false));
  }

  private static void riff(List<Signature> all, String type, String form) {
    masked(
        all,
        type,
        "RIFF\0\0\0\0" + form,
        "\u00ff\u00ff\u00ff\u00ff\0\0\0\0" + "\u00ff".repeat(form.length()));
  }

  private static byte[] full(int length) {
    byte[] mask = new byte[length];
    Arrays.fill(mask, (byte) 0xff);
    return mask;
  }
}
