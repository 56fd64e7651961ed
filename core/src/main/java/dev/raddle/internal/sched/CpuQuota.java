package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Cpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Go's last word on the default of GOMAXPROCS: a cgroup quota never makes it less than two, unless
 * there are fewer CPUs. With one P a goroutine that computes would keep all others waiting for a
 * slice, though the quota may well let two threads run for a while. The JDK rounds a quota up, as
 * Go does, and follows it, so files are read only when it says one.
 */
final class CpuQuota {
  private static final int LEAST = 2; // Go's value

  /** This process, on Linux; elsewhere the files are missing. */
  static final CpuQuota OF_PROCESS = new CpuQuota(Path.of("/proc/self"), Path.of("/sys/fs/cgroup"));

  private final Path proc;
  private final Path cgroups;

  CpuQuota(Path proc, Path cgroups) {
    this.proc = proc;
    this.cgroups = cgroups;
  }

  /** How many Ps there should be, when the JDK counts so many CPUs. */
  int processors(int counted) {
    if (counted >= LEAST) {
      return counted;
    }
    try {
      return isLimited() ? Math.max(counted, Math.min(LEAST, allowedCpus())) : counted;
    } catch (IOException | RuntimeException unreadable) {
      return counted;
    }
  }

  /** Whether a quota, of the process's group or of one around it, allows one CPU or less. */
  private boolean isLimited() throws IOException {
    for (String line : lines(proc.resolve("cgroup"))) {
      String[] parts = line.split(":", 3); // number, controllers, path
      if (parts.length == 3 && parts[1].isEmpty() && isLimitedBy(cgroups, parts[2], true)) {
        return true;
      }
      if (parts.length == 3
          && List.of(parts[1].split(",", -1)).contains("cpu")
          && isLimitedBy(cgroups.resolve("cpu"), parts[2], false)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLimitedBy(Path mount, String path, boolean v2) throws IOException {
    Path group = mount.resolve(path.substring(1)).normalize();
    if (!group.startsWith(mount) || !Files.isDirectory(group)) {
      group = mount; // the process's group is what is mounted there
    }
    for (Path g = group; g != null && g.startsWith(mount); g = g.getParent()) {
      String quota = v2 ? read(g.resolve("cpu.max")) : read(g.resolve("cpu.cfs_quota_us"));
      String period = v2 ? quota : read(g.resolve("cpu.cfs_period_us"));
      if (quota != null && period != null && isLimit(quota, period, v2)) {
        return true;
      }
    }
    return false;
  }

  /** As {@code "max 100000"} and {@code "50000 100000"}, or of two files, -1 for none. */
  private static boolean isLimit(String quota, String period, boolean v2) {
    String[] both = v2 ? quota.split(" ", -1) : new String[] {quota, period};
    return !both[0].equals("max")
        && Long.parseLong(both[0]) > 0
        && Long.parseLong(both[0]) <= Long.parseLong(both[1]);
  }

  /** As {@code "Cpus_allowed_list: 0-3,8"}. */
  private int allowedCpus() throws IOException {
    int n = 0;
    for (String line : lines(proc.resolve("status"))) {
      if (line.startsWith("Cpus_allowed_list:")) {
        n += Cpus.parse(line.substring(line.indexOf(':') + 1)).length;
      }
    }
    return n;
  }

  private static @Nullable String read(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readString(file, StandardCharsets.UTF_8).strip() : null;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }
}
