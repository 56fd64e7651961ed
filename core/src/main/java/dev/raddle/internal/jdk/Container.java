package dev.raddle.internal.jdk;

import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * What the JDK asks for the threads of a scheduler, in a thread dump for example. The JDK's own
 * container would hold every virtual thread for good, and with it all that a goroutine which is
 * blocked for ever refers to.
 *
 * <p>Load this class only after {@link VirtualThreads#open} said yes: its superclass is not
 * accessible before.
 */
final class Container extends ThreadContainer {
  private final String name;
  private final Supplier<Stream<Thread>> threads;

  private Container(String name, Supplier<Stream<Thread>> threads) {
    super(true);
    this.name = name;
    this.threads = threads;
  }

  /** A container that thread dumps know. */
  static Object register(String name, Supplier<Stream<Thread>> threads) {
    var container = new Container(name, threads);
    ThreadContainers.registerContainer(container);
    return container;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ThreadContainer parent() {
    return ThreadContainers.root();
  }

  @Override
  public Stream<Thread> threads() {
    return threads.get();
  }
}
