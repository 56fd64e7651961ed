package dev.raddle.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After Go's runtime/crash_test.go: how programs end. The program is Crash.java. */
class GoCrashIT {
  private static final String ASLEEP = "fatal error: all goroutines are asleep - deadlock!\n";
  private static final String NO_GOROUTINES =
      "fatal error: no goroutines (main called goexit) - deadlock!\n";

  private static Raddle.Result run(String what) {
    var program = Raddle.HOME.resolve("acceptance/src/test/resources/Crash.java");
    return new Raddle().run("run", program.toString(), what);
  }

  private static Raddle.Result crashes(String what, String start) {
    Raddle.Result r = run(what);
    assertEquals(2, r.status(), r::toString);
    assertTrue(r.err().startsWith(start), () -> "expected " + start + "\nfound " + r);
    return r;
  }

  /**
   * Follows TestSimpleDeadlock, TestLockedDeadlock, TestLockedDeadlock2 and
   * fixedbugs/issue21576.go.
   */
  @ParameterizedTest
  @ValueSource(strings = {"deadlock", "lockedDeadlock", "lockedDeadlock2", "signalsDeadlock"})
  void allAsleep(String what) {
    crashes(what, ASLEEP);
  }

  /**
   * Follows TestGoexitDeadlock, TestGoexitCrash, TestGoexitInPanic (a goexit replaces what was
   * thrown) and TestRecoveredPanicAfterGoexit (what is thrown and caught below leaves it alone).
   */
  @ParameterizedTest
  @CsvSource({
    "goexitDeadlock, ''",
    "goexitInPanic, ''",
    "recoveredPanicAfterGoexit, recovered hello"
  })
  void nobodyIsLeftAfterAGoexitOfMain(String what, String out) {
    assertEquals(out, crashes(what, NO_GOROUTINES).out().strip());
  }

  /** Follows TestPanicAfterGoexit: what is thrown during a goexit is not lost. */
  @Test
  void whatIsThrownDuringAGoexitCrashes() {
    crashes("panicAfterGoexit", "panic: java.lang.IllegalStateException: hello\n");
  }

  /** Follows fixedbugs/issue5963.go: main goes while it is locked; another exits. */
  @Test
  void anotherExitsAfterAGoexitOfMain() {
    Raddle.Result r = run("goexitThenExit");
    assertEquals(7, r.status(), r::toString);
    assertEquals("", r.err());
  }

  /** Follows TestGoNil. */
  @Test
  void aGoroutineOfNothing() {
    crashes("goNil", "panic: java.lang.NullPointerException: go of nil func value\n");
  }

  /** Follows TestNoHelperGoroutines: timers and cleaners are no goroutines. */
  @Test
  void helpersAreNotShown() {
    Raddle.Result r = crashes("noHelpers", "panic: java.lang.IllegalStateException: oops\n");
    long shown = Pattern.compile("goroutine \\d+ \\[").matcher(r.err()).results().count();
    assertEquals(1, shown, r::toString);
    assertTrue(r.err().contains("\ngoroutine 1 [running]:\n"), r::toString);
  }

  /** Follows TestStackOverflow. */
  @Test
  void aStackThatOverflowsCrashes() {
    crashes("stackOverflow", "panic: java.lang.StackOverflowError\n\ngoroutine 1 [running]:\n");
  }

  /** Follows TestCrashHandler: failures of the runtime are caught, on any thread. */
  @Test
  void failuresOfTheRuntimeAreCaught() {
    Raddle.Result r = run("recovers");
    assertEquals(0, r.status(), r::toString);
    assertEquals(
        """
        main: recovered done
        new-thread: recovered done
        second-new-thread: recovered done
        main-again: recovered done
        """,
        r.out());
  }

  /**
   * Follows TestRecursivePanic, ..2, ..3 and ..5: of what was caught on the way the last one thrown
   * remains, in the order of the catch and finally blocks.
   */
  @ParameterizedTest
  @CsvSource({
    "wrapped, wrap: bad, again",
    "inOrder, first panic|second panic, third panic",
    "recoveredInside, recovered second panic, first panic"
  })
  void theLastOneThrownRemains(String what, String out, String panic) {
    Raddle.Result r = crashes(what, "panic: java.lang.IllegalStateException: " + panic + "\n\n");
    assertEquals(out.replace("|", "\n"), r.out().strip());
  }

