// Nobody will ever send: the program ends with Go's message, a dump and status 2 instead of hanging.
import dev.raddle.*;

void main() throws Exception {
    Chan<String> never = Chan.make();
    never.recv();
}
