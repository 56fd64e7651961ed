package dev.raddle.internal.sched;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.raddle.child.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls that block a thread, on one P, while another goroutine is queued. Where the JDK says that
 * it blocks, the right to run goes over at once: sysmon, which would see to it later, is kept from
 * looking. Where it does not say so, sysmon does.
 */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's Ps")
class BlockingTest {
  private static final int LIMIT_SECONDS = 40;

  @TempDir Path dir;

  private interface Step {
    void run() throws Exception;
  }

  private final ProcSched sched =
      ProcSched.isolated(
          new SchedConfig("blocking", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));

  private static G goroutine(Step step, CompletableFuture<String> end) {
    return new G() {
      @Override
      protected void body() {
        try {
          step.run();
          end.complete("ended");
        } catch (Throwable t) {
          end.completeExceptionally(t);
        }
      }
    };
  }

  @CanIgnoreReturnValue // what a goroutine has done is seen elsewhere, too
  private CompletableFuture<String> go(Step step) {
    var end = new CompletableFuture<String>();
    sched.spawn(goroutine(step, end));
    return end;
  }

  /** Runs {@code step} as a goroutine without sysmon; then closes. */
  private void withoutSysmon(Step step) throws Exception {
    Sysmon.forget(sched);
    try {
      go(step).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      Sysmon.watch(sched); // closing needs it
    }
    sched.close();
  }

  private void withSysmon(Step step) throws Exception {
    go(step).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    sched.close();
  }

  /**
   * For a call that may be over soon. Another M has to be made for the P that gets the right to
   * run: without a hand-off the one there is does all.
   */
  private void handsOffAtOnce(Step call) throws Exception {
    withoutSysmon(
        () -> {
          assertEquals(1, sched.threadCount());
          var other = go(() -> {});
          call.run();
          assertEquals(2, sched.threadCount(), "threads: nobody was told that the call blocks");
          other.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        });
  }

  /** Shows that {@link #handsOffAtOnce} can fail. */
  @Test
  void aCallThatDoesNotBlockHandsNothingOff() throws Exception {
    withoutSysmon(
        () -> {
          var other = go(() -> {});
          Files.writeString(dir.resolve("buffered"), "text");
          assertEquals(1, sched.threadCount());
          assertFalse(other.isDone());
        });
  }

