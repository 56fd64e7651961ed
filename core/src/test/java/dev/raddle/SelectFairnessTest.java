package dev.raddle;

import static dev.raddle.Go.gosched;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.sync.WaitGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Of the cases that are ready, each is as likely as any other, wherever they stand: chi-square over
 * every arrangement of up to five cases, each a ready receive, a ready send, or not ready.
 */
@Timeout(120)
class SelectFairnessTest {
  private static final int RUNS_PER_READY = 60;
  private static final int CASES = 5;

  private enum Kind {
    RECV,
    SEND,
    IDLE;

    Chan<Integer> chan(Chan<Integer> idle) {
      Chan<Integer> ch = this == IDLE ? idle : this == RECV ? Chan.make() : Chan.unbounded();
      if (this == RECV) {
        ch.close();
      }
      return ch;
    }
  }

  private static List<Kind[]> arrangements() {
    List<Kind[]> all = new ArrayList<>();
    for (int n = 2; n <= CASES; n++) {
      int count = (int) Math.pow(3, n);
      for (int code = 0; code < count; code++) {
        Kind[] kinds = new Kind[n];
        for (int i = 0, rest = code; i < n; i++, rest /= 3) {
          kinds[i] = Kind.values()[rest % 3];
        }
        all.add(kinds);
      }
    }
    return all;
  }

  private interface Choice {
    int make() throws InterruptedException;
  }

  private static Choice lambdas(List<Chan<Integer>> chans, Kind[] kinds) {
    return () -> {
      @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
      @Nullable Case<Integer>[] cases = new Case[kinds.length];
      for (int i = 0; i < kinds.length; i++) {
        int index = i;
        cases[i] =
            kinds[i] == Kind.SEND
                ? chans.get(i).onSend(1, () -> index)
                : chans.get(i).onRecv(v -> index);
      }
      return select(cases);
    };
  }

  private static Choice selector(List<Chan<Integer>> chans, Kind[] kinds) {
    var s = new Selector();
    List<Selector.SendCase<Integer>> sends = new ArrayList<>();
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] == Kind.SEND) {
        sends.add(s.onSend(chans.get(i)));
      } else {
        s.onRecv(chans.get(i));
      }
    }
    return () -> {
      sends.forEach(c -> c.offer(1));
      return s.select();
    };
  }

  /** The sum over the ready cases of (found - expected)^2 / expected. */
  private static double chiSquare(Choice choice, Kind[] kinds, int ready) throws Exception {
    int[] found = new int[kinds.length];
    int runs = RUNS_PER_READY * ready;
    for (int r = 0; r < runs; r++) {
      found[choice.make()]++;
    }
    double sum = 0;
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] == Kind.IDLE) {
        assertEquals(0, found[i]);
      } else {
        double off = found[i] - RUNS_PER_READY;
        sum += off * off / RUNS_PER_READY;
      }
    }
    return sum;
  }

  private static void fair(boolean lambdas) throws Exception {
    Chan<Integer> idle = Chan.make();
    double all = 0;
    int degrees = 0;
    for (Kind[] kinds : arrangements()) {
      int ready = (int) Arrays.stream(kinds).filter(k -> k != Kind.IDLE).count();
      if (ready == 0) {
        continue;
      }
      List<Chan<Integer>> chans = Arrays.stream(kinds).map(k -> k.chan(idle)).toList();
      Choice choice = lambdas ? lambdas(chans, kinds) : selector(chans, kinds);
      double chi = chiSquare(choice, kinds, ready);
      within(chi, ready - 1, Arrays.toString(kinds));
      all += chi;
      degrees += ready - 1;
    }
    within(all, degrees, "all arrangements");
  }

  /**
   * Wilson and Hilferty: the cube root of chi-square over its degrees is nearly normal. 6.5 sigma:
   * once in 10^10.
   */
  private static void within(double chi, int degrees, String what) {
    if (degrees == 0) {
      return;
    }
    double var = 2.0 / (9 * degrees);
    double z = (Math.cbrt(chi / degrees) - (1 - var)) / Math.sqrt(var);
    assertTrue(z < 6.5, () -> what + ": chi-square " + chi + " of " + degrees + ", z " + z);
  }

  @Test
  void theLambdaFormIsFair() throws Exception {
    fair(true);
  }

  @Test
  void theSelectorIsFair() throws Exception {
    fair(false);
  }

  /** The measure would see a choice that prefers one of its cases. */
  @Test
  void aBiasIsSeen() {
    var e =
        assertThrows(
            AssertionError.class,
            () -> {
              int[] turn = new int[1];
              Kind[] kinds = {Kind.RECV, Kind.RECV, Kind.RECV};
              double chi = chiSquare(() -> turn[0]++ % 4 % 3, kinds, 3);
              within(chi * 8, 16, "biased"); // as eight arrangements would sum up
            });
    assertTrue(String.valueOf(e.getMessage()).startsWith("biased"));
  }

  /** A case counts as often as it stands there, though it is of the same channel. */
  @Test
  void casesOfOneChannelShareAlike() throws Exception {
    Chan<Integer> twice = Chan.make();
    Chan<Integer> once = Chan.make();
    twice.close();
    once.close();
    Kind[] kinds = {Kind.RECV, Kind.RECV, Kind.RECV};
    Choice choice = lambdas(List.of(twice, once, twice), kinds);
    double sum = 0;
    for (int i = 0; i < 50; i++) {
      sum += chiSquare(choice, kinds, 3);
    }
    within(sum, 100, "one channel twice");
  }

  /** Those that had to wait, too: whoever comes meets either of the cases first. */
  @Test
  void waitingCasesOfOneChannelShareAlike() throws Exception {
    Chan<Integer> c = Chan.make();
    Kind[] kinds = {Kind.RECV, Kind.RECV, Kind.RECV};
    int runs = RUNS_PER_READY * kinds.length;
    WaitGroup wg = new WaitGroup();
    wg.go(
        () -> {
          for (int i = 0; i < runs; i++) {
            while (!c.trySend(1)) { // until the select waits
              gosched();
            }
          }
        });
    within(chiSquare(lambdas(List.of(c, c, c), kinds), kinds, kinds.length), 2, "waiting");
    wg.await();
  }
}
