package dev.raddle.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One case of wire.txt or framing.txt: a request, what Go answered, and what Raddle answers if that
 * is another.
 */
record WireCase(String name, String request, String go, @Nullable String ours) {

  static List<WireCase> all() throws IOException {
    List<WireCase> cases = new ArrayList<>(read("wire.txt"));
    cases.addAll(read("framing.txt"));
    return cases;
  }

  private static List<WireCase> read(String resource) throws IOException {
    List<WireCase> cases = new ArrayList<>();
    String name = "";
    String request = "";
    String go = "";
    String ours = null;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(WireCase.class.getResourceAsStream(resource)),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = line.length() > 2 ? line.substring(2) : "";
        switch (line.isEmpty() ? '#' : line.charAt(0)) {
          case '=' -> {
            if (!name.isEmpty()) {
              cases.add(new WireCase(name, request, go, ours));
            }
            name = text;
            ours = null;
          }
          case '>' -> request = expand(text);
          case '<' -> go = expand(text);
          case '!' -> ours = expand(text);
          default -> {}
        }
      }
    }
    cases.add(new WireCase(name, request, go, ours));
    return cases;
  }

  private static String expand(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("<x*", i)) {
        int end = text.indexOf('>', i);
        out.append("x".repeat(Integer.parseInt(text.substring(i + 3, end))));
        i = end;
      } else if (c != '\\') {
        out.append(c);
      } else {
        i++;
        switch (text.charAt(i)) {
          case 'r' -> out.append('\r');
          case 'n' -> out.append('\n');
          case 'x' -> {
            out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
            i += 2;
          }
          default -> throw new IllegalArgumentException("wire.txt: unknown escape in " + text);
        }
      }
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
