package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import dev.raddle.runtime.Body;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sorts halves in parallel and merges them in parallel, to and fro between the array and a second
 * one. Leaves are sorted by {@link Arrays}. Stable where the leaves are.
 *
 * <p>A merge is cut at the middle of its longer side and where that element belongs in the other.
 */
abstract class MergeSort {
  private static final int LEAST_LEAF = 8192;
  private static final int LEAVES_A_PROCESSOR = 8;

  private final Children children = new Children();

  /** No longer range is sorted or merged in one piece. */
  private int leaf;

  final void run(int length) throws InterruptedException {
    int processors = Sched.current().gomaxprocs(0);
    leaf =
        processors == 1 || length <= 2 * LEAST_LEAF
            ? length
            : Math.max(LEAST_LEAF, length / (LEAVES_A_PROCESSOR * processors));
    children.fork(
        new BodyJob(
            children,
            () -> {
              if (length > leaf) {
                makeRoom(length);
              }
              sort(0, length, false);
            }));
    children.complete();
  }

  /** Runs both, in parallel if somebody is free. */
  private void both(Body lower, Body upper) throws Exception {
    var job = new BodyJob(children, upper);
    children.fork(job);
    lower.run();
    Children.joinOrHalt(job);
  }

  /** Sorts a range; {@code toCopy} says whether the result belongs in the second array. */
  private void sort(int from, int to, boolean toCopy) throws Exception {
    if (to - from <= leaf) {
      sortLeaf(from, to);
      if (toCopy) {
        copy(from, to);
      }
      return;
    }
    int middle = (from + to) >>> 1;
    both(() -> sort(from, middle, !toCopy), () -> sort(middle, to, !toCopy));
    merge(from, middle, middle, to, from, toCopy);
  }

  /** Merges two neighbours, or parts of them, of which those of {@code left} come first. */
  private void merge(int left, int leftEnd, int right, int rightEnd, int into, boolean toCopy)
      throws Exception {
    int leftSize = leftEnd - left;
    int rightSize = rightEnd - right;
    if (leftSize + rightSize <= leaf || leftSize == 0 || rightSize == 0) {
      mergeLeaf(left, leftEnd, right, rightEnd, into, toCopy);
      return;
    }
    boolean byLeft = leftSize >= rightSize;
    int pivot = byLeft ? (left + leftEnd) >>> 1 : (right + rightEnd) >>> 1;
    int lc = byLeft ? pivot : first(left, leftEnd, pivot, false, toCopy);
    int rc = byLeft ? first(right, rightEnd, pivot, true, toCopy) : pivot;
    int middle = into + (lc - left) + (rc - right);
    both(
        () -> merge(left, lc, right, rc, into, toCopy),
        () -> merge(lc, leftEnd, rc, rightEnd, middle, toCopy));
  }

