package dev.raddle.net.internal;

/** Makes failures for tests of other packages. */
public final class Faults {
  private Faults() {}

  /** As if no descriptor was left. */
  public static SocketFault exhausted() {
    return new SocketFault(SocketFault.Kind.EXHAUSTED, "too many open files", null);
  }
}
