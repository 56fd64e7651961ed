package dev.raddle.internal.jdk;

import static java.lang.invoke.MethodType.methodType;

import dev.raddle.internal.util.Parker;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.internal.vm.StackableScope;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;
import org.jspecify.annotations.Nullable;

/*
 * The hook into java.lang.VirtualThread (JDK 25). What is used, and why:
 *
 *   ThreadBuilders.newVirtualThread(Executor, ..)  a virtual thread on a scheduler of our own
 *   VirtualThread.runContinuation                  what the JDK submits to that scheduler at every wake.
 *                                                  We put our own object there, so that a wake arrives as
 *                                                  the goroutine itself: no map, no wrapper per wake
 *   VirtualThread.runContinuation()                runs the thread on the calling carrier
 *   VirtualThread.carrierThread                    which M runs the current goroutine. Read through the
 *                                                  volatile field: Thread.currentCarrierThread() is loaded
 *                                                  from the OS thread's register block as an immutable, and
 *                                                  the JIT may keep it across a park that changes the carrier
 *   Thread.threadLocals, inheritableThreadLocals   cleared when one virtual thread runs goroutines in turn
 *   Thread.setThreadContainer                      moves a thread that somebody else started into the container
 *                                                  of its scheduler. That field is @Stable, so only before the
 *                                                  thread runs, where nobody but a dump has read it
 *   Module.implAddExports                          opens jdk.internal.misc to us, so that users need one flag
 *
 * All of it needs java.lang to be open to us; nothing else does. If any part is closed or gone the
 * whole hook counts as closed.
 */
/** Virtual threads on a scheduler of our own. */
public final class VirtualThreads {
  /** The flag that opens the hook, for messages. */
  public static final String FLAG = openFlag();

  private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2; // Thread's constant

  private static final @Nullable Throwable CLOSED;

  // Not final, on purpose. runContinuation is a final field, and C2 orders a load of such a field
  // with
  // no store: once inlined, the load below was moved after the store that replaces the value.
  // Through
  // a handle that is no constant nothing is inlined.
  @SuppressWarnings("FieldMayBeFinal")
  private static @Nullable MethodHandle create;

  @SuppressWarnings("FieldMayBeFinal")
  private static @Nullable MethodHandle getRun;

  @SuppressWarnings("FieldMayBeFinal")
  private static @Nullable MethodHandle setRun;

  private static final @Nullable MethodHandle RUN;
  private static final @Nullable MethodHandle CARRIER;
  private static final @Nullable MethodHandle GET_LOCALS;
  private static final @Nullable MethodHandle SET_LOCALS;
  private static final @Nullable MethodHandle SET_INHERITABLE;
  private static final @Nullable MethodHandle START;
  private static final @Nullable MethodHandle SET_CONTAINER;

