package dev.raddle.cli;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles one source file to a jar. */
final class SourceFile {
  private SourceFile() {}

  /** A mistake of the user: its message is all there is to print. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String message) {
      super(message);
    }
  }

  /**
   * Compiles {@code file} into {@code folder}: app.jar, and the name of its main class in a file
   * called main, which is written last; a second line there says what is worth preloading. Two
   * processes may do so at the same time.
   */
  static String compile(Path file, Path folder) throws IOException, Failure {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new Failure(
          "raddle: expected a JDK with a compiler, found " + System.getProperty("java.home"));
    }
    if (!Files.isRegularFile(file) || !file.toString().endsWith(".java")) {
      throw new Failure("raddle: expected a Java source file, found " + file);
    }
    Files.createDirectories(folder);
    Path classes = Files.createTempDirectory(folder, "classes");
    try {
      String main = compileTo(javac, file, classes);
      Path jar = Files.createTempFile(folder, "app", ".tmp");
      pack(classes, jar);
      Files.move(jar, folder.resolve("app.jar"), StandardCopyOption.ATOMIC_MOVE);
      Path name = Files.createTempFile(folder, "main", ".tmp");
      Files.writeString(name, main + "\n" + (usesHttp(classes) ? "http\n" : ""));
      Files.move(name, folder.resolve("main"), StandardCopyOption.ATOMIC_MOVE);
      return main;
    } finally {
      delete(classes);
    }
  }

  private static String compileTo(JavaCompiler javac, Path file, Path classes)
      throws IOException, Failure {
    var messages = new StringWriter();
    try (var files = javac.getStandardFileManager(null, null, null)) {
      var options =
          List.of(
              "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
      var sources = files.getJavaFileObjects(file);
      if (!javac.getTask(messages, files, null, options, null, sources).call()) {
        throw new Failure(messages.toString().stripTrailing());
      }
      // Once more, only to see which type comes first: a task that has parsed cannot be called.
      var parser = (JavacTask) javac.getTask(null, files, null, options, null, sources);
      List<String> types = new ArrayList<>();
      for (CompilationUnitTree unit : parser.parse()) {
        String prefix = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
        for (var type : unit.getTypeDecls()) {
          if (type instanceof ClassTree c) {
            types.add(prefix + c.getSimpleName());
          }
        }
      }
      System.err.print(messages);
      if (types.isEmpty()) {
        throw noMain(file);
      }
      String main = types.get(0);
      try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
        if (Exec.mainMethod(Class.forName(main, false, loader)) == null) {
          throw noMain(file);
        }
      } catch (ClassNotFoundException e) {
        throw new IOException("compiled " + file + " but found no class " + main, e);
      }
      return main;
    }
  }

  private static Failure noMain(Path file) {
    return new Failure(
        "raddle: "
            + file
            + ": expected void main() or static void main(String[] args), found none");
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var all = Files.walk(classes)) {
      for (Path p : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
        out.putNextEntry(new JarEntry(classes.relativize(p).toString().replace('\\', '/')));
        Files.copy(p, out);
      }
    }
  }

  private static boolean usesHttp(Path classes) throws IOException {
    try (var all = Files.walk(classes)) {
      for (Path p : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        if (Files.readString(p, StandardCharsets.ISO_8859_1).contains("dev/raddle/http/")) {
          return true;
        }
      }
    }
    return false;
  }

  static void delete(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path p : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(p);
      }
    }
  }
}
