package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A lambda, a string made of parts, a switch over types: the JVM links these where they first run.
 * If a full heap has no room for that, they fail there for ever, in every later call. So the
 * runtime's own threads run none, and what a goroutine may be lost by runs none either.
 */
class LinkingTest {
  private static final Set<String> PACKAGES =
      Set.of("internal/chan", "internal/jdk", "internal/sched", "internal/timer", "internal/util");

  /** Whose callers get the error, and lose nothing. */
  private static final Set<String> ALLOWED =
      Set.of(
          // a scheduler, or the program, that cannot be made
          "internal/jdk/Cpus$Native",
          "internal/sched/ProcSched.<init>",
          "internal/sched/ProgramRun.await",
          "internal/sched/Registry.<init>",
          "internal/sched/Sched.<init>",
          "internal/sched/SchedConfig.cpus",
          "internal/sched/SchedConfig.ofDefault",
          "internal/sched/Watchdog.<init>",
          // with the first goroutine, which is not started then
          "internal/sched/GThread.<clinit>",
          // for who asks
          "internal/sched/Dump.of",
          "internal/sched/Note.caller",
          "internal/sched/ProcSched.lambda$new$0",
          "internal/sched/Note.lambda$caller$0",
          // on the JDK's scheduler, which itself loses goroutines in a full heap
          "internal/sched/JdkSched");

  private static final Set<String> OF_RECORDS = Set.of("toString", "hashCode", "equals");

  @Test
  void theRuntimeRunsNothingThatTheJvmLinksByACallOfItsOwn() throws Exception {
    var found = new TreeSet<String>();
    for (String p : PACKAGES) {
      try (Stream<Path> files = Files.list(classes().resolve("dev/raddle").resolve(p))) {
        files.filter(f -> f.toString().endsWith(".class")).forEach(f -> look(f, found));
      }
    }
    var unused = new TreeSet<>(ALLOWED);
    unused.removeAll(found);
    assertEquals(Set.of(), unused, "allowed, and not there");
    found.removeAll(ALLOWED);
    assertEquals(Set.of(), found);
  }

  @Test
  void theLookFindsALambda() throws Exception {
    var found = new TreeSet<String>();
    look(classes().resolve("dev/raddle/Chan.class"), found);
    assertTrue(found.stream().anyMatch(at -> at.startsWith("Chan.")), found::toString);
  }

  private static Path classes() throws Exception {
    return Path.of(Go.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void look(Path file, Set<String> found) {
    ClassModel model;
    try {
      model = ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String name = model.thisClass().asInternalName().substring("dev/raddle/".length());
    for (MethodModel method : model.methods()) {
      boolean links =
          method.code().stream()
              .flatMap(code -> code.elementStream())
              .anyMatch(InvokeDynamicInstruction.class::isInstance);
      String in = method.methodName().stringValue();
      if (links && !OF_RECORDS.contains(in)) {
        found.add(ALLOWED.contains(name) ? name : name + "." + in);
      }
    }
  }
}