  static {
    MethodHandle runContinuation = null;
    MethodHandle carrier = null;
    MethodHandle getLocals = null;
    MethodHandle setLocals = null;
    MethodHandle setInheritable = null;
    MethodHandle start = null;
    MethodHandle setContainer = null;
    Throwable closed = null;
    try {
      var own = MethodHandles.lookup();
      var thread = MethodHandles.privateLookupIn(Thread.class, own);
      Class<?> builders = Class.forName("java.lang.ThreadBuilders");
      Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
      create =
          MethodHandles.privateLookupIn(builders, own)
              .findStatic(
                  builders,
                  "newVirtualThread",
                  methodType(
                      Thread.class, Executor.class, String.class, int.class, Runnable.class));
      var inside = MethodHandles.privateLookupIn(virtualThread, own);
      Field run = virtualThread.getDeclaredField("runContinuation");
      run.setAccessible(true);
      getRun = inside.unreflectGetter(run).asType(methodType(Runnable.class, Thread.class));
      setRun =
          inside.unreflectSetter(run).asType(methodType(void.class, Thread.class, Runnable.class));
      runContinuation =
          inside
              .findVirtual(virtualThread, "runContinuation", methodType(void.class))
              .asType(methodType(void.class, Thread.class));
      carrier =
          inside
              .findGetter(virtualThread, "carrierThread", Thread.class)
              .asType(methodType(Thread.class, Thread.class));
      Class<?> map = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
      getLocals =
          thread
              .findGetter(Thread.class, "threadLocals", map)
              .asType(methodType(Object.class, Thread.class));
      var setter = methodType(void.class, Thread.class, Object.class);
      setLocals = thread.findSetter(Thread.class, "threadLocals", map).asType(setter);
      setInheritable =
          thread.findSetter(Thread.class, "inheritableThreadLocals", map).asType(setter);
      var export =
          MethodHandles.privateLookupIn(Module.class, own)
              .findVirtual(
                  Module.class,
                  "implAddExports",
                  methodType(void.class, String.class, Module.class));
      Module base = Object.class.getModule();
      Module us = VirtualThreads.class.getModule();
      export.invokeExact(base, "jdk.internal.misc", us);
      export.invokeExact(base, "jdk.internal.vm", us);
      define(own, "Carrier");
      define(own, "Container");
      var bind = methodType(void.class, Class.forName("jdk.internal.vm.ThreadContainer"));
      start = inside.findVirtual(virtualThread, "start", bind).asType(setter);
      setContainer = thread.findVirtual(Thread.class, "setThreadContainer", bind).asType(setter);
    } catch (Throwable t) {
      closed = t;
    }
    if (closed == null) {
      Parker.staller(new Staller());
    }
    CLOSED = closed;
    RUN = runContinuation;
    CARRIER = carrier;
    GET_LOCALS = getLocals;
    SET_LOCALS = setLocals;
    SET_INHERITABLE = setInheritable;
    START = start;
    SET_CONTAINER = setContainer;
  }

  private VirtualThreads() {}

  /** Whether the hook is open. */
  public static boolean open() {
    return CLOSED == null;
  }

  /** Why the hook is closed, or null when it is open. */
  public static @Nullable Throwable whyClosed() {
    return CLOSED;
  }