  /**
   * The first index in a sorted range whose element is not less than that at {@code pivot}, or is
   * greater than it.
   */
  private int first(int from, int to, int pivot, boolean notLess, boolean toCopy) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int c = compare(middle, pivot, toCopy);
      if (notLess ? c < 0 : c <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Makes the second array. */
  abstract void makeRoom(int length);

  abstract void sortLeaf(int from, int to);

  /** From the array into the second one. */
  abstract void copy(int from, int to);

  /** Compares two elements of the source of a merge: not where {@code toCopy} says. */
  abstract int compare(int a, int b, boolean toCopy);

  abstract void mergeLeaf(int left, int leftEnd, int right, int rightEnd, int into, boolean toCopy);

  /** For {@code int}. */
  static final class OfInt extends MergeSort {
    private final int[] array;
    private int[] second = new int[0];

    OfInt(int[] array) {
      this.array = array;
    }

    @Override
    void makeRoom(int length) {
      second = new int[length];
    }

    @Override
    void sortLeaf(int from, int to) {
      Arrays.sort(array, from, to);
    }

    @Override
    void copy(int from, int to) {
      System.arraycopy(array, from, second, from, to - from);
    }

    @Override
    int compare(int a, int b, boolean toCopy) {
      int[] from = toCopy ? array : second;
      return Integer.compare(from[a], from[b]);
    }

    @Override
    void mergeLeaf(int left, int leftEnd, int right, int rightEnd, int into, boolean toCopy) {
      int[] from = toCopy ? array : second;
      int[] to = toCopy ? second : array;
      int l = left;
      int r = right;
      int at = into;
      while (l < leftEnd && r < rightEnd) {
        to[at++] = from[r] < from[l] ? from[r++] : from[l++];
      }
      System.arraycopy(from, l, to, at, leftEnd - l);
      System.arraycopy(from, r, to, at + leftEnd - l, rightEnd - r);
    }
  }

  /** For {@code long}. */
  static final class OfLong extends MergeSort {
    private final long[] array;
    private long[] second = new long[0];

    OfLong(long[] array) {
      this.array = array;
    }

    @Override
    void makeRoom(int length) {
      second = new long[length];
    }

    @Override
    void sortLeaf(int from, int to) {
      Arrays.sort(array, from, to);
    }

    @Override
    void copy(int from, int to) {
      System.arraycopy(array, from, second, from, to - from);
    }

    @Override
    int compare(int a, int b, boolean toCopy) {
      long[] from = toCopy ? array : second;
      return Long.compare(from[a], from[b]);
    }

    @Override
    void mergeLeaf(int left, int leftEnd, int right, int rightEnd, int into, boolean toCopy) {
      long[] from = toCopy ? array : second;
      long[] to = toCopy ? second : array;
      int l = left;
      int r = right;
      int at = into;
      while (l < leftEnd && r < rightEnd) {
        to[at++] = from[r] < from[l] ? from[r++] : from[l++];
      }
      System.arraycopy(from, l, to, at, leftEnd - l);
      System.arraycopy(from, r, to, at + leftEnd - l, rightEnd - r);
    }
  }

  /** For {@code double}. */
  static final class OfDouble extends MergeSort {
    private final double[] array;
    private double[] second = new double[0];

    OfDouble(double[] array) {
      this.array = array;
    }

    @Override
    void makeRoom(int length) {
      second = new double[length];
    }

    @Override
    void sortLeaf(int from, int to) {
      Arrays.sort(array, from, to);
    }

    @Override
    void copy(int from, int to) {
      System.arraycopy(array, from, second, from, to - from);
    }

    @Override
    int compare(int a, int b, boolean toCopy) {
      double[] from = toCopy ? array : second;
      return Double.compare(from[a], from[b]);
    }

    @Override
    void mergeLeaf(int left, int leftEnd, int right, int rightEnd, int into, boolean toCopy) {
      double[] from = toCopy ? array : second;
      double[] to = toCopy ? second : array;
      int l = left;
      int r = right;
      int at = into;
      while (l < leftEnd && r < rightEnd) {
        to[at++] = Double.compare(from[r], from[l]) < 0 ? from[r++] : from[l++];
      }
      System.arraycopy(from, l, to, at, leftEnd - l);
      System.arraycopy(from, r, to, at + leftEnd - l, rightEnd - r);
    }
  }

  /** For objects. */
  static final class OfObject<T extends @Nullable Object> extends MergeSort {
    private final T[] array;
    private final Comparator<? super T> order;
    private T[] second;

    OfObject(T[] array, Comparator<? super T> order) {
      this.array = array;
      this.order = Objects.requireNonNull(order, "order");
      second = array;
    }

    @Override
    void makeRoom(int length) {
      second = array.clone(); // of the same type
    }

    @Override
    void sortLeaf(int from, int to) {
      Arrays.sort(array, from, to, order);
    }

    @Override
    void copy(int from, int to) {
      System.arraycopy(array, from, second, from, to - from);
    }

    @Override
    int compare(int a, int b, boolean toCopy) {
      T[] from = toCopy ? array : second;
      return order.compare(from[a], from[b]);
    }

    @Override
    void mergeLeaf(int left, int leftEnd, int right, int rightEnd, int into, boolean toCopy) {
      T[] from = toCopy ? array : second;
      T[] to = toCopy ? second : array;
      int l = left;
      int r = right;
      int at = into;
      while (l < leftEnd && r < rightEnd) {
        to[at++] = order.compare(from[r], from[l]) < 0 ? from[r++] : from[l++];
      }
      System.arraycopy(from, l, to, at, leftEnd - l);
      System.arraycopy(from, r, to, at + leftEnd - l, rightEnd - r);
    }
  }
}
