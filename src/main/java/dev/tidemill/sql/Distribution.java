package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * How the rows of a batch are spread over its shares, so that each share can do its part of the
 * {@link Plan} alone: by columns in which rows that meet are equal, or all to one share if there
 * are no such columns (a total, the top of a list, joins by different keys).
 *
 * @param together whether one share has the whole batch
 * @param keys for each part the columns of its rows by which they are spread; empty where rows may
 *     be in any share
 */
record Distribution(boolean together, List<Optional<List<Integer>>> keys) {

  static Distribution of(Shape shape) {
    var keys = new ArrayList<Optional<List<Integer>>>();
    try {
      var search = new Search(shape);
      search.of(shape.plan());
      for (int part = 0; part < shape.parts().size(); part++) {
        keys.add(Optional.ofNullable(search.keys.get(part)));
      }
      return new Distribution(false, keys);
    } catch (Together e) {
      shape.parts().forEach(part -> keys.add(Optional.empty()));
      return new Distribution(true, keys);
    }
  }

  /** There are no such columns. */
  private static final class Together extends Exception {
    private static final long serialVersionUID = 1L;

    Together() {
      super(null, null, false, false);
    }
  }

  /** What is known of the rows of a plan. */
  private sealed interface Place {}

  /** Every share has all of them. */
  private record Everywhere() implements Place {}

  /**
   * They may be in any share.
   *
   * @param columns for each part the column of its rows that each column is; -1 if it is none
   */
  private record Free(Map<Integer, int[]> columns) implements Place {}

  /**
   * They are where these columns say.
   *
   * @param components each a set of columns that have the same value, if any column is left that
   *     has it
   */
  private record Keyed(List<Set<Integer>> components) implements Place {}

  private static final class Search {
    private final Shape shape;
    private final Map<Integer, List<Integer>> keys = new HashMap<>();

    Search(Shape shape) {
      this.shape = shape;
    }

    Place of(Plan plan) throws Together {
      if (plan instanceof Plan.Held held) {
        return held(held);
      }
      if (plan instanceof Plan.Constant || plan instanceof Plan.All) {
        return new Everywhere();
      }
      if (plan instanceof Plan.Mapped mapped) {
        return mapped(of(mapped.from()), mapped.step().projection());
      }
      if (plan instanceof Plan.Joined joined) {
        return joined(joined);
      }
      if (plan instanceof Plan.Grouped grouped) {
        Place from = of(grouped.from());
        return from instanceof Everywhere ? from : grouped(from, grouped.aggregate());
      }
      if (plan instanceof Plan.Unnested unnested) {
        return padded(of(unnested.from()), unnested.row().getFieldCount());
      }
      if (plan instanceof Plan.Windowed windowed) {
        return windowed(windowed);
      }
      if (plan instanceof Plan.Together union) {
        return union(union);
      }
      Place from = of(((Plan.Ordered) plan).from());
      if (from instanceof Everywhere) {
        return from;
      }
      throw new Together();
    }

    private Place held(Plan.Held held) throws Together {
      int[] columns = new int[held.row().getFieldCount()];
      Optional<Aggregate> aggregate = shape.parts().get(held.part()).aggregate();
      if (aggregate.isPresent() && aggregate.get().getGroupCount() == 0) {
        throw new Together();
      }
      int[] group = aggregate.map(a -> a.getGroupSet().toArray()).orElse(null);
      for (int i = 0; i < columns.length; i++) {
        columns[i] = group == null ? i : i < group.length ? group[i] : -1;
      }
      return new Free(Map.of(held.part(), columns));
    }

    private static Place mapped(Place from, List<RexNode> projection) {
      if (from instanceof Free free) {
        var columns = new HashMap<Integer, int[]>();
        free.columns.forEach(
            (part, before) -> {
              int[] after = new int[projection.size()];
              for (int i = 0; i < after.length; i++) {
                after[i] =
                    projection.get(i) instanceof RexInputRef column
                        ? before[column.getIndex()]
                        : -1;
              }
              columns.put(part, after);
            });
        return new Free(columns);
      }
      if (from instanceof Keyed keyed) {
        var components = new ArrayList<Set<Integer>>();
        for (Set<Integer> component : keyed.components) {
          var after = new HashSet<Integer>();
          for (int i = 0; i < projection.size(); i++) {
            if (projection.get(i) instanceof RexInputRef column
                && component.contains(column.getIndex())) {
              after.add(i);
            }
          }
          components.add(after);
        }
        return new Keyed(components);
      }
      return from;
    }

