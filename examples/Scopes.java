// Goroutines that do not outlive a block: results, a failure that cancels the rest, the first of several, a deadline.
import static dev.raddle.Go.*;
import dev.raddle.context.*;
import dev.raddle.context.ScopeOptions.Policy;
import java.io.IOException;
import java.time.Duration;

String find(String what, int millis) throws InterruptedException {
    sleep(Duration.ofMillis(millis));
    return what;
}

void main() throws Exception {
    Context ctx = Context.background();

    try (var s = Scope.open(ctx)) {
        var user = s.go(() -> find("user", 5));
        var orders = s.go(() -> find("orders", 1));
        s.join();
        IO.println(user.get() + " " + orders.get());
    }

    try (var s = Scope.open(ctx)) {
        var slow = s.go(() -> find("never", 1_000_000)); // its sleep is interrupted
        s.go(() -> { throw new IOException("no such user"); });
        try {
            s.join();
        } catch (IOException e) {
            IO.println(e.getMessage() + ", the other: " + slow.state());
        }
    }

    try (var s = Scope.open(ctx, ScopeOptions.policy(Policy.CANCEL_ON_SUCCESS))) {
        var far = s.go(() -> find("far replica", 1_000_000));
        var near = s.go(() -> find("near replica", 1));
        s.join();
        IO.println(near.get() + ", the other: " + far.state());
    }

    try (var s = Scope.open(ctx, ScopeOptions.name("slow").withTimeout(Duration.ofMillis(10)))) {
        s.go(() -> find("never", 1_000_000));
        s.join();
    } catch (DeadlineExceededException e) {
        IO.println(e.getMessage());
    }
}
