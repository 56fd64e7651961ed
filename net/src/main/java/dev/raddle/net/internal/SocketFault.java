package dev.raddle.net.internal;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a socket operation failed, before it is known in whose words to say so. */
public final class SocketFault extends IOException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure. */
  public enum Kind {
    /** The descriptor was closed, here. */
    CLOSED,
    /** The deadline passed. */
    TIMEOUT,
    /** The caller's own reason came true. */
    GIVEN,
    /** The waiting thread was interrupted; the descriptor is closed. */
    INTERRUPTED,
    /** The system cannot do it now, and may be able to later: descriptors or memory ran out. */
    EXHAUSTED,
    /** Anything else; the message is the system's. */
    OTHER
  }

  private final Kind kind;

  SocketFault(Kind kind, String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
  }

  /**
   * Returns the kind.
   *
   * @return never null
   */
  public Kind kind() {
    return kind;
  }

  /** Loads what it takes to say that no descriptor is left: loading needs descriptors. */
  public static void load() {
    var said = of(new IOException("too many open files"));
    if (said.kind() != Kind.EXHAUSTED || Backend.chosen().exhausted().kind() != Kind.EXHAUSTED) {
      throw new AssertionError("too many open files: " + said.kind());
    }
  }

  static SocketFault of(int errno) {
    boolean exhausted =
        errno == Libc.EMFILE
            || errno == Libc.ENFILE
            || errno == Libc.ENOBUFS
            || errno == Libc.ENOMEM;
    return new SocketFault(exhausted ? Kind.EXHAUSTED : Kind.OTHER, Libc.text(errno), null);
  }

  /** Of what the JDK threw. */
  static SocketFault of(IOException e) {
    if (e instanceof SocketFault fault) {
      return fault;
    }
    String message = e.getMessage();
    String reason =
        message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
    boolean exhausted =
        reason.contains("too many open files")
            || reason.contains("no buffer space")
            || reason.contains("cannot allocate memory");
    return new SocketFault(exhausted ? Kind.EXHAUSTED : Kind.OTHER, reason, e);
  }
}
