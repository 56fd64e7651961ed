package dev.raddle.cli;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Entry of {@code java -jar raddle.jar}. */
public final class Main {
  private static final String USAGE =
      """
      usage: raddle COMMAND
        run FILE.java [ARGS...]   compile and run a program; it ends as a Go program does
        doctor                    say which JDK, which scheduler, what is closed and how to open it
        version
        help
      """;

  private Main() {}

  /** Exit status 1 for what the user can mend in a file, 64 for a wrong command line. */
  public static void main(String[] args) throws IOException {
    String command = args.length == 0 ? "" : args[0];
    switch (command) {
      case "run" -> {
        if (args.length < 2) {
          usage("run: expected a Java source file, found nothing");
        }
        run(Path.of(args[1]), Arrays.copyOfRange(args, 2, args.length));
      }
      case "compile" -> { // for the script
        if (args.length != 3) {
          usage("compile: expected FILE FOLDER");
        }
        compile(Path.of(args[1]), Path.of(args[2]));
      }
      case "doctor" -> Doctor.report();
      case "version" -> System.out.println("raddle " + version());
      case "help", "-h", "--help" -> System.out.print(USAGE);
      default ->
          usage(
              "expected a command: run, doctor, version or help; found "
                  + (command.isEmpty() ? "none" : command));
    }
  }

  static String version() {
    String v = Main.class.getPackage().getImplementationVersion();
    return v == null ? "(development)" : v;
  }

  private static String compile(Path file, Path folder) throws IOException {
    try {
      return SourceFile.compile(file, folder);
    } catch (SourceFile.Failure e) {
      System.err.println(e.getMessage());
      System.exit(1);
      throw new AssertionError(e);
    }
  }

  /** Without the script: in this JVM, which the manifest has opened. */
  private static void run(Path file, String[] args) throws IOException {
    Path folder = Files.createTempDirectory("raddle");
    String main = compile(file, folder);
    byte[] jar = Files.readAllBytes(folder.resolve("app.jar"));
    Path kept = Files.createTempFile("raddle", ".jar");
    Files.write(kept, jar);
    SourceFile.delete(folder);
    kept.toFile().deleteOnExit();
    var loader = new URLClassLoader(new URL[] {kept.toUri().toURL()}, Main.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    try {
      Exec.run(Class.forName(main, false, loader), args);
    } catch (ClassNotFoundException e) {
      throw new IOException("compiled " + file + " but found no class " + main, e);
    }
  }

  private static void usage(String message) {
    System.err.print("raddle: " + message + "\n" + USAGE);
    System.exit(64);
  }
}