  /**
   * Makes an unstarted virtual thread.
   *
   * @param scheduler gets {@code execute(submitted)} whenever the thread can run
   * @param name empty for none
   * @param submitted runs the thread on the calling carrier, by {@link #runContinuation}
   * @param task what the thread runs
   * @param inherit whether it takes inheritable thread-locals and the context class loader of the
   *     current thread
   */
  @SuppressWarnings("NullAway") // the handles are set when the hook is open
  public static Thread create(
      ForkJoinPool scheduler, String name, Runnable submitted, Runnable task, boolean inherit) {
    int characteristics = inherit ? 0 : NO_INHERIT_THREAD_LOCALS;
    try {
      Thread t = (Thread) create.invokeExact((Executor) scheduler, name, characteristics, task);
      setRun.invokeExact(t, submitted);
      return t;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Makes the owner of a scheduler's threads, which the JDK holds weakly.
   *
   * @param name for thread dumps
   * @param threads asked by thread dumps
   */
  public static Object container(String name, Supplier<Stream<Thread>> threads) {
    return Container.register(name, threads); // there: nothing here is verified with its superclass
  }

  /** Starts a thread, in a container of {@link #container}. */
  @SuppressWarnings("NullAway") // the handle is set when the hook is open
  public static void start(Thread virtual, Object container) {
    try {
      START.invokeExact(virtual, container);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * In the start of a thread that {@code Thread.start} put into the JDK's own container, which may
   * hold it for good: moves it into one of {@link #container}. A thread that a structured scope or
   * an executor started stays in theirs, as they count on it.
   */
  @SuppressWarnings("NullAway") // the handle is set when the hook is open
  public static void adopt(Thread starting, Object container) {
    ThreadContainer root = ThreadContainers.root();
    if (ThreadContainers.container(starting) != root) {
      return;
    }
    try {
      SET_CONTAINER.invokeExact(starting, container);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    root.remove(starting); // its end tells the new one
  }

  /** What the JDK submits for a virtual thread: set to our own object, so that it can be found. */
  public static @Nullable Runnable submittedFor(Thread virtual) {
    try {
      MethodHandle get = getRun;
      return get == null ? null : (Runnable) get.invokeExact(virtual);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** On a carrier: runs a virtual thread that can run, until it parks or ends. */
  @SuppressWarnings("NullAway") // the handle is set when the hook is open
  public static void runContinuation(Thread virtual) {
    try {
      RUN.invokeExact(virtual);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The carrier of a virtual thread, null when it is not mounted. */
  @SuppressWarnings("NullAway") // the handle is set when the hook is open
  public static @Nullable Thread carrier(Thread virtual) {
    try {
      return (Thread) CARRIER.invokeExact(virtual);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Closes what structured scopes the current thread has left open, as the JDK does at the end of a
   * thread. Waits for their threads.
   */
  public static void closeScopes() {
    StackableScope.popAll();
  }

  /**
   * Makes the calls that are made late once, on a thread that has not been started: the JVM links a
   * call when it is first made, and a full heap has no room for that.
   */
  public static void rehearse(Thread unstarted) {
    clearThreadLocals(unstarted);
    carrier(unstarted);
    submittedFor(unstarted);
  }

  /** Forgets every thread-local of a thread: the current one, or one that does not run. */
  @SuppressWarnings("NullAway") // the handles are set when the hook is open
  public static void clearThreadLocals(Thread current) {
    try {
      if ((Object) GET_LOCALS.invokeExact(current) != null) {
        SET_LOCALS.invokeExact(current, (Object) null);
      }
      SET_INHERITABLE.invokeExact(current, (Object) null);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Calls {@code visitor} for every virtual thread that the JDK tracks. */
  public static void forEach(Consumer<Thread> visitor) {
    forEachIn(ThreadContainers.root(), visitor);
  }

  private static void forEachIn(ThreadContainer container, Consumer<Thread> visitor) {
    try (var threads = container.threads()) {
      for (Iterator<Thread> all = threads.iterator(); all.hasNext(); ) {
        Thread t = all.next();
        if (t.isVirtual()) {
          visitor.accept(t);
        }
      }
    }
    try (var children = container.children()) {
      for (Iterator<ThreadContainer> all = children.iterator(); all.hasNext(); ) {
        forEachIn(all.next(), visitor);
      }
    }
  }

  /**
   * Defines a class whose superclass is not accessible before {@link #open} said yes, before its
   * name is resolved. A class that was defined in this way stays out of AOT caches: with class
   * linking those load what they hold at the start of the JVM, and JDK 25 crashes there on such a
   * class. For the same reason no lambda's type may name it, and no other class may be verified by
   * asking for its superclasses.
   *
   * @param lookup of a class in the same package
   */
  public static void define(MethodHandles.Lookup lookup, String simpleName) {
    try (var in = lookup.lookupClass().getResourceAsStream(simpleName + ".class")) {
      if (in == null) {
        throw new NoClassDefFoundError(simpleName + ".class");
      }
      lookup.defineClass(in.readAllBytes());
    } catch (IOException | IllegalAccessException e) {
      throw new InternalError(e);
    } catch (LinkageError e) {
      // An agent has loaded it early; then there is nothing left to do.
      if (!String.valueOf(e.getMessage()).contains("duplicate")) {
        throw e;
      }
    }
  }

  private static String openFlag() {
    Module us = VirtualThreads.class.getModule();
    return "--add-opens java.base/java.lang=" + (us.isNamed() ? us.getName() : "ALL-UNNAMED");
  }

  private static Error unexpected(Throwable t) {
    if (t instanceof Error e) {
      return e;
    }
    return new InternalError("a JDK hook failed that had been probed as open", t);
  }

  /** No lambda: its type would name Carrier, see {@link #define}. */
  private static final class Staller implements LongConsumer {
    @Override
    public void accept(long nanos) {
      Carrier.stall(nanos);
    }
  }
}