  /** Follows TestRecursivePanic4: what led to it is told, too. */
  @Test
  void causesAreTold() {
    Raddle.Result r = crashes("causes", "panic: java.lang.IllegalStateException: second panic\n");
    assertTrue(
        r.err().contains("caused by: java.lang.IllegalStateException: first panic\n"), r::toString);
  }

  /** Follows TestDoublePanic: of two that are under way at the same time both are told. */
  @Test
  void theSuppressedAreTold() {
    Raddle.Result r = crashes("suppressed", "panic: java.lang.IllegalStateException: XXX\n");
    assertTrue(
        r.err().contains("suppressed: java.lang.IllegalArgumentException: YYY\n"), r::toString);
  }

  /** Follows TestDoublePanicWithSameValue. */
  @Test
  void theSameThrownTwiceIsToldOnce() {
    Raddle.Result r = crashes("sameValue", "panic: java.lang.IllegalStateException: message\n");
    assertEquals(r.err().indexOf("message"), r.err().lastIndexOf("message"), r::toString);
  }

  /** A chain of causes may be a circle. Beside TestPanicWhilePanicking, whose errors are one. */
  @Test
  void aCircleOfCausesIsToldOnce() {
    Raddle.Result r = crashes("causeOfItself", "panic: java.lang.IllegalStateException: a\n");
    assertTrue(r.err().contains("caused by: java.lang.IllegalStateException: b\n"), r::toString);
  }

  /** Follows TestPanicWhilePanicking and TestPanicLoop: a message that fails hangs nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"messageFails", "messageFailsTwice"})
  void aMessageThatFailsHangsNothing(String what) {
    Raddle.Result r = crashes(what, "panic: ");
    assertTrue(r.err().lines().findFirst().orElse("").contains("Told"), r::toString);
    assertTrue(r.err().contains("goroutine 1 [running]:\n"), r::toString);
    assertTrue(!what.equals("messageFails") || r.err().contains("important"), r::toString);
  }

  /**
   * Follows TestPanicDeadlockGosched and TestPanicDeadlockSyscall: the message yields, or prints.
   */
  @ParameterizedTest
  @CsvSource({"messageYields, yielded, ''", "messagePrints, 3, 1|2"})
  void aMessageMayYieldAndPrint(String what, String message, String out) {
    Raddle.Result r = crashes(what, "panic: ");
    assertTrue(r.err().lines().findFirst().orElse("").endsWith(message), r::toString);
    assertTrue(r.out().strip().replace("\n", "|").endsWith(out), r::toString);
  }

  /**
   * Follows TestPanicRace, and TestIssue76126 (sync/waitgroup_test.go): main returns while another
   * goroutine is about to report, and after the wait for a group of which one has failed.
   */
  @ParameterizedTest
  @ValueSource(strings = {"mainReturnsMeanwhile", "mainWaitsForAGroup"})
  void mainDoesNotOutrunTheReport(String what) {
    Raddle.Result r = crashes(what, "panic: ");
    assertTrue(r.err().contains("the report"), r::toString);
  }

  /** Follows TestPanicTraceback and TestPanicInlined: who called whom, with lines. */
  @Test
  void theTraceTellsWhoCalledWhom() {
    Raddle.Result r = crashes("traceback", "panic: java.lang.IllegalStateException: hello\n");
    int second = r.err().indexOf("Chain.second");
    int first = r.err().indexOf("Chain.first");
    assertTrue(second > 0 && first > second, r::toString);
    assertFalse(r.err().contains("Unknown Source"), r::toString);
  }

  /** Follows test/sigchld.go. */
  @Test
  void aProgramSurvivesSigchld() {
    Raddle.Result r = run("child");
    assertEquals("survived SIGCHLD\n", r.out(), r::toString);
    assertEquals(0, r.status());
  }
}
