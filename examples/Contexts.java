// Contexts: a generator that is cancelled, a deadline, a value, the merge of two, and a sleep that knows no context.
import static dev.raddle.Go.*;
import dev.raddle.*;
import dev.raddle.context.*;
import java.time.Duration;

final Context.Key<String> USER = Context.Key.of("user");

/** Sends 1, 2, 3 .. until the context ends: a goroutine that does not leak. */
RecvChan<Integer> numbers(Context ctx) {
    Chan<Integer> out = Chan.make();
    go(() -> {
        for (int i = 1; ctx.err() == null; i++) {
            select(out.onSend(i, () -> null), ctx.done().onRecv(nil -> null));
        }
        out.close();
    });
    return out;
}

void main() throws Exception {
    try (var ctx = Context.background().withCancel()) {
        int sum = 0;
        for (int n : numbers(ctx)) {
            sum += n;
            if (n == 10) ctx.cancel(); // close() would do it, too
        }
        IO.println("sum at least 55: " + (sum >= 55));
    }

    try (var ctx = Context.background().withTimeout(Duration.ofMillis(10))) {
        IO.println(select(ctx.done().onRecv(nil -> ctx.err().getMessage()),
                          after(Duration.ofSeconds(30), () -> "overslept")));
    }

    Context request = Context.background().withValue(USER, "gopher");
    IO.println(request.value(USER) + " " + request);

    // A context that ends with either of two.
    try (var one = request.withCancelCause();
         var two = Context.background().withCancelCause();
         var both = one.withCancelCause();
         var stop = two.afterFunc(() -> both.cancel(two.cause()))) {
        two.cancel(new IllegalStateException("two ended"));
        both.done().recv();
        IO.println(both.cause().getMessage() + ", " + stop.stop());
    }

    // Go has nothing like this: a call that knows interrupts alone obeys the deadline.
    try (var ctx = request.withTimeout(Duration.ofMillis(10))) {
        ctx.interrupting(() -> Thread.sleep(Duration.ofHours(1)));
    } catch (DeadlineExceededException e) {
        IO.println("slept: " + e.getMessage());
    }
    IO.println("interrupted: " + Thread.currentThread().isInterrupted());
}
