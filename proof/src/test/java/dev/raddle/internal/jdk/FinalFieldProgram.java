package dev.raddle.internal.jdk;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Replaces the final field of many threads; prints how often a load came on the wrong side. */
final class FinalFieldProgram {
  private static final int TIMES = 2_000_000;

  private FinalFieldProgram() {}

  static void main(String[] args) throws Throwable {
    boolean twin = args[0].equals("twin");
    var kept = new Submitted[1_000];
    long wrong = 0;
    for (int i = 0; i < TIMES; i++) {
      var s = new Submitted();
      kept[i % kept.length] = s;
      s.thread =
          twin ? replaced(s) : VirtualThreads.create(ForkJoinPool.commonPool(), "", s, s, false);
      if (twin ? s.before == s : VirtualThreads.submittedFor(s.thread) != s) {
        wrong++;
      }
    }
    System.out.println(wrong);
  }

  private static final class Submitted implements Runnable {
    @Nullable Thread thread;
    @Nullable Runnable before;

    @Override
    public void run() {}
  }

  /** Reads, then replaces, by handles that are constants: C2 inlines both and orders neither. */
  private static Thread replaced(Submitted ours) throws Throwable {
    var t =
        (Thread)
            Handles.CREATE.invokeExact(
                (Executor) ForkJoinPool.commonPool(), "", 0, (Runnable) ours);
    var before = (Runnable) Handles.GET.invokeExact(t);
    Handles.SET.invokeExact(t, (Runnable) ours);
    ours.before = before;
    return t;
  }

  private static final class Handles {
    static final MethodHandle CREATE;
    static final MethodHandle GET;
    static final MethodHandle SET;

    static {
      try {
        var own = MethodHandles.lookup();
        Class<?> builders = Class.forName("java.lang.ThreadBuilders");
        Class<?> virtual = Class.forName("java.lang.VirtualThread");
        Field run = virtual.getDeclaredField("runContinuation");
        run.setAccessible(true);
        var type =
            methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class);
        CREATE =
            MethodHandles.privateLookupIn(builders, own)
                .findStatic(builders, "newVirtualThread", type);
        var inside = MethodHandles.privateLookupIn(virtual, own);
        GET = inside.unreflectGetter(run).asType(methodType(Runnable.class, Thread.class));
        SET =
            inside
                .unreflectSetter(run)
                .asType(methodType(void.class, Thread.class, Runnable.class));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("java.lang.VirtualThread has changed", e);
      }
    }
  }
}