    /** Spreads what is free by some of its columns. */
    private void assign(Free free, List<Integer> columns) throws Together {
      for (var part : free.columns.entrySet()) {
        var key = new ArrayList<Integer>();
        for (int column : columns) {
          if (part.getValue()[column] < 0) {
            throw new Together();
          }
          key.add(part.getValue()[column]);
        }
        keys.put(part.getKey(), key);
      }
    }

    private Place grouped(Place from, Aggregate aggregate) throws Together {
      List<Integer> group = aggregate.getGroupSet().asList();
      List<Set<Integer>> before = meeting(from, aggregate.getGroupSet());
      var components = new ArrayList<Set<Integer>>();
      for (Set<Integer> component : before) {
        var after = new HashSet<Integer>();
        for (int i = 0; i < group.size(); i++) {
          if (component.contains(group.get(i))) {
            after.add(i);
          }
        }
        components.add(after);
      }
      return new Keyed(components);
    }

    /** Makes rows that are equal in these columns meet. */
    private List<Set<Integer>> meeting(Place from, ImmutableBitSet columns) throws Together {
      if (from instanceof Keyed keyed) {
        for (Set<Integer> component : keyed.components) {
          if (component.stream().noneMatch(columns::get)) {
            throw new Together();
          }
        }
        return keyed.components;
      }
      Free free = (Free) from;
      List<Integer> usable =
          columns.asList().stream()
              .filter(c -> free.columns.values().stream().allMatch(known -> known[c] >= 0))
              .toList();
      if (usable.isEmpty()) {
        throw new Together();
      }
      assign(free, usable);
      return usable.stream().map(Set::of).toList();
    }

    private Place windowed(Plan.Windowed plan) throws Together {
      Place from = of(plan.from());
      if (from instanceof Everywhere) {
        return from;
      }
      ImmutableBitSet common = null;
      for (Window.Group group : plan.window().groups) {
        common = common == null ? group.keys : common.intersect(group.keys);
      }
      return new Keyed(meeting(from, common));
    }

    private Place union(Plan.Together union) throws Together {
      List<Set<Integer>> components = null;
      var free = new ArrayList<Free>();
      for (Plan input : union.inputs()) {
        Place place = of(input);
        if (place instanceof Everywhere) {
          throw new Together(); // else every share would give its rows
        }
        if (place instanceof Free some) {
          free.add(some);
        } else if (components == null) {
          components = ((Keyed) place).components;
        } else {
          components = common(components, ((Keyed) place).components);
        }
      }
      if (components == null) {
        var all = new HashMap<Integer, int[]>();
        free.forEach(some -> all.putAll(some.columns));
        return new Free(all);
      }
      for (Free some : free) {
        follow(some, components);
      }
      return new Keyed(components);
    }

    private void follow(Free free, List<Set<Integer>> components) throws Together {
      var columns = new ArrayList<Integer>();
      for (Set<Integer> component : components) {
        if (component.isEmpty()) {
          return; // nothing can follow, and nothing above can ask for it
        }
        columns.add(component.iterator().next());
      }
      assign(free, columns);
    }

    private static List<Set<Integer>> common(List<Set<Integer>> a, List<Set<Integer>> b) {
      var common = new ArrayList<Set<Integer>>();
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        var both = new HashSet<Integer>();
        if (a.size() == b.size()) {
          both.addAll(a.get(i));
          both.retainAll(b.get(i));
        }
        common.add(both);
      }
      return common;
    }

    private Place joined(Plan.Joined join) throws Together {
      Place left = of(join.left());
      Place right = of(join.right());
      int width = join.left().row().getFieldCount();
      if (right instanceof Everywhere) {
        boolean fine = left instanceof Everywhere || !join.type().generatesNullsOnLeft();
        return padded(orTogether(fine, left), join.row().getFieldCount());
      }
      if (left instanceof Everywhere) {
        boolean fine = join.type() == JoinRelType.INNER || join.type() == JoinRelType.RIGHT;
        return shifted(orTogether(fine, right), width);
      }
      var pairs = new ArrayList<int[]>();
      for (int i = 0; i < join.leftKeys().size(); i++) {
        pairs.add(new int[] {join.leftKeys().get(i), join.rightKeys().get(i)});
      }
      List<int[]> by = by(left, right, pairs);
      var components = new ArrayList<Set<Integer>>();
      for (int[] pair : by) {
        components.add(component(join.type(), left, right, pair, width));
      }
      return new Keyed(components);
    }

