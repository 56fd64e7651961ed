package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The JVM links some calls by running code of its own when they are first made: lambdas, switches
 * over types, VarHandles and MethodHandles. If a full heap has no room for that, the call fails;
 * that of a lambda for ever. So the runtime's own threads, and what a goroutine may be lost by, run
 * no lambdas, and make each of the others once beforehand, in a method named {@code rehearse}, an
 * initializer or a constructor.
 */
class LinkingTest {
  private static final String ROOT = "dev/raddle/";
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

  /** Made with a scheduler, or with the first goroutine, which is not started if one fails. */
  private static final Set<String> EARLY =
      Set.of(
          "internal/jdk/Cpus$Native",
          "internal/jdk/FileDescriptors.of", // for who opens a socket
          "internal/jdk/VirtualThreads.create",
          "internal/jdk/VirtualThreads.runContinuation");

  private static final Set<String> REHEARSALS = Set.of("<clinit>", "<init>", "rehearse");

  private static final Set<String> OF_RECORDS = Set.of("toString", "hashCode", "equals");

  @Test
  void theRuntimeRunsNothingThatTheJvmLinksByACallOfItsOwn() throws Exception {
    var found = new TreeSet<String>();
    for (ClassModel c : runtime()) {
      look(c, found);
    }
    expect(ALLOWED, found);
  }

  @Test
  void callsThroughHandlesAreMadeOnceBeforehand() throws Exception {
    var found = new TreeSet<String>();
    var rehearsing = new TreeSet<String>();
    var rehearsed = new TreeSet<String>();
    for (ClassModel c : runtime()) {
      lookAtHandles(c, found);
      for (MethodModel method : c.methods()) {
        String in = nameOf(c);
        if (is(method, "rehearse")) {
          rehearsing.add(in);
        }
        calls(method)
            .filter(call -> call.name().equalsString("rehearse"))
            .forEach(call -> rehearsed.add(shortName(call.owner().asInternalName())));
      }
    }
    expect(EARLY, found);
    assertEquals(rehearsing, rehearsed, "a rehearsal that nobody calls");
    assertTrue(rehearsing.size() > 4, rehearsing::toString);
  }

  private static void expect(Set<String> allowed, Set<String> found) {
    var unused = new TreeSet<>(allowed);
    unused.removeAll(found);
    assertEquals(Set.of(), unused, "allowed, and not there");
    found.removeAll(allowed);
    assertEquals(Set.of(), found);
  }

  /** Adds the methods of {@code c} with a call through a handle that no rehearsal makes. */
  private static void lookAtHandles(ClassModel c, Set<String> found) {
    var made = new HashSet<String>();
    var seen = new HashSet<MethodModel>();
    var next = new ArrayDeque<MethodModel>();
    c.methods().stream()
        .filter(m -> REHEARSALS.contains(m.methodName().stringValue()))
        .forEach(next::add);
    for (MethodModel m; (m = next.poll()) != null; ) {
      if (!seen.add(m)) {
        continue;
      }
      calls(m).filter(LinkingTest::isThroughHandle).map(LinkingTest::shape).forEach(made::add);
      for (InvokeInstruction call : calls(m).toList()) {
        for (MethodModel own : c.methods()) {
          if (call.owner().equals(c.thisClass())
              && call.name().equals(own.methodName())
              && call.type().equals(own.methodType())) {
            next.add(own);
          }
        }
      }
    }
    for (MethodModel m : c.methods()) {
      if (calls(m).anyMatch(call -> isThroughHandle(call) && !made.contains(shape(call)))) {
        String name = nameOf(c);
        found.add(EARLY.contains(name) ? name : name + "." + m.methodName().stringValue());
      }
    }
  }

  private static boolean isThroughHandle(InvokeInstruction call) {
    String owner = call.owner().asInternalName();
    String name = call.name().stringValue();
    return owner.equals("java/lang/invoke/VarHandle")
        ? !name.endsWith("Fence")
        : owner.equals("java/lang/invoke/MethodHandle") && name.startsWith("invoke");
  }

  /** What the JVM links once for a class: the method and its type. */
  private static String shape(InvokeInstruction call) {
    return call.name().stringValue() + call.type().stringValue();
  }

  private static Stream<InvokeInstruction> calls(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .filter(InvokeInstruction.class::isInstance)
        .map(InvokeInstruction.class::cast);
  }

  private static boolean is(MethodModel method, String name) {
    return method.methodName().equalsString(name);
  }

  private static String nameOf(ClassModel c) {
    return shortName(c.thisClass().asInternalName());
  }

  private static String shortName(String internal) {
    return internal.startsWith(ROOT) ? internal.substring(ROOT.length()) : internal;
  }

  private static List<ClassModel> runtime() throws Exception {
    var all = new ArrayList<ClassModel>();
    for (String p : PACKAGES) {
      try (Stream<Path> files = Files.list(classes().resolve(ROOT + p))) {
        for (Path f : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          all.add(ClassFile.of().parse(f));
        }
      }
    }
    return all;
  }

  @Test
  void theLookFindsALambda() throws Exception {
    var found = new TreeSet<String>();
    look(ClassFile.of().parse(classes().resolve(ROOT + "Chan.class")), found);
    assertTrue(found.stream().anyMatch(at -> at.startsWith("Chan.")), found::toString);
  }

  private static Path classes() throws Exception {
    return Path.of(Go.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void look(ClassModel c, Set<String> found) {
    String name = nameOf(c);
    for (MethodModel method : c.methods()) {
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
