package dev.raddle.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Goroutines that load and initialise the same classes at the same time. */
class ClassLoadingTest {
  private static final int GOROUTINES = 20;

  /**
   * What initialisers use; it is not loaded anew, and public because they are of another loader.
   */
  public static final class Log {
    public static final AtomicInteger INITIALISED = new AtomicInteger();
    public static volatile CountDownLatch began = new CountDownLatch(0);
    public static volatile CountDownLatch mayEnd = new CountDownLatch(0);

    private Log() {}
  }

  static class Base {
    static final int VALUE = Log.INITIALISED.incrementAndGet();
  }

  static class Derived extends Base {
    static final int VALUE = Base.VALUE + Log.INITIALISED.incrementAndGet();
  }

  static class Sleeping {
    static {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Log.INITIALISED.incrementAndGet();
    }
  }

  static class Waiting {
    static {
      Log.began.countDown();
      try {
        Log.INITIALISED.addAndGet(Log.mayEnd.await(20, TimeUnit.SECONDS) ? 1 : 100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static class Failing {
    static final int VALUE = fail();

    private static int fail() {
      throw new IllegalStateException("expected by the test");
    }
  }

  /** Defines the classes above anew. */
  private static final class Anew extends ClassLoader {
    static {
      registerAsParallelCapable();
    }

    Anew() {
      super(ClassLoadingTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      String outer = ClassLoadingTest.class.getName() + "$";
      if (!name.startsWith(outer) || name.equals(outer + "Log")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          byte[] bytes = in.readAllBytes();
          return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }

    void initialise(Class<?> like) throws ClassNotFoundException {
      Class<?> c = Class.forName(like.getName(), true, this);
      assertTrue(c != like && c.getClassLoader() == this);
    }
  }

  @OnEach
  void eachClassIsInitialisedOnce(On on) throws Exception {
    Log.INITIALISED.set(0);
    on.run(
        () -> {
          for (int round = 0; round < 20; round++) {
            var loader = new Anew();
            var together = new CyclicBarrier(GOROUTINES);
            On.all(
                GOROUTINES,
                i -> {
                  together.await(On.LIMIT_SECONDS, TimeUnit.SECONDS);
                  loader.initialise(i % 2 == 0 ? Derived.class : Base.class);
                });
          }
        });
    assertEquals(40, Log.INITIALISED.get());
  }

  @OnEach
  void anInitialiserThatSleeps(On on) throws Exception {
    Log.INITIALISED.set(0);
    on.run(
        () -> {
          var loader = new Anew();
          On.all(GOROUTINES, i -> loader.initialise(Sleeping.class));
        });
    assertEquals(1, Log.INITIALISED.get());
  }

  /** All of them keep their threads while they wait, and still the one that ends it runs. */
  @OnEach
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the JDK's scheduler has no thread to spare for those who wait in the VM")
  void anInitialiserThatWaitsForAnotherGoroutine(On on) throws Exception {
    Log.INITIALISED.set(0);
    Log.began = new CountDownLatch(1);
    Log.mayEnd = new CountDownLatch(1);
    on.run(
        () -> {
          var loader = new Anew();
          List<CompletableFuture<?>> all = new ArrayList<>();
          for (int i = 0; i < GOROUTINES; i++) {
            all.add(On.start(Scheduler.current(), () -> loader.initialise(Waiting.class)));
          }
          assertTrue(Log.began.await(On.LIMIT_SECONDS, TimeUnit.SECONDS));
          Go.go(() -> Log.mayEnd.countDown());
          for (var each : all) {
            On.await(each);
          }
        });
    assertEquals(1, Log.INITIALISED.get());
  }

  @OnEach
  void aFailedInitialiserFailsForAll(On on) throws Exception {
    on.run(
        () -> {
          var loader = new Anew();
          On.all(
              GOROUTINES,
              i -> assertThrows(LinkageError.class, () -> loader.initialise(Failing.class)));
        });
  }
}
