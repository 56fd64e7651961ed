package dev.raddle.net.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.raddle.internal.sched.Netpoller;
import dev.raddle.internal.sched.ProcSched;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.SpinLock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * The sockets of one scheduler, in one epoll set: edge-triggered, each registered once for its life.
 *
 * Roles       Whoever holds the gate polls and owns the buffer of events: an M in its loop (poll, never
 *             blocks), or the keeper (await, then dispatch). Any thread registers and wakes.
 * Tags        An event carries generation:32 | descriptor:32. An event that was fetched before its
 *             socket closed does not reach the one that got the number next.
 * Waking      wake() writes to an eventfd, once for many calls: pending is set by the first and taken
 *             back by await() after it has read the eventfd. Whoever found pending set made its reason
 *             visible before; await() returns after it took pending back, and its caller looks at all
 *             reasons. poll() leaves the eventfd alone: the wake-up is not meant for it.
 * Close       After its scheduler's end: every open socket is registered with the default scheduler's
 *             set, which reports at once what is ready. Registrations that come later go there too.
 * Old kernels epoll_pwait2 came with Linux 5.11, and some containers forbid it. Without it waits are
 *             rounded up to whole milliseconds, as epoll_wait takes them. Tried once, on a set that
 *             no scheduler has.
 * Checked by  ChildTest, NetStressTest; proof: PollKeeper.
 * Sources     Go runtime/netpoll_epoll.go.
 */
/** An epoll set. */
final class Epoll implements Netpoller {
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EFD_FLAGS = 0x80000 | 0x800; // close on exec, never blocks
  private static final int ADD = 1;
  private static final int DEL = 2;
  private static final int IN = 0x1;
  private static final int PRI = 0x2;
  private static final int OUT = 0x4;
  private static final int ERR = 0x8;
  private static final int HUP = 0x10;
  private static final int RDHUP = 0x2000;
  private static final int EDGE = 1 << 31;
  private static final long WAKE_TAG = -1;

  private static final int EVENTS = 128; // Go's value
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int TAG_AT = PACKED ? 4 : 8;

  /** For tests: names of system calls, with commas, that fail as on a kernel without them. */
  private static final Set<String> FAULTS =
      Set.of(System.getProperty(Backend.PROPERTY + ".faults", "").split(",", -1));

  private static final boolean WAIT_FAILS = FAULTS.contains("epoll_wait");

  private static final int LONGEST_MILLIS = 1_000_000_000;

  /** Whether there is epoll_pwait2. */
  private static final class Precise {
    static final boolean WAITS = tryPwait2();

    private static boolean tryPwait2() {
      if (FAULTS.contains("epoll_pwait2") || Libc.EPOLL_PWAIT2.equals(MemorySegment.NULL)) {
        return false;
      }
      int epfd = Libc.call(Libc.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0);
      if (epfd < 0) {
        return false;
      }
      try (Arena scratch = Arena.ofConfined()) {
        MemorySegment event = scratch.allocate(EVENT_BYTES, 8);
        MemorySegment now = scratch.allocate(16, 8);
        MemorySegment errno = scratch.allocate(JAVA_INT);
        int n = Libc.call(Libc.EPOLL_PWAIT2, errno, epfd, event.address(), 1, now.address(), 0, 0);
        return n == 0;
      } finally {
        Libc.call(Libc.CLOSE, epfd, 0, 0);
      }
    }
  }

  private final int epfd;
  private final int eventfd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment events = arena.allocate((long) EVENTS * EVENT_BYTES, 8);
  private final MemorySegment errno = arena.allocate(JAVA_INT);
  private final MemorySegment timespec = arena.allocate(16, 8);
  private final MemorySegment counter = arena.allocate(JAVA_LONG);
  private final SpinLock gate = new SpinLock();
  private int found; // guarded by gate
  private final AtomicBoolean pending = new AtomicBoolean();

  private final ReentrantLock registering = new ReentrantLock();
  private boolean closed; // guarded by registering
  private int generation; // guarded by registering

