// The workloads of bench/run in Raddle: WORKLOAD PROCS, prints one figure. Each checks its result.
import static dev.raddle.Go.*;
import dev.raddle.*;
import dev.raddle.job.*;
import dev.raddle.sync.*;
import java.util.concurrent.atomic.*;

static void check(boolean ok) { if (!ok) throw new IllegalStateException("wrong result"); }

double spawn(int n) throws Exception {
    var count = new LongAdder();
    var wg = new WaitGroup();
    long t = System.nanoTime();
    wg.add(n);
    for (int i = 0; i < n; i++) go(() -> { count.increment(); wg.done(); });
    wg.await();
    double ns = (double) (System.nanoTime() - t) / n;
    check(count.sum() == n);
    return ns;
}

double pingpong(int n) throws Exception {
    Chan<Integer> ping = Chan.make(), pong = Chan.make();
    go(() -> { for (int v : ping) pong.send(v); });
    long t = System.nanoTime();
    for (int i = 0; i < n; i++) { ping.send(1); check(pong.recv() == 1); }
    double ns = (double) (System.nanoTime() - t) / n;
    ping.close();
    return ns;
}

int fib(int n) throws Exception {
    if (n < 2) return n;
    var left = Jobs.fork(() -> fib(n - 1));
    int right = fib(n - 2);
    return left.join() + right;
}

double forkjoin(int rounds) throws Exception {
    long t = System.nanoTime();
    for (int i = 0; i < rounds; i++) check(fib(20) == 6765);
    return (double) (System.nanoTime() - t) / rounds / 10945;
}

long used() {
    for (int i = 0; i < 3; i++) System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
}

double parked(int n) throws Exception {
    Chan<Integer> gate = Chan.make();
    var ready = new WaitGroup();
    long before = used();
    ready.add(n);
    for (int i = 0; i < n; i++) go(() -> { ready.done(); gate.recv(); });
    ready.await();
    double bytes = (double) (used() - before) / n;
    check(numGoroutine() == n + 1);
    return bytes;
}

void main(String[] args) throws Exception {
    gomaxprocs(Integer.parseInt(args[1]));
    double best = switch (args[0]) {
        case "spawn" -> { spawn(1_000_000); spawn(1_000_000); yield spawn(1_000_000); }
        case "pingpong" -> { pingpong(300_000); pingpong(300_000); yield pingpong(1_000_000); }
        case "forkjoin" -> { forkjoin(100); forkjoin(100); yield forkjoin(200); }
        case "parked" -> parked(1_000_000);
        default -> throw new IllegalArgumentException("expected spawn, pingpong, forkjoin or parked, found " + args[0]);
    };
    IO.println(Math.round(best * 10) / 10.0);
}