  @Test
  void fsync() throws Exception {
    try (var file =
        FileChannel.open(
            dir.resolve("synced"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      handsOffAtOnce(
          () -> {
            file.write(ByteBuffer.wrap(new byte[] {1}));
            file.force(true);
          });
    }
  }

  /** By the system's resolver; from the address, as a name might be in the JDK's cache. */
  @Test
  void dns() throws Exception {
    handsOffAtOnce(
        () ->
            assertFalse(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
                    .getCanonicalHostName()
                    .isEmpty()));
  }

  /** What the process writes depends on the goroutine that is queued. */
  @Test
  void aProcessPipe() throws Exception {
    Process cat = new ProcessBuilder("/bin/cat").start();
    withoutSysmon(
        () -> {
          var writer =
              go(
                  () -> {
                    try (var out = cat.outputWriter(UTF_8)) {
                      out.write("from the other\n");
                    }
                  });
          assertEquals("from the other", cat.inputReader(UTF_8).readLine());
          writer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        });
    assertEquals(0, cat.waitFor());
  }

  /** The parent writes once the other goroutine of the child has run. */
  @Test
  void standardInput() throws Exception {
    List<String> command = Child.command(Child.modeFlags());
    command.add(StdinProgram.class.getName());
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(p::destroyForcibly);
    BufferedReader out = p.inputReader(UTF_8);
    assertEquals("other ran", out.readLine());
    try (var in = p.outputWriter(UTF_8)) {
      in.write("a line\n");
    }
    assertEquals("read a line", out.readLine());
    assertEquals(0, p.waitFor());
  }

  // ---- the JDK says nothing: by sysmon ----

  private Path fifo() throws IOException, InterruptedException {
    Path fifo = dir.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    return fifo;
  }

  /** The open waits for a writer, the read for what it writes. */
  @Test
  void aFifo() throws Exception {
    Path fifo = fifo();
    withSysmon(
        () -> {
          var mayWrite = new AtomicBoolean();
          var writer =
              go(
                  () -> {
                    try (var out = Files.newBufferedWriter(fifo, UTF_8)) {
                      while (!mayWrite.get()) {
                        Thread.onSpinWait();
                      }
                      out.write("late\n");
                    }
                  });
          try (var in = Files.newBufferedReader(fifo, UTF_8)) {
            go(() -> mayWrite.set(true)); // runs while the read blocks
            assertEquals("late", in.readLine());
          }
          writer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        });
  }

  /** As a call of JNI: the thread is in native code, and nobody is told. */
  @Test
  @SuppressWarnings("restricted") // native access is what is tested
  void aDowncall() throws Exception {
    var linker = Linker.nativeLinker();
    var usleep =
        linker.downcallHandle(
            linker.defaultLookup().find("usleep").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    withSysmon(
        () -> {
          var ran = new AtomicBoolean();
          go(() -> ran.set(true));
          while (!ran.get()) {
            try {
              assertEquals(0, (int) usleep.invokeExact(50_000));
            } catch (Throwable t) {
              throw new AssertionError(t);
            }
          }
        });
  }

  /** Of the operating system. */
  @SuppressWarnings("restricted") // the JDK does not tell it
  private static int threadId() {
    var linker = Linker.nativeLinker();
    var gettid =
        linker.downcallHandle(
            linker.defaultLookup().find("gettid").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return (int) gettid.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** A locked goroutine parks by the JDK's means: its thread blocks, and others run. */
  @Test
  void foreignParksOfALockedGoroutine() throws Exception {
    withSysmon(
        () -> {
          LockedThread.lock();
          Thread me = Thread.currentThread();
          int thread = threadId();
          var unparked = new AtomicBoolean();
          go(
              () -> {
                unparked.set(true);
                LockSupport.unpark(me);
              });
          while (!unparked.get()) {
            LockSupport.park(this);
          }
          var monitor = new Object();
          var notified = new AtomicBoolean();
          go(
              () -> {
                synchronized (monitor) {
                  notified.set(true);
                  monitor.notifyAll();
                }
              });
          synchronized (monitor) {
            while (!notified.get()) {
              monitor.wait();
            }
          }
          var ran = new AtomicBoolean();
          go(() -> ran.set(true));
          while (!ran.get()) {
            Thread.sleep(20);
          }
          var value = new CompletableFuture<String>();
          go(() -> value.complete("by another"));
          assertEquals("by another", value.get(LIMIT_SECONDS, TimeUnit.SECONDS));
          assertEquals(thread, threadId(), "the locked goroutine has changed its thread");
          LockedThread.unlock();
        });
  }

  /** Run in its own JVM, as its standard input blocks. */
  static final class StdinProgram {
    private StdinProgram() {}

    public static void main(String[] args) throws Exception {
      var sched =
          ProcSched.isolated(
              new SchedConfig("stdin", 1, new int[0], SchedConfig.QUEUE_CAPACITY, true));
      Sysmon.forget(sched);
      var end = new CompletableFuture<String>();
      var otherEnd = new CompletableFuture<String>();
      sched.spawn(
          goroutine(
              () -> {
                sched.spawn(goroutine(() -> System.out.println("other ran"), otherEnd));
                var line = new StringBuilder();
                for (int c; (c = System.in.read()) != '\n'; ) {
                  line.append((char) c);
                }
                System.out.println("read " + line);
              },
              end));
      end.get();
      otherEnd.get();
      System.exit(0);
    }
  }
}