  /** By descriptor. Written under registering. */
  private volatile @Nullable EpollFd[] open = new EpollFd[64];

  Epoll() throws SocketFault {
    epfd = checked(Libc.call(Libc.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0));
    int wakes = Libc.call(Libc.EVENTFD, 0, EFD_FLAGS, 0);
    if (wakes >= 0) {
      int error = control(ADD, wakes, IN, WAKE_TAG);
      if (error < 0) {
        Libc.call(Libc.CLOSE, wakes, 0, 0);
        wakes = error;
      }
    }
    if (wakes < 0) {
      Libc.call(Libc.CLOSE, epfd, 0, 0);
      throw SocketFault.of(-wakes);
    }
    eventfd = wakes;
  }

  /** Tries a set that nobody uses, so that one that does not work is in nobody's way. */
  static void probe() throws SocketFault {
    var throwaway = new Epoll();
    try {
      throwaway.poll();
    } finally {
      throwaway.free();
    }
  }

  /** What it can do here, for the log. */
  static String about() {
    return Precise.WAITS ? "" : " without epoll_pwait2";
  }

  private static int checked(int result) throws SocketFault {
    if (result < 0) {
      throw SocketFault.of(-result);
    }
    return result;
  }

  private int control(int operation, int fd, int what, long tag) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment event = scratch.allocate(16, 8);
      event.set(JAVA_INT, 0, what);
      event.set(JAVA_LONG_UNALIGNED, TAG_AT, tag);
      return Libc.call(
          Libc.EPOLL_CTL, scratch.allocate(JAVA_INT), epfd, operation, fd, event.address(), 0);
    }
  }

  /** The set of the current scheduler. */
  static Epoll current() throws SocketFault {
    if (Sched.current() instanceof ProcSched sched) {
      return of(sched);
    }
    throw new IllegalStateException("epoll needs Raddle's own scheduler");
  }

  private static Epoll of(ProcSched sched) throws SocketFault {
    if (sched.netpoller() instanceof Epoll has) {
      return has;
    }
    var fresh = new Epoll();
    Epoll now = (Epoll) sched.netpoller(fresh);
    if (now != fresh) {
      fresh.free();
    }
    return now;
  }

  // ---- sockets ----

  /** From now on events reach it. */
  void register(EpollFd fd) throws SocketFault {
    registering.lock();
    try {
      if (!closed) {
        add(fd);
        return;
      }
    } finally {
      registering.unlock();
    }
    heir().register(fd);
  }

  private void add(EpollFd fd) throws SocketFault {
    if (fd.number >= open.length) {
      open = Arrays.copyOf(open, Math.max(fd.number + 1, 2 * open.length));
    }
    fd.generation = ++generation;
    fd.poller = this;
    open[fd.number] = fd;
    long tag = (long) fd.generation << 32 | fd.number;
    int result = control(ADD, fd.number, IN | PRI | OUT | RDHUP | EDGE, tag);
    if (result < 0) {
      open[fd.number] = null;
      throw SocketFault.of(-result);
    }
  }

  /** Before its descriptor is closed. False: it belongs to another set by now. */
  boolean remove(EpollFd fd) {
    registering.lock();
    try {
      if (fd.poller != this) {
        return false;
      }
      // A child process may hold the open file a moment longer, and it would stay in the set.
      control(DEL, fd.number, 0, 0);
      open[fd.number] = null;
      return true;
    } finally {
      registering.unlock();
    }
  }

  private static Epoll heir() throws SocketFault {
    return of((ProcSched) Sched.getDefault());
  }

  // ---- polling ----

  @Override
  public int poll() {
    if (!gate.tryLock()) {
      return 0;
    }
    fetchOrLeave(0);
    return dispatch();
  }

  /** Whoever polls next shall not wait for one that failed. */
  private void fetchOrLeave(long nanos) {
    boolean fetched = false;
    try {
      fetch(nanos);
      fetched = true;
    } finally {
      if (!fetched) {
        gate.unlock();
      }
    }
  }

  @Override
  public boolean tryEnter() {
    return gate.tryLock();
  }

  @Override
  public boolean await(long nanos) {
    fetchOrLeave(nanos);
    int kept = 0;
    for (int i = 0; i < found; i++) {
      if (tag(i) == WAKE_TAG) {
        Libc.call(Libc.READ, errno, eventfd, counter.address(), Long.BYTES, 0, 0);
        pending.set(false);
      } else {
        kept++;
      }
    }
    return kept > 0;
  }

  private void fetch(long nanos) {
    int n = Precise.WAITS ? waitNanos(nanos) : waitMillis(nanos);
    if (n < 0 && n != -Libc.EINTR) {
      throw new IllegalStateException("epoll: waiting: " + Libc.text(-n));
    }
    found = Math.max(n, 0);
  }

  private int waitNanos(long nanos) {
    long time = 0; // no limit
    if (nanos != TimerHeap.NONE) {
      timespec.set(JAVA_LONG, 0, nanos / 1_000_000_000);
      timespec.set(JAVA_LONG, 8, nanos % 1_000_000_000);
      time = timespec.address();
    }
    return Libc.call(Libc.EPOLL_PWAIT2, errno, epfd, events.address(), EVENTS, time, 0);
  }

  private int waitMillis(long nanos) {
    if (WAIT_FAILS) {
      return -Libc.ENOSYS;
    }
    long millis = -1; // no limit
    if (nanos != TimerHeap.NONE) {
      millis = Math.min(nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1), LONGEST_MILLIS);
    }
    return Libc.call(Libc.EPOLL_WAIT, errno, epfd, events.address(), EVENTS, millis, 0);
  }

  private long tag(int i) {
    return events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + TAG_AT);
  }

  @Override
  public int dispatch() {
    int readied = 0;
    for (int i = 0; i < found; i++) {
      long tag = tag(i);
      if (tag != WAKE_TAG) {
        readied += deliver(tag, events.get(JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES));
      }
    }
    found = 0;
    gate.unlock();
    return readied;
  }

  private int deliver(long tag, int what) {
    @Nullable EpollFd[] table = open;
    int number = (int) tag;
    EpollFd fd = number < table.length ? table[number] : null;
    if (fd == null || fd.generation != (int) (tag >>> 32)) {
      return 0; // closed meanwhile
    }
    int readied = 0;
    if ((what & (RDHUP | HUP | ERR | PRI)) != 0) {
      fd.unusual = true; // before ready(): the reader sees it
    }
    if ((what & (IN | PRI | RDHUP | HUP | ERR)) != 0 && fd.read.ready()) {
      readied++;
    }
    if ((what & (OUT | HUP | ERR)) != 0 && fd.write.ready()) {
      readied++;
    }
    return readied;
  }

  @Override
  public void wake() {
    if (pending.compareAndSet(false, true)) {
      try (Arena scratch = Arena.ofConfined()) {
        MemorySegment one = scratch.allocateFrom(JAVA_LONG, 1);
        Libc.call(Libc.WRITE, scratch.allocate(JAVA_INT), eventfd, one.address(), Long.BYTES, 0, 0);
      }
    }
  }

  // ---- the end ----

  @Override
  public void close() {
    registering.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      Epoll heir = null;
      for (EpollFd fd : open) {
        if (fd != null) {
          heir = heir == null ? heir() : heir;
          heir.register(fd);
        }
      }
    } catch (SocketFault e) {
      throw new IllegalStateException("open sockets could not be passed on", e);
    } finally {
      registering.unlock();
    }
    free();
  }

  private void free() {
    gate.lock(); // for good: sysmon may be about to poll
    Libc.call(Libc.CLOSE, epfd, 0, 0);
    Libc.call(Libc.CLOSE, eventfd, 0, 0);
    arena.close();
  }
}
