package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with the command, mistakes included. */
class CommandIT {
  @TempDir Path folder;

  private Raddle raddle() {
    return new Raddle();
  }

  private String source(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static void ended(int status, String inError, Raddle.Result r) {
    assertEquals(status, r.status(), r::toString);
    assertTrue(r.err().contains(inError), r::toString);
  }

  @Test
  void argumentsInputAndSystemExitAreTheProgramsOwn() throws IOException {
    String file =
        source(
            "Args.java",
            """
            void main(String[] args) {
              IO.println(String.join("|", args) + IO.readln());
              System.exit(7);
            }
            """);
    Raddle.Result r = raddle().runWith("line\n", "run", file, "a", "b c");
    assertEquals("a|b cline\n", r.out(), r::toString);
    assertEquals(7, r.status());
  }

  @Test
  void severalClassesAndAPackageWork() throws IOException {
    String file =
        source(
            "Many.java",
            """
            package some.where;
            class Many {
              public static void main(String[] args) { System.out.println(new Other().text()); }
            }
            class Other { String text() { return "other"; } }
            """);
    assertEquals("other\n", raddle().run("run", file).out());
  }

  @Test
  void theSecondRunUsesTheCompiledProgram() throws IOException {
    String file =
        source(
            "Twice" + System.nanoTime() + ".java",
            """
            void main() throws Exception {
              var jar = getClass().getProtectionDomain().getCodeSource().getLocation();
              IO.println(new java.io.File(jar.toURI()).lastModified());
            }
            """);
    String compiled = raddle().run("run", file).out();
    assertTrue(compiled.matches("[1-9]\\d+\n"), compiled);
    assertEquals(compiled, raddle().run("run", file).out());
  }

  @Test
  void firstRunsAtTheSameTimeBothWork() throws IOException {
    String file = source("Both" + System.nanoTime() + ".java", "void main() { IO.println(1); }");
    var other = CompletableFuture.supplyAsync(() -> raddle().run("run", file).out());
    assertEquals("1\n", raddle().run("run", file).out());
    assertEquals("1\n", other.join());
  }

  @Test
  void aCompileErrorShowsWhatJavacSays() throws IOException {
    ended(
        1,
        "Bad.java:1: error: ",
        raddle().run("run", source("Bad.java", "void main() { int x = ; }")));
  }

  @Test
  void anUnknownFileIsNamed() {
    ended(
        1,
        "expected a Java source file, found no such file: none.java",
        raddle().run("run", "none.java"));
  }

  @Test
  void aFileWithoutMainSaysWhatWasExpected() throws IOException {
    ended(
        1,
        "expected void main() or static void main(String[] args), found none",
        raddle().run("run", source("Lib.java", "class Lib { void f() {} }")));
  }

  @Test
  void anUnknownCommandListsTheCommands() {
    ended(64, "usage: raddle COMMAND", raddle().run("frobnicate"));
  }

  @Test
  void anUncaughtExceptionInMainEndsWithStatusTwo() throws IOException {
    String file = source("Boom.java", "void main() { throw new IllegalStateException(\"boom\"); }");
    Raddle.Result r = raddle().run("run", file);
    ended(2, "panic: java.lang.IllegalStateException: boom\n\ngoroutine 1 [running]:\n", r);
    assertTrue(r.err().contains("Boom.java:1"), r::toString);
  }

  @Test
  void anUncaughtExceptionInAnyGoroutineEndsWithStatusTwo() throws IOException {
    String file =
        source(
            "Other.java",
            """
            import dev.raddle.*;
            void main() throws Exception {
              Go.go(() -> { throw new IllegalStateException("boom"); });
              Chan.make().recv();
            }
            """);
    ended(2, "panic: java.lang.IllegalStateException: boom", raddle().run("run", file));
  }

  @Test
  void goexitInMainWithNobodyLeftIsADeadlock() throws IOException {
    String file = source("Exit.java", "void main() { dev.raddle.Go.goexit(); }");
    ended(
        2,
        "fatal error: no goroutines (main called goexit) - deadlock!",
        raddle().run("run", file));
  }

  @Test
  void aSleepingMainIsNoDeadlock() throws IOException {
    String file =
        source(
            "Sleep.java",
            """
            void main() throws Exception {
              dev.raddle.Go.sleep(java.time.Duration.ofMillis(400));
              Thread.sleep(400);
              IO.println("woke");
            }
            """);
    assertEquals("woke\n", raddle().run("run", file).out());
  }

  @Test
  void aPlatformThreadThatWillSendIsNoDeadlock() throws IOException {
    String file =
        source(
            "Foreign.java",
            """
            import dev.raddle.*;
            void main() throws Exception {
              Chan<Integer> ch = Chan.make();
              Thread.ofPlatform().daemon().start(() -> {
                try { Thread.sleep(600); ch.send(1); } catch (InterruptedException e) { }
              });
              IO.println(ch.recv());
            }
            """);
    assertEquals("1\n", raddle().run("run", file).out());
  }

  @Test
  void waitingForTheNetworkIsNoDeadlock() throws IOException {
    String file =
        source(
            "Net.java",
            """
            import java.net.*;
            void main() throws Exception {
              var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
              server.setSoTimeout(700);
              try { server.accept(); } catch (SocketTimeoutException e) { IO.println("timeout"); }
            }
            """);
    assertEquals("timeout\n", raddle().run("run", file).out());
  }

  @Test
  void aProcessThatTakesTimeToEndIsNoDeadlock() throws IOException {
    String file =
        source(
            "Ending.java",
            """
            void main() {
              Runnable slow = () -> {
                try { Thread.sleep(700); } catch (InterruptedException e) { }
              };
              // under a name that the detector takes for a service of the JDK
              Runtime.getRuntime().addShutdownHook(new Thread(null, slow, "Common-Cleaner"));
            }
            """);
    Raddle.Result r = raddle().run("run", file);
    assertEquals("", r.err());
    assertEquals(0, r.status());
  }

  @Test
  void badAddressesAreNamed() throws IOException {
    String file =
        source(
            "Listen.java",
            """
            void main(String[] args) throws Exception {
              dev.raddle.http.Http.listenAndServe(args[0], null);
            }
            """);
    ended(2, "99999", raddle().run("run", file, ":99999"));
    ended(2, "nohost", raddle().run("run", file, "nohost.invalid:80"));
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ended(
          2,
          "address already in use",
          raddle().run("run", file, "127.0.0.1:" + taken.getLocalPort()));
    }
  }

  @Test
  void theDoctorNamesTheMode() {
    Raddle.Result r = raddle().run("doctor");
    assertEquals(0, r.status(), r::toString);
    assertTrue(r.out().contains("OWN: Raddle's own scheduler"), r::toString);
  }
}
