import dev.raddle.Go;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Mode;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** StructuredTaskScope, a preview in JDK 25, over threads of a scheduler; run by StructuredTest. */
final ScopedValue<String> USER = ScopedValue.newInstance();

void main() throws Exception {
    int[] processors = Mode.current() == Mode.OWN ? new int[] {1, 2} : new int[] {0};
    for (int n : processors) {
        on(n, "results", this::results);
        on(n, "nested", this::nested);
        on(n, "failure", this::failure);
        on(n, "first", this::first);
        on(n, "timeout", this::timeout);
        on(n, "unclosed", this::unclosed);
    }
}

interface Act {
    void run() throws Exception;
}

void on(int processors, String what, Act act) throws Exception {
    Scheduler s = processors == 0
            ? Scheduler.current()
            : Scheduler.builder().processors(processors).build();
    s.submit(() -> {
        act.run();
        return what;
    }).get(20, TimeUnit.SECONDS);
    s.close();
    IO.println(what + " on " + processors);
}

void expect(boolean truth) {
    if (!truth) {
        throw new AssertionError("not as expected");
    }
}

<T, R> StructuredTaskScope<T, R> open(Joiner<? super T, ? extends R> joiner) {
    var factory = Scheduler.current().threadFactory();
    return StructuredTaskScope.open(joiner, c -> c.withThreadFactory(factory));
}

void results() throws Exception {
    ScopedValue.where(USER, "alice").call(() -> {
        try (var scope = open(Joiner.<String>allSuccessfulOrThrow())) {
            for (int i = 0; i < 100; i++) {
                int n = i;
                scope.fork(() -> {
                    Go.gosched();
                    return USER.get() + n + (Goroutine.current() == null ? "?" : "");
                });
            }
            var all = scope.join().map(Subtask::get).toList();
            for (int i = 0; i < 100; i++) {
                expect(all.get(i).equals("alice" + i));
            }
            return all;
        }
    });
}

void nested() throws Exception {
    try (var outer = open(Joiner.<Integer>allSuccessfulOrThrow())) {
        for (int i = 0; i < 10; i++) {
            outer.fork(() -> {
                try (var inner = open(Joiner.<Integer>allSuccessfulOrThrow())) {
                    for (int k = 0; k < 10; k++) {
                        int n = k;
                        inner.fork(() -> n);
                    }
                    return inner.join().mapToInt(Subtask::get).sum();
                }
            });
        }
        expect(outer.join().mapToInt(Subtask::get).sum() == 450);
    }
}

void failure() throws Exception {
    var interrupted = new AtomicInteger();
    var waiting = new CountDownLatch(1);
    try (var scope = open(Joiner.<String>awaitAllSuccessfulOrThrow())) {
        scope.fork(() -> {
            waiting.countDown();
            try {
                Thread.sleep(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return "late";
        });
        scope.fork(() -> {
            waiting.await();
            throw new IllegalStateException("boom");
        });
        scope.join();
        throw new AssertionError("expected a failure");
    } catch (StructuredTaskScope.FailedException e) {
        expect(e.getCause().getMessage().equals("boom"));
    }
    expect(interrupted.get() == 1);
}

void first() throws Exception {
    try (var scope = open(Joiner.<String>anySuccessfulResultOrThrow())) {
        scope.fork(() -> {
            Thread.sleep(Duration.ofSeconds(30));
            return "slow";
        });
        scope.fork(() -> "fast");
        expect(scope.join().equals("fast"));
    }
}

void timeout() throws Exception {
    var factory = Scheduler.current().threadFactory();
    try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
            c -> c.withThreadFactory(factory).withTimeout(Duration.ofMillis(20)))) {
        scope.fork(() -> {
            Thread.sleep(Duration.ofSeconds(30));
            return "slow";
        });
        scope.join();
        throw new AssertionError("expected a timeout");
    } catch (StructuredTaskScope.TimeoutException e) {
        // as expected
    }
}

/** A scope that a goroutine leaves open is closed with it; the next on its thread does not own it. */
void unclosed() throws Exception {
    for (int i = 0; i < 100; i++) {
        var next = Scheduler.current().submit(() -> {
            var left = open(Joiner.<String>awaitAll());
            left.fork(() -> "ended");
            return Scheduler.current().submit(() -> {
                try {
                    var task = left.fork(() -> "stranger");
                    left.join();
                    return task.state().toString();
                } catch (WrongThreadException e) {
                    return "UNAVAILABLE";
                }
            });
        });
        expect(next.get().get().equals("UNAVAILABLE"));
    }
}
