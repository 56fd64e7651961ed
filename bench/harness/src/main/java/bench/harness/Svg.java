package bench.harness;

import java.util.Locale;

/** What the drawings share. */
final class Svg {
  private Svg() {}

  static void text(StringBuilder out, String css, int x, int y, String anchor, String s) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text%s x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
            css.isEmpty() ? "" : " class=\"" + css + "\"",
            x,
            y,
            anchor,
            escaped(s)));
  }

  static String escaped(String s) {
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