    private static Place orTogether(boolean fine, Place place) throws Together {
      if (!fine) {
        throw new Together();
      }
      return place;
    }

    /** With columns behind that are of no part. */
    private static Place padded(Place place, int width) {
      if (!(place instanceof Free free)) {
        return place;
      }
      var columns = new HashMap<Integer, int[]>();
      free.columns.forEach(
          (part, before) -> {
            int[] after = Arrays.copyOf(before, width);
            if (width > before.length) {
              Arrays.fill(after, before.length, width, -1);
            }
            columns.put(part, after);
          });
      return new Free(columns);
    }

    /** The columns behind those of a left side. */
    private static Place shifted(Place place, int width) {
      if (place instanceof Free free) {
        var columns = new HashMap<Integer, int[]>();
        free.columns.forEach(
            (part, before) -> {
              int[] after = new int[width + before.length];
              Arrays.fill(after, 0, width, -1);
              System.arraycopy(before, 0, after, width, before.length);
              columns.put(part, after);
            });
        return new Free(columns);
      }
      var components = new ArrayList<Set<Integer>>();
      for (Set<Integer> component : ((Keyed) place).components) {
        var after = new HashSet<Integer>();
        component.forEach(column -> after.add(column + width));
        components.add(after);
      }
      return new Keyed(components);
    }

    /** The pairs of equal columns by which both sides are spread. */
    private List<int[]> by(Place left, Place right, List<int[]> pairs) throws Together {
      List<int[]> by;
      if (left instanceof Keyed keyed) {
        by = covering(keyed, pairs, 0);
        if (right instanceof Free free) {
          assign(free, by.stream().map(pair -> pair[1]).toList());
        } else {
          List<Set<Integer>> others = ((Keyed) right).components;
          for (int i = 0; i < Math.max(by.size(), others.size()); i++) {
            int at = i;
            boolean same =
                by.size() == others.size()
                    && pairs.stream()
                        .anyMatch(
                            pair ->
                                keyed.components.get(at).contains(pair[0])
                                    && others.get(at).contains(pair[1]));
            if (!same) {
              throw new Together();
            }
          }
        }
      } else if (right instanceof Keyed keyed) {
        by = covering(keyed, pairs, 1);
        assign((Free) left, by.stream().map(pair -> pair[0]).toList());
      } else {
        Free a = (Free) left;
        Free b = (Free) right;
        by =
            pairs.stream()
                .filter(pair -> a.columns.values().stream().allMatch(c -> c[pair[0]] >= 0))
                .filter(pair -> b.columns.values().stream().allMatch(c -> c[pair[1]] >= 0))
                .toList();
        if (by.isEmpty()) {
          throw new Together();
        }
        assign(a, by.stream().map(pair -> pair[0]).toList());
        assign(b, by.stream().map(pair -> pair[1]).toList());
      }
      return by;
    }

    private static List<int[]> covering(Keyed keyed, List<int[]> pairs, int side) throws Together {
      var covering = new ArrayList<int[]>();
      for (Set<Integer> component : keyed.components) {
        covering.add(
            pairs.stream()
                .filter(pair -> component.contains(pair[side]))
                .findFirst()
                .orElseThrow(Together::new));
      }
      return covering;
    }

    /** Where a column can be NULL although its row is there by the other side, it is none. */
    private static Set<Integer> component(
        JoinRelType type, Place left, Place right, int[] pair, int width) {
      var component = new HashSet<Integer>();
      if (!type.generatesNullsOnLeft()) {
        component.add(pair[0]);
        if (left instanceof Keyed keyed) {
          keyed.components.stream().filter(c -> c.contains(pair[0])).forEach(component::addAll);
        }
      }
      if (!type.generatesNullsOnRight() && type.projectsRight()) {
        component.add(pair[1] + width);
        if (right instanceof Keyed keyed) {
          keyed.components.stream()
              .filter(c -> c.contains(pair[1]))
              .flatMap(Set::stream)
              .forEach(column -> component.add(column + width));
        }
      }
      return component;
    }
  }
}
