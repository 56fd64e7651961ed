package dev.raddle.runtime;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Policy} that shares each P among groups of goroutines, such as tenants, by weight: of
 * the groups that have something to run, the one that has had the least time for its weight is
 * next; within a group, first come, first served. A group that comes back after a pause does not
 * catch up on what it did not use.
 *
 * <p>It counts the time for which goroutines run between two parks; it interrupts nobody.
 */
public final class WeightedFair implements Policy {
  private final Function<Goroutine, String> groupOf;
  private final Map<String, Integer> weights;

  /**
   * Makes the policy.
   *
   * @param groupOf the group of a goroutine; called under a lock of the scheduler, so it must be
   *     quick, for example {@code g -> g.labels().getOrDefault("tenant", "")}
   * @param weights of groups, from 1; 1 for those that are not named
   * @throws IllegalArgumentException if a weight is below 1
   */
  public WeightedFair(Function<Goroutine, String> groupOf, Map<String, Integer> weights) {
    this.groupOf = groupOf;
    this.weights = Map.copyOf(weights);
    this.weights.forEach(
        (group, weight) -> {
          if (weight < 1) {
            throw new IllegalArgumentException(
                "weight of \"" + group + "\": expected at least 1, found " + weight);
          }
        });
  }

  @Override
  public Policy.Queue newQueue(int processor) {
    return new Queue();
  }

  private static final class Group {
    final ArrayDeque<Goroutine> waiting = new ArrayDeque<>();
    final int weight;

    /** Nanoseconds for each unit of weight. */
    double used;

    Group(int weight) {
      this.weight = weight;
    }
  }

  private final class Queue implements Policy.Queue {
    private final Map<String, Group> groups = new HashMap<>();

    /** What the group that was picked last had used: where a group begins that comes back. */
    private double now;

    private Group groupOf(Goroutine g) {
      return groups.computeIfAbsent(
          groupOf.apply(g), name -> new Group(weights.getOrDefault(name, 1)));
    }

    @Override
    public void add(Goroutine g) {
      Group group = groupOf(g);
      if (group.waiting.isEmpty()) {
        group.used = Math.max(group.used, now);
      }
      group.waiting.add(g);
    }

    @Override
    public @Nullable Goroutine next() {
      Group least = null;
      for (Group group : groups.values()) {
        if (!group.waiting.isEmpty() && (least == null || group.used < least.used)) {
          least = group;
        }
      }
      if (least == null) {
        return null;
      }
      now = least.used;
      return least.waiting.poll();
    }

    @Override
    public void ran(Goroutine g, long nanos) {
      Group group = groupOf(g);
      group.used += (double) nanos / group.weight;
    }
  }
}
