// Three workers share five jobs. Prints the sum of the doubled jobs, then "done".
import static dev.raddle.Go.*;
import dev.raddle.*;
import dev.raddle.sync.*;

void main() throws Exception {
    Chan<Integer> jobs = Chan.make(5), results = Chan.make(5);
    var workers = new WaitGroup();
    for (int i = 0; i < 3; i++) {
        workers.go(() -> { for (int job : jobs) results.send(job * 2); });
    }
    for (int job = 1; job <= 5; job++) jobs.send(job);
    jobs.close();
    workers.await();
    results.close();
    int sum = 0;
    for (int r : results) sum += r;
    IO.println(sum);
    IO.println("done");
}
