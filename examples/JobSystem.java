// Jobs in one page: a scope, a sum and a sort in parallel, a graph with a loop and a limit, a pipeline.
// Prints "3 boom", "333283335000 0..9", "init step step step done", "A B C D".
import dev.raddle.job.*;
import java.util.*;
import java.util.concurrent.atomic.*;

void main() throws Exception {
    // Jobs of a scope end with it; the first failure cancels the others.
    try (var scope = JobScope.open()) {
        Job<Integer> one = scope.fork(() -> 1);
        Job<Integer> two = scope.fork(() -> 2);
        scope.join();
        IO.print(one.join() + two.join());
        scope.go(() -> { throw new IllegalStateException("boom"); });
        scope.join();
    } catch (JobFailedException e) {
        IO.println(" " + e.getCause().getMessage());
    }

    // Loops are cut into pieces while another processor has nothing to do.
    long squares = Parallel.reduceLong(0, 10_000, 0, i -> i * i, Long::sum);
    int[] digits = {3, 1, 4, 0, 5, 9, 2, 6, 8, 7};
    Parallel.sort(digits);
    IO.println(squares + " " + digits[0] + ".." + digits[9]);

    // A condition leads back to "step" three times. At most one job at a time may write.
    var written = Collections.synchronizedList(new ArrayList<String>());
    var steps = new AtomicInteger();
    var writer = new JobSemaphore("writer", 1);
    var graph = new JobGraph();
    var init = graph.job("init", () -> written.add("init")).needs(writer);
    var step = graph.job("step", () -> { steps.incrementAndGet(); written.add("step"); }).needs(writer);
    var done = graph.job("done", () -> written.add("done")).needs(writer);
    graph.condition("start", () -> 0).after(init).branches(step);
    graph.condition("again?", () -> steps.get() < 3 ? 0 : 1).after(step).branches(step, done);
    graph.run();
    IO.println(String.join(" ", written));

    // Two items at a time; the serial stage sees them in order.
    var out = new StringJoiner(" ");
    Pipeline.from(List.of("a", "b", "c", "d")).parallel(String::toUpperCase).serial(out::add).run(2);
    IO.println(out.toString());
}
