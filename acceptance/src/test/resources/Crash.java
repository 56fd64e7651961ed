import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.lang.ref.Cleaner;
import java.lang.reflect.Proxy;
import java.time.Duration;

/** Ends in many ways, by its first argument. Run by GoCrashIT. */
void main(String[] args) throws Exception {
  switch (args[0]) {
    case "deadlock" -> Go.select();
    case "lockedDeadlock" -> {
      Go.lockOSThread();
      Go.select();
    }
    case "lockedDeadlock2" -> {
      Go.go(
          () -> {
            Go.lockOSThread();
            Go.select();
          });
      Go.sleep(Duration.ofMillis(1));
      Go.select();
    }
    case "signalsDeadlock" -> {
      handleSignals();
      Chan.<Integer>make().send(1);
    }
    case "goexitDeadlock" -> {
      Go.go(() -> {});
      Go.go(() -> Go.sleep(Duration.ofMillis(1)));
      System.gc();
      Go.goexit();
    }
    case "goexitInPanic" -> {
      Go.go(
          () -> {
            try {
              throw new IllegalStateException("hello");
            } finally {
              Go.goexit();
            }
          });
      Go.goexit();
    }
    case "panicAfterGoexit" -> {
      try {
        Go.goexit();
      } finally {
        throw new IllegalStateException("hello");
      }
    }
    case "recoveredPanicAfterGoexit" -> {
      try {
        Go.goexit();
      } finally {
        try {
          throw new IllegalStateException("hello");
        } catch (IllegalStateException e) {
          System.out.println("recovered " + e.getMessage());
        }
      }
    }
    case "goexitThenExit" -> {
      Chan<Integer> status = Chan.make(1);
      Go.go(() -> System.exit(status.recv()));
      Go.lockOSThread();
      try {
        Go.goexit();
      } finally {
        status.send(7);
      }
    }
    case "goNil" -> Go.go((dev.raddle.runtime.Body) null);
    case "noHelpers" -> {
      Go.afterFunc(Duration.ofHours(1), () -> {});
      Cleaner.create().register(new Object(), () -> {});
      throw new IllegalStateException("oops");
    }
    case "stackOverflow" -> System.out.println(deeper(0));
    case "recovers" -> {
      Go.lockOSThread();
      recovers("main");
      Chan<Boolean> done = Chan.make();
      for (String name : new String[] {"new-thread", "second-new-thread"}) {
        Go.go(
            () -> {
              Go.lockOSThread();
              recovers(name);
              done.send(true);
            });
        done.recv();
      }
      recovers("main-again");
    }
    case "wrapped" -> {
      try {
        wraps();
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
      throw new IllegalStateException("again");
    }
    case "inOrder" -> {
      try {
        inOrder();
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
      throw new IllegalStateException("third panic");
    }
    case "recoveredInside" -> {
      try {
        throw new IllegalStateException("first panic");
      } finally {
        try {
          throw new IllegalStateException("second panic");
        } catch (IllegalStateException e) {
          System.out.println("recovered " + e.getMessage());
        }
      }
    }
    case "causes" -> {
      try {
        throw new IllegalStateException("first panic");
      } catch (IllegalStateException e) {
        throw new IllegalStateException("second panic", e);
      }
    }
    case "suppressed" -> {
      try (AutoCloseable c =
          () -> {
            throw new IllegalArgumentException("YYY");
          }) {
        throw new IllegalStateException("XXX");
      }
    }
    case "sameValue" -> {
      var e = new IllegalStateException("message");
      try {
        throw e;
      } finally {
        throw e;
      }
    }
    case "messageFails" -> throw new Told(() -> {
      throw new IllegalStateException("important");
    });
    case "messageFailsTwice" -> throw new Told(() -> {
      throw new Told(() -> {
        throw new IllegalStateException("inner");
      });
    });
    case "causeOfItself" -> {
      var a = new IllegalStateException("a");
      a.initCause(new IllegalStateException("b", a));
      throw a;
    }
    case "messageYields" -> throw new Told(() -> {
      Go.gosched();
      return "yielded";
    });
    case "messagePrints" -> throw new Told(() -> {
      System.out.println("1");
      System.out.println("2");
      return "3";
    });
    case "mainReturnsMeanwhile" -> {
      Chan<Boolean> printing = Chan.make();
      Go.go(() -> {
        throw new Told(() -> {
          printing.send(true);
          Go.sleep(Duration.ofMillis(50)); // main has time to outrun the report
          return "the report";
        });
      });
      printing.recv();
    }
    case "mainWaitsForAGroup" -> {
      var group = new WaitGroup();
      group.go(() -> {
        throw new Told(() -> {
          Go.sleep(Duration.ofMillis(50));
          return "the report";
        });
      });
      group.await();
    }
    case "traceback" -> Chain.first();
    case "child" -> {
      new ProcessBuilder("kill", "-CHLD", "" + ProcessHandle.current().pid()).start().waitFor();
      System.out.println("survived SIGCHLD");
    }
    default -> throw new IllegalArgumentException(args[0]);
  }
}

static class Chain {
  static void first() {
    second();
  }

  static void second() {
    throw new IllegalStateException("hello");
  }
}

interface Text {
  String make() throws InterruptedException;
}

/** Its message is made when it is asked for. */
static class Told extends RuntimeException {
  private final Text text;

  Told(Text text) {
    this.text = text;
  }

  @Override
  public String getMessage() {
    try {
      return text.make();
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }
}

/** By reflection, since javac warns of sun.misc. */
static void handleSignals() throws Exception {
  Class<?> signal = Class.forName("sun.misc.Signal");
  Class<?> handler = Class.forName("sun.misc.SignalHandler");
  Object nothing =
      Proxy.newProxyInstance(
          handler.getClassLoader(), new Class<?>[] {handler}, (p, m, a) -> null);
  signal
      .getMethod("handle", signal, handler)
      .invoke(null, signal.getConstructor(String.class).newInstance("USR2"), nothing);
}

static int deeper(int n) {
  return deeper(n + 1) + 1;
}

static void recovers(String name) {
  try {
    System.out.print(name + ":");
    Object none = null;
    System.out.print(none.hashCode());
  } catch (NullPointerException e) {
    System.out.print(" recovered");
  } finally {
    System.out.println(" done");
  }
}

static void wraps() {
  try {
    throw new IllegalStateException("bad");
  } catch (IllegalStateException e) {
    throw new IllegalStateException("wrap: " + e.getMessage());
  }
}

static void inOrder() {
  try {
    try {
      throw new IllegalStateException("first panic");
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
  } finally {
    throw new IllegalStateException("second panic");
  }
}
