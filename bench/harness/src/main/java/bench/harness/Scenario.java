package bench.harness;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a server is loaded, by {@code wrk}, or by {@code h2load} in HTTP/2.
 *
 * @param connections kept open
 * @param path asked for
 * @param atOnce requests of a connection sent at once: pipelined, or streams
 * @param keeps whether a connection serves more than one request
 * @param http2 whether HTTP/2 is spoken, without TLS and from the first byte
 */
record Scenario(int connections, String path, int atOnce, boolean keeps, boolean http2) {
  private static final Map<String, Scenario> ALL = new LinkedHashMap<>();
  private static final String HELLO = "/hello?name=John";

  static {
    ALL.put("hello1", new Scenario(1, HELLO, 1, true, false));
    ALL.put("hello", new Scenario(64, HELLO, 1, true, false));
    ALL.put("hello1000", new Scenario(1000, HELLO, 1, true, false));
    ALL.put("pipelined", new Scenario(64, HELLO, 16, true, false));
    ALL.put("churn", new Scenario(64, HELLO, 1, false, false));
    ALL.put("slow", new Scenario(1000, "/slow", 1, true, false));
    ALL.put("h2hello", new Scenario(64, HELLO, 1, true, true));
    ALL.put("h2streams", new Scenario(8, HELLO, 32, true, true));
  }

  /** Whether a workload is one of these. */
  static boolean is(String workload) {
    return ALL.containsKey(workload);
  }

  /** The one of a name. */
  static Scenario named(String workload) {
    Scenario found = ALL.get(workload);
    if (found == null) {
      throw new UsageException(
          "expected a scenario of " + ALL.keySet() + ", found " + workload, null);
    }
    return found;
  }

  /** What loads it; to be found on PATH. */
  String tool() {
    return http2 ? "h2load" : "wrk";
  }

  /** For {@code wrk -s}: sends the requests, and prints what {@link Load} reads. */
  String script() {
    return """
    local request_text
    function init(args)
      %s
      local all = {}
      for i = 1, %d do all[i] = wrk.format(nil, "%s") end
      request_text = table.concat(all)
    end
    function request() return request_text end
    function done(summary, latency, requests)
      local e = summary.errors
      io.write(string.format("wrk %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
        e.connect + e.read + e.write + e.status + e.timeout))
    end
    """
        .formatted(keeps ? "" : "wrk.headers[\"Connection\"] = \"close\"", atOnce, path);
  }
}
