package bench.harness;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, as it is in a file of JSON.
 *
 * @param machine what ran it, name to value: processor, kernel, versions, flags
 * @param runs every process that was started
 */
record Results(Map<String, String> machine, List<Run> runs) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** Any that the JVM has, but no other flag with the letters GC in it. */
  private static final Pattern COLLECTOR = Pattern.compile("\\+Use(\\w+?)GC\\b");

  /** Without these in common, two files are not of one table. */
  static final List<String> MUST_BE_SAME =
      List.of("processor", "CPUs", "memory", "JDK", "Go", "flags", "scale", "pinned to");

  /** How a process ended. */
  enum Status {
    /** It printed what its workload must give. */
    OK,
    /** The rival has no such workload. */
    NONE,
    /** It ended with an error. */
    FAILED,
    /** Its result was wrong, or it printed nothing of what its workload must give. */
    WRONG,
    /** It was killed after its limit, or ended itself then. */
    KILLED,
    /** It did not fit into the memory that is free. */
    NO_ROOM;

    /** For people. */
    String word() {
      return switch (this) {
        case OK -> "ok";
        case NONE -> "has none";
        case FAILED -> "failed";
        case WRONG -> "wrong";
        case KILLED -> "killed";
        case NO_ROOM -> "does not fit";
      };
    }
  }

  /** Which process: what is interleaved, and what a later run need not repeat. */
  record RunKey(int fork, String workload, int procs, String rival) {}

  /**
   * A process.
   *
   * @param metrics what it printed, by name
   * @param seconds wall time
   * @param cpuSeconds of all CPUs, from samples; 0 if the system does not tell
   * @param peakBytes the most that was resident, from samples; 0 if the system does not tell
   * @param error the end of its standard error if it did not end well
   */
  record Run(
      RunKey key,
      Status status,
      Map<String, Double> metrics,
      double seconds,
      double cpuSeconds,
      long peakBytes,
      @Nullable String error) {}

  /** An empty one. */
  static Results of(Map<String, String> machine) {
    return new Results(machine, new ArrayList<>());
  }

  /** One of the same machine without runs. */
  Results emptied() {
    return of(machine);
  }

  /** Whether a run need not be repeated: it ended well or cannot. */
  boolean has(RunKey key) {
    return runs.stream()
        .anyMatch(r -> r.key.equals(key) && (r.status == Status.OK || r.status == Status.NONE));
  }

  /** Adds a run in place of one with the same key. */
  void put(Run run) {
    runs.removeIf(r -> r.key.equals(run.key));
    runs.add(run);
  }

  /** The values of a metric in all forks that ended well. */
  double[] values(String workload, int procs, String rival, String metric) {
    return runs.stream()
        .filter(r -> r.status == Status.OK && r.metrics.containsKey(metric))
        .filter(r -> r.key.workload.equals(workload))
        .filter(r -> r.key.procs == procs && r.key.rival.equals(rival))
        .mapToDouble(r -> r.metrics.get(metric))
        .toArray();
  }

  /** The numbers of Ps that a workload was run with, ascending. */
  List<Integer> procs(Workload w) {
    return runs.stream()
        .filter(r -> r.key.workload.equals(w.name()))
        .map(r -> r.key.procs)
        .distinct()
        .sorted()
        .toList();
  }

  /** The forks of a workload in a rival, whatever became of them. */
  List<Run> forks(String workload, int procs, String rival) {
    return runs.stream()
        .filter(r -> r.key.workload.equals(workload))
        .filter(r -> r.key.procs == procs && r.key.rival.equals(rival))
        .toList();
  }

  /** How many forks ended badly. */
  long bad(String workload, int procs, String rival) {
    return forks(workload, procs, rival).stream()
        .filter(r -> r.status != Status.OK && r.status != Status.NONE)
        .count();
  }

  /** How they did, in words: {@code 2 killed, 1 wrong}; empty if none did. */
  String badly(String workload, int procs, String rival) {
    Map<Status, Long> count = new EnumMap<>(Status.class);
    forks(workload, procs, rival).forEach(r -> count.merge(r.status, 1L, Long::sum));
    count.remove(Status.OK);
    count.remove(Status.NONE);
    return count.entrySet().stream()
        .map(
            e ->
                e.getKey() == Status.NO_ROOM
                    ? e.getKey().word()
                    : e.getValue() + " " + e.getKey().word())
        .collect(Collectors.joining(", "));
  }

  /** The collector that the flags name; empty if they name none. */
  String collector() {
    Matcher m = COLLECTOR.matcher(machine.getOrDefault("flags", ""));
    return m.find() ? m.group(1) : "";
  }

  /**
   * Adds the runs of another file, for one table of both.
   *
   * @throws UsageException if they are not of one kind: machine, flags and scale must be the same,
   *     and the runs of a workload of one commit
   */
  void merge(Results other) {
    String different = difference(other, MUST_BE_SAME);
    boolean shared =
        other.runs.stream()
            .anyMatch(o -> runs.stream().anyMatch(r -> r.key.workload.equals(o.key.workload)));
    if (different.isEmpty() && shared) {
      different = difference(other, List.of("commit"));
    }
    if (!different.isEmpty()) {
      throw new UsageException("expected results of one kind, found " + different, null);
    }
    runs.addAll(other.runs);
  }

  /**
   * Checks that runs of now may be added to this file.
   *
   * @throws UsageException if they would be of another kind: machine, flags, scale or commit
   */
  void checkSame(Results now) {
    List<String> facts = new ArrayList<>(MUST_BE_SAME);
    facts.add("commit");
    String different = difference(now, facts);
    if (!different.isEmpty()) {
      throw new UsageException(
          "expected a file of this machine, commit and settings, found " + different, null);
    }
  }

  /** What of some facts about machine and run differs; empty if nothing. */
  String difference(Results other, List<String> facts) {
    return facts.stream()
        .filter(k -> !machine.getOrDefault(k, "").equals(other.machine.getOrDefault(k, "")))
        .map(
            k ->
                k
                    + " "
                    + machine.getOrDefault(k, "not given")
                    + " and "
                    + other.machine.getOrDefault(k, "not given"))
        .collect(Collectors.joining("; "));
  }

  /**
   * Reads a file.
   *
   * @throws UsageException if there is none, or if it is not a file of results
   */
  static Results read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UsageException("expected a file of results, found no such file: " + file, e);
    }
    @Nullable Results read;
    try {
      read = GSON.fromJson(text, Results.class);
    } catch (JsonParseException e) {
      throw new UsageException("expected results as JSON in " + file + ": " + e.getMessage(), e);
    }
    if (!isWhole(read)) {
      throw new UsageException("expected results with machine and runs in " + file, null);
    }
    return new Results(read.machine, new ArrayList<>(read.runs));
  }

  @SuppressWarnings("ConstantValue") // Gson leaves what is missing null, whatever the types say
  private static boolean isWhole(@Nullable Results read) {
    if (read == null || read.machine == null || read.runs == null) {
      return false;
    }
    return read.runs.stream()
        .allMatch(
            r ->
                r != null
                    && r.status != null
                    && r.metrics != null
                    && r.key != null
                    && r.key.workload != null
                    && r.key.rival != null);
  }

  /** Writes a file whole or not at all, so that an interrupted run leaves the last whole one. */
  void write(Path file) throws IOException {
    Path whole = file.toAbsolutePath();
    Path parent = whole.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path next = whole.resolveSibling(whole.getFileName() + ".tmp");
    Files.writeString(next, GSON.toJson(this) + "\n");
    Files.move(next, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
