package dev.raddle.net.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/*
 * The C library's socket calls on Linux, by the FFM API.
 *
 * Shapes      Linking a function costs a fresh JVM about 10 ms for each new shape, and the first one
 *             100. So there are two. DATA: recv and send, critical, because then the bytes may be in a
 *             Java array and are copied once. CALL: everything else, as six machine words. The ABIs of
 *             x86-64 and arm64 pass the first six integer arguments in registers and ignore those that
 *             a function does not have; an int result is the low half of the register.
 * Safepoints  A critical call keeps safepoints waiting, so it never blocks (the sockets do not) and
 *             moves at most CHUNK bytes.
 * Errors      The result is negative: -errno, as the kernel itself does it.
 */
/** System calls. */
@SuppressWarnings("restricted") // native calls are what this class is for
final class Libc {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int ENFILE = 23;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int EPROTO = 71;
  static final int ENOSYS = 38;
  static final int EOPNOTSUPP = 95;
  static final int EAFNOSUPPORT = 97;
  static final int ECONNABORTED = 103;
  static final int ENOBUFS = 105;
  static final int EINPROGRESS = 115;

  static final int MSG_NOSIGNAL = 0x4000;

  /** A critical call moves no more than that: about 10 us of copying. */
  static final int CHUNK = 1 << 16;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle DATA =
      LINKER.downcallHandle(
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
          Linker.Option.captureCallState("errno"),
          Linker.Option.critical(true));

  static final MemorySegment SOCKET = find("socket");
  static final MemorySegment BIND = find("bind");
  static final MemorySegment LISTEN = find("listen");
  static final MemorySegment ACCEPT4 = find("accept4");
  static final MemorySegment CONNECT = find("connect");
  static final MemorySegment GETSOCKNAME = find("getsockname");
  static final MemorySegment GETPEERNAME = find("getpeername");
  static final MemorySegment GETSOCKOPT = find("getsockopt");
  static final MemorySegment SETSOCKOPT = find("setsockopt");
  static final MemorySegment SHUTDOWN = find("shutdown");
  static final MemorySegment CLOSE = find("close");
  static final MemorySegment RECVFROM = find("recvfrom");
  static final MemorySegment SENDTO = find("sendto");
  static final MemorySegment SENDFILE = find("sendfile");
  static final MemorySegment EPOLL_CREATE1 = find("epoll_create1");
  static final MemorySegment EPOLL_CTL = find("epoll_ctl");
  static final MemorySegment EPOLL_WAIT = find("epoll_wait");

  /** NULL in a C library before glibc 2.35; the kernel may lack it anyway: {@link Epoll}. */
  static final MemorySegment EPOLL_PWAIT2 =
      LINKER.defaultLookup().find("epoll_pwait2").orElse(MemorySegment.NULL);

  static final MemorySegment EVENTFD = find("eventfd");
  static final MemorySegment READ = find("read");
  static final MemorySegment WRITE = find("write");
  private static final MemorySegment STRERROR = find("strerror");
  private static final MemorySegment RECV = find("recv");
  private static final MemorySegment SEND = find("send");

  private Libc() {}

  private static MemorySegment find(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
  }

  /** Calls with a place for errno of its own; for what is done once a socket. */
  static int call(MemorySegment function, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      return call(function, arena.allocate(JAVA_INT), a, b, c, d, e);
    }
  }

  static int call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0);
  }

  /** Calls an int function. Returns its result, or -errno. */
  static int call(
      MemorySegment function, MemorySegment errno, long a, long b, long c, long d, long e) {
    return call(function, errno, a, b, c, d, e, 0);
  }

  static int call(
      MemorySegment function, MemorySegment errno, long a, long b, long c, long d, long e, long f) {
    int result;
    try {
      result = (int) (long) CALL.invokeExact(function, errno, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw unexpected(t);
    }
    return result >= 0 ? result : -errno.get(JAVA_INT, 0);
  }

  /** Receives at most CHUNK bytes. {@code errno}: four bytes, in the Java heap or not. */
  static int recv(int fd, MemorySegment errno, MemorySegment target) {
    return data(RECV, fd, errno, target, 0);
  }

  /** Sends at most CHUNK bytes. */
  static int send(int fd, MemorySegment errno, MemorySegment source) {
    return data(SEND, fd, errno, source, MSG_NOSIGNAL);
  }

  private static int data(
      MemorySegment function, int fd, MemorySegment errno, MemorySegment bytes, int flags) {
    long length = Math.min(bytes.byteSize(), CHUNK);
    int result;
    try {
      result = (int) (long) DATA.invokeExact(function, errno, fd, bytes, length, flags);
    } catch (Throwable t) {
      throw unexpected(t);
    }
    return result >= 0 ? result : -errno.get(JAVA_INT, 0);
  }

  /** The text of an errno, in lower case as Go has it. */
  static String text(int errno) {
    try {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment unused = arena.allocate(JAVA_INT);
        long text = (long) CALL.invokeExact(STRERROR, unused, (long) errno, 0L, 0L, 0L, 0L, 0L);
        return MemorySegment.ofAddress(text).reinterpret(256).getString(0).toLowerCase(Locale.ROOT);
      }
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static RuntimeException unexpected(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException("a call into the C library failed in Java", t);
  }
}
