package dev.raddle.cli;

import static dev.raddle.Go.gomaxprocs;

import dev.raddle.runtime.Mode;

/** Says how this machine stands. */
final class Doctor {
  private Doctor() {}

  static void report() {
    line("raddle", Main.version());
    line("JDK", System.getProperty("java.vendor") + " " + Runtime.version());
    line("home", System.getProperty("java.home"));
    line("mode", Mode.current() + ": " + Mode.current().explanation());
    line("GOMAXPROCS", String.valueOf(gomaxprocs(0)));
    line(
        "CPUs",
        Runtime.getRuntime().availableProcessors() + " (affinity and cgroup quota included)");
    line("pinning", pinning());
    line("closed", Mode.current() == Mode.OWN ? "nothing" : Mode.current().explanation());
    System.out.println(
        """

        In your own build, start Java with
          --add-opens java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED
        or give an executable jar the manifest entries Add-Opens: java.base/java.lang and
        Enable-Native-Access: ALL-UNNAMED. -Draddle.scheduler=own refuses to run without.""");
  }

  private static String pinning() {
    String os = System.getProperty("os.name");
    return os.startsWith("Linux") ? "supported" : "expected Linux, found " + os + ": unsupported";
  }

  private static void line(String what, String value) {
    System.out.printf("%-11s %s%n", what, value);
  }
}
