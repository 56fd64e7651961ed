// Concurrent prime sieve: a chain of goroutines, one a prime. Prints the first ten primes.
import static dev.raddle.Go.*;
import dev.raddle.*;

void main() throws Exception {
    Chan<Integer> numbers = Chan.make();
    Chan<Integer> source = numbers;
    go(() -> { for (int i = 2; ; i++) source.send(i); });
    var primes = new ArrayList<String>();
    while (primes.size() < 10) {
        int prime = numbers.recv();
        primes.add("" + prime);
        Chan<Integer> in = numbers, out = Chan.make();
        go(() -> { for (int n : in) if (n % prime != 0) out.send(n); });
        numbers = out;
    }
    IO.println(String.join(" ", primes));
}
