package dev.raddle.http;

import dev.raddle.context.Context;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a response. Read to its end it gives the connection back, closed before it closes the
 * connection; so does the garbage collector, if nobody does.
 */
final class ClientBody extends InputStream {
  static final Cleaner CLEANER = Cleaner.create();

  /** What must not refer to the body itself. */
  private record Abandoned(ClientConnection connection, AtomicBoolean done) implements Runnable {
    @Override
    public void run() {
      if (!done.get()) {
        connection.close();
      }
    }
  }

  private final ReentrantLock turn = new ReentrantLock(); // who uses the parser; close() does not
  private final Exchange exchange;
  private final ClientConnection connection;
  private final Context context;
  private final Headers trailer;
  private final AtomicBoolean done = new AtomicBoolean();
  private final Cleaner.Cleanable cleanable;
  private volatile boolean closed;

  ClientBody(Exchange exchange, ClientConnection connection, Context context, Headers trailer) {
    this.exchange = exchange;
    this.connection = connection;
    this.context = context;
    this.trailer = trailer;
    cleanable = CLEANER.register(this, new Abandoned(connection, done));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    turn.lock();
    try {
      if (closed) {
        throw new IOException("http: read on closed response body");
      }
      return done.get() ? -1 : length == 0 ? 0 : readSome(target, offset, length);
    } finally {
      turn.unlock();
    }
  }

  private int readSome(byte[] target, int offset, int length) throws IOException {
    boolean read = false;
    try {
      int n = connection.parser().readBody(target, offset, length);
      read = true;
      if (n < 0 || connection.parser().isComplete()) {
        atEnd();
      }
      return n;
    } catch (IOException e) {
      Transport.checkContext(context);
      throw e;
    } finally {
      if (!read) {
        closed = true;
        over();
        exchange.end(false);
      }
    }
  }

  private void atEnd() {
    List<String> lines = connection.parser().trailer();
    for (int i = 0; i < lines.size(); i += 2) {
      trailer.add(lines.get(i), lines.get(i + 1));
    }
    over();
    exchange.finish();
  }

  private void over() {
    done.set(true);
    cleanable.clean();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (!done.get()) {
        over();
        exchange.end(false);
      }
    }
  }
}
