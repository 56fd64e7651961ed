package dev.raddle;

import static dev.raddle.Go.select;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.sync.WaitGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Power series as networks of goroutines: each operation is a goroutine that makes its next term
 * when somebody asks for it, and then asks those below. After McIlroy's "Squinting at Power
 * Series", as Go's test/chan/powser1.go and powser2.go are.
 *
 * <p>All goroutines end with {@link #close}.
 */
final class PowerSeries implements AutoCloseable {
  private final CancelContext ctx = Context.background().withCancel();
  private final WaitGroup ends = new WaitGroup();
  private final AtomicInteger started = new AtomicInteger();
  private final boolean mixed;

  /**
   * Makes the room where series live.
   *
   * @param mixed whether whole numbers are elements of a class of their own
   */
  PowerSeries(boolean mixed) {
    this.mixed = mixed;
  }

  /** Ends every goroutine. */
  @Override
  public void close() {
    ctx.cancel();
    try {
      ends.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the test has run out of time
    }
  }

  int goroutines() {
    return started.get();
  }

  // ---- terms: exact rational numbers ----

  /** A rational number in lowest terms. */
  sealed interface Term permits Whole, Fraction {
    long over();

    long under();
  }

  record Whole(long over) implements Term {
    @Override
    public long under() {
      return 1;
    }

    @Override
    public String toString() {
      return Long.toString(over);
    }
  }

  record Fraction(long over, long under) implements Term {
    @Override
    public String toString() {
      return under == 1 ? Long.toString(over) : over + "/" + under;
    }
  }

  Term term(long over) {
    return term(over, 1);
  }

  Term term(long over, long under) {
    long a = Math.abs(over);
    for (long b = Math.abs(under), rest; b != 0; b = rest) {
      rest = a % b;
      a = b;
    }
    long divisor = under < 0 ? -a : a;
    long n = over / divisor;
    long d = under / divisor;
    return mixed && d == 1 ? new Whole(n) : new Fraction(n, d);
  }

  private Term plus(Term a, Term b) {
    return term(
        Math.addExact(
            Math.multiplyExact(a.over(), b.under()), Math.multiplyExact(b.over(), a.under())),
        Math.multiplyExact(a.under(), b.under()));
  }

  private Term times(Term a, Term b) {
    return term(Math.multiplyExact(a.over(), b.over()), Math.multiplyExact(a.under(), b.under()));
  }

  // ---- series ----

  /**
   * A series, for one reader: who wants a term says so first. The terms' channel is closed behind
   * the last.
   */
  static final class Series {
    final Chan<Boolean> wanted = Chan.make();
    final Chan<Term> terms = Chan.make();
  }

  private interface Maker {
    void make(Series out) throws InterruptedException;
  }

  private Series series(Maker maker) {
    var out = new Series();
    spawn(
        () -> {
          maker.make(out);
          out.terms.close();
        });
    return out;
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  private void spawn(Step body) {
    started.incrementAndGet();
    ends.go(
        () -> {
          try {
            body.run();
          } catch (CancellationException end) {
            // close() was called
          }
        });
  }

  private Case<Boolean> end() {
    return ctx.done()
        .onReceive(
            r -> {
              throw new CancellationException();
            });
  }

  private void put(Series out, Term t) throws InterruptedException {
    out.wanted.recv(ctx);
    out.terms.send(ctx, t);
  }

  /** The next term; null behind the last. */
  @Nullable Term next(Series in) throws InterruptedException {
    boolean asked = select(in.wanted.onSend(true, () -> true), in.terms.onReceive(Recv::ok), end());
    return asked ? in.terms.receive(ctx).value() : null;
  }

  /** What there is of the first terms. */
  List<String> first(int n, Series in) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (Term t; all.size() < n && (t = next(in)) != null; ) {
      all.add(t.toString());
    }
    return all;
  }

  private void copy(Series in, Series out) throws InterruptedException {
    for (; ; ) {
      out.wanted.recv(ctx);
      Term t = next(in);
      if (t == null) {
        return;
      }
      out.terms.send(ctx, t);
    }
  }

  /** One side of {@link #both}. */
  private static final class Side {
    private final Series in;
    private boolean asked;
    private boolean done;
    private @Nullable Term term;

    Side(Series in) {
      this.in = in;
    }

    private boolean asked() {
      asked = true;
      return true;
    }

    @Nullable Case<Boolean> ask() {
      return asked || done ? null : in.wanted.onSend(true, this::asked);
    }

    @Nullable Case<Boolean> take() {
      return done
          ? null
          : in.terms.onReceive(
              r -> {
                term = r.value();
                done = true;
                return true;
              });
    }
  }

  /** The next terms of two series, whichever comes first; switches cases off one by one. */
  private List<Side> both(Series u, Series v) throws InterruptedException {
    var a = new Side(u);
    var b = new Side(v);
    while (!a.done || !b.done) {
      select(a.ask(), b.ask(), a.take(), b.take(), end());
    }
    return List.of(a, b);
  }

  Series constant(Term t) {
    return series(
        out -> {
          for (; ; ) {
            put(out, t);
          }
        });
  }

  Series polynomial(long... coefficients) {
    return series(
        out -> {
          for (long c : coefficients) {
            put(out, term(c));
          }
        });
  }

  Series add(Series u, Series v) {
    return series(
        out -> {
          for (; ; ) {
            out.wanted.recv(ctx);
            List<Side> sides = both(u, v);
            Term a = sides.get(0).term;
            Term b = sides.get(1).term;
            if (a != null && b != null) {
              out.terms.send(ctx, plus(a, b));
            } else if (a == null && b == null) {
              return;
            } else {
              out.terms.send(ctx, a != null ? a : Objects.requireNonNull(b));
              copy(a != null ? u : v, out);
              return;
            }
          }
        });
  }

  Series scale(Term c, Series u) {
    return series(
        out -> {
          for (; ; ) {
            out.wanted.recv(ctx);
            Term t = next(u);
            if (t == null) {
              return;
            }
            out.terms.send(ctx, times(c, t));
          }
        });
  }

  Series subtract(Series u, Series v) {
    return add(u, scale(term(-1), v));
  }

  private Series shift(Term c, Series u) {
    return series(
        out -> {
          put(out, c);
          copy(u, out);
        });
  }

  /** {@code uv + x (u V' + v U') + x² U' V'}, where U' and V' are what follows u and v. */
  Series multiply(Series u, Series v) {
    return series(
        out -> {
          out.wanted.recv(ctx);
          List<Side> heads = both(u, v);
          Term a = heads.get(0).term;
          Term b = heads.get(1).term;
          if (a == null || b == null) {
            return;
          }
          out.terms.send(ctx, times(a, b));
          List<Series> us = twice(u);
          List<Series> vs = twice(v);
          Series w = add(scale(a, vs.get(0)), scale(b, us.get(0)));
          out.wanted.recv(ctx);
          Term second = next(w);
          if (second == null) {
            return;
          }
          out.terms.send(ctx, second);
          copy(add(w, multiply(us.get(1), vs.get(1))), out);
        });
  }

  Series differentiate(Series u) {
    return series(
        out -> {
          out.wanted.recv(ctx);
          next(u);
          long n = 1;
          for (Term t; (t = next(u)) != null; n++) {
            out.terms.send(ctx, times(term(n), t));
            out.wanted.recv(ctx);
          }
        });
  }

  Series integrate(Term c, Series u) {
    return series(
        out -> {
          put(out, c);
          for (long n = 1; ; n++) {
            out.wanted.recv(ctx);
            Term t = next(u);
            if (t == null) {
              return;
            }
            out.terms.send(ctx, times(term(1, n), t));
          }
        });
  }

  /** U(c xⁿ). */
  Series substitute(Series u, Term c, int n) {
    return series(
        out -> {
          Term power = term(1);
          for (; ; ) {
            out.wanted.recv(ctx);
            Term t = next(u);
            if (t == null) {
              return;
            }
            out.terms.send(ctx, times(t, power));
            power = times(power, c);
            for (int i = 1; i < n; i++) {
              put(out, term(0));
            }
          }
        });
  }

  /** (1 + x)ᶜ. */
  Series binomial(Term c) {
    return series(
        out -> {
          Term t = term(1);
          Term left = c;
          for (long n = 1; left.over() != 0; n++) {
            put(out, t);
            t = times(times(t, left), term(1, n));
            left = plus(left, term(-1));
          }
          put(out, t);
        });
  }

  /** 1/U: {@code z = 1/u}, then {@code -z U' Z}. */
  Series reciprocal(Series u) {
    return series(
        out -> {
          out.wanted.recv(ctx);
          Term head = Objects.requireNonNull(next(u));
          Term z = term(head.under(), head.over());
          out.terms.send(ctx, z);
          var back = new Series();
          var rest = new Series();
          split(multiply(scale(times(z, term(-1)), u), shift(z, back)), back, rest);
          copy(rest, out);
        });
  }

  /** The exponential of a series: the integral of Z times the derivative of U. */
  Series exponential(Series u) {
    var back = new Series();
    var out = new Series();
    split(integrate(term(1), multiply(back, differentiate(u))), back, out);
    return out;
  }

  private List<Series> twice(Series u) {
    var a = new Series();
    var b = new Series();
    split(u, a, b);
    return List.of(a, b);
  }

  /** Gives the same series to two, who may read it at different rates. */
  private void split(Series in, Series a, Series b) {
    spawn(() -> new Split(in, a, b).run());
  }

  /**
   * Never waits for the source alone: with a series that feeds itself the source waits for one of
   * the two outputs.
   */
  private final class Split {
    private final Series in;
    private final List<Output> outputs;
    private boolean asked;
    private boolean ended;

    Split(Series in, Series a, Series b) {
      this.in = in;
      outputs = List.of(new Output(a), new Output(b));
    }

    private final class Output {
      private final Series out;
      private final Deque<Term> ahead = new ArrayDeque<>();
      private boolean waits;
      private boolean closed;

      Output(Series out) {
        this.out = out;
      }

      @Nullable Case<Boolean> wanted() {
        return waits || closed
            ? null
            : out.wanted.onRecv(
                w -> {
                  waits = true;
                  return serve();
                });
      }

      private boolean serve() throws InterruptedException {
        Term t = waits ? ahead.poll() : null;
        if (t != null) {
          waits = false;
          out.terms.send(ctx, t);
        }
        if (ended && ahead.isEmpty() && !closed) {
          closed = true;
          waits = false;
          out.terms.close();
        }
        return true;
      }
    }

    void run() throws InterruptedException {
      Output a = outputs.get(0);
      Output b = outputs.get(1);
      while (!a.closed || !b.closed) {
        boolean needed = a.waits || b.waits;
        select(
            a.wanted(),
            b.wanted(),
            needed && !asked ? in.wanted.onSend(true, this::asked) : null,
            needed ? in.terms.onReceive(this::came) : null,
            end());
      }
    }

    private boolean asked() {
      asked = true;
      return true;
    }

    private boolean came(Recv<Term> r) throws InterruptedException {
      asked = false;
      Term t = r.value();
      ended = t == null;
      for (Output o : outputs) {
        if (t != null) {
          o.ahead.add(t);
        }
        o.serve();
      }
      return true;
    }
  }
}
