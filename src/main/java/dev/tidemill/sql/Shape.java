package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * A statement as we run it: parts that are worked off record by record and meet in the shares, and
 * what is done with them there.
 *
 * @param joins what the counts of its joins are called
 */
record Shape(List<Part> parts, List<Table> tables, List<String> joins, Plan plan) {

  /**
   * @param aggregate of the rows of all branches; empty if they meet as they are
   */
  record Part(List<Branch> branches, Optional<Aggregate> aggregate) {
    Part {
      branches = List.copyOf(branches);
    }
  }

  /**
   * One reading of a stream.
   *
   * @param step of its rows
   * @param hops from the rows of the step before, in their order
   */
  record Branch(Relation relation, Step step, List<Hop> hops) {
    Branch {
      hops = List.copyOf(hops);
    }

    /** The step that makes the branch's rows. */
    Step last() {
      return hops.isEmpty() ? step : hops.get(hops.size() - 1).step();
    }

    List<Query.Lookup> lookups(List<Table> tables) {
      var lookups = new ArrayList<Query.Lookup>();
      for (int h = 0; h < hops.size(); h++) {
        if (!(hops.get(h) instanceof Lookup hop)) {
          continue;
        }
        Table table = tables.get(hop.table());
        Map<String, String> columns = new TreeMap<>();
        for (int k = 0; k < hop.keys().size(); k++) {
          Optional<String> own = column(h, hop.keys().get(k));
          Optional<String> other = table.column(table.keys().get(k));
          if (own.isPresent() && other.isPresent()) {
            columns.put(own.get(), other.get());
          }
        }
        lookups.add(new Query.Lookup(table.relation().name(), columns));
      }
      return lookups;
    }

    /** The stream's column that a column of the rows before a hop is. */
    private Optional<String> column(int hop, int position) {
      Step before = before(hop);
      RexNode projected = before.projection().get(position);
      if (hop == 0 && projected instanceof RexFieldAccess access) {
        return FieldPath.of(access).map(path -> path.name(before.input()));
      }
      if (!(projected instanceof RexInputRef column)) {
        return Optional.empty();
      }
      if (hop == 0) {
        return Optional.of(before.input().getFieldNames().get(column.getIndex()));
      }
      int place = before.fields()[column.getIndex()];
      return place < before(hop - 1).projection().size()
          ? column(hop - 1, place)
          : Optional.empty();
    }

    /** The step of the rows that a hop begins with. */
    private Step before(int hop) {
      return hop == 0 ? step : hops.get(hop - 1).step();
    }

    Branch over(UnaryOperator<Step> change) {
      if (hops.isEmpty()) {
        return new Branch(relation, change.apply(step), hops);
      }
      var changed = new ArrayList<>(hops);
      Hop last = changed.remove(changed.size() - 1);
      changed.add(last.then(change.apply(last.step())));
      return new Branch(relation, step, changed);
    }

    Branch with(Hop hop) {
      var more = new ArrayList<>(hops);
      more.add(hop);
      return new Branch(relation, step, more);
    }
  }

  /** What a row goes through, one or several for each. */
  sealed interface Hop {
    /** Of the columns that it makes. */
    Step step();

    /** The same with another step. */
    Hop then(Step other);
  }

  /**
   * The elements of an array; see {@link Unnest}.
   *
   * @param array the column
   * @param form what is added to the row for each
   * @param outer whether a row stays that has none
   * @param step of the row's columns and those
   */
  record Elements(int array, Unnest.Form form, boolean outer, Step step) implements Hop {
    @Override
    public Hop then(Step other) {
      return new Elements(array, form, outer, other);
    }
  }

  /**
   * A lookup of rows in a table.
   *
   * @param table by its place in {@link Shape#tables}
   * @param join by its place in {@link Shape#joins}
   * @param outer whether a row stays that finds none
   * @param keys columns of the row so far that must equal the key of the table
   * @param rest what else must hold, over the columns of both; filters only
   * @param step of the columns of both
   */
  record Lookup(
      int table,
      int join,
      boolean outer,
      List<Integer> keys,
      List<Boolean> nullsMatch,
      Step rest,
      Step step)
      implements Hop {
    @Override
    public Hop then(Step other) {
      return new Lookup(table, join, outer, keys, nullsMatch, rest, other);
    }
  }

  /**
   * One reading of a table.
   *
   * @param step of its rows
   * @param keys columns of the step's rows by which they are looked up; empty if all are read
   * @param nullsMatch for each key
   */
  record Table(Relation relation, Step step, List<Integer> keys, List<Boolean> nullsMatch) {

    /** The table's column that a column of the step is. */
    private Optional<String> column(int position) {
      return step.projection().get(position) instanceof RexInputRef column
          ? Optional.of(step.input().getFieldNames().get(column.getIndex()))
          : Optional.empty();
    }
  }

  /** A plan that has no such shape. */
  static final class UnsupportedPlan extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedPlan(String what) {
      super(what);
    }
  }

  Shape {
    parts = List.copyOf(parts);
    tables = List.copyOf(tables);
    joins = List.copyOf(joins);
  }

  /** Whether the rows of the only part are the result. */
  boolean isRows() {
    return plan instanceof Plan.Held && parts.get(0).aggregate().isEmpty();
  }

  /** What makes a row of the result of each group, if that is all there is to do. */
  Optional<Step> finish() {
    boolean grouped =
        plan instanceof Plan.Mapped mapped
            && mapped.from() instanceof Plan.Held
            && parts.get(0).aggregate().filter(a -> a.getGroupCount() > 0).isPresent();
    return grouped ? Optional.of(((Plan.Mapped) plan).step()) : Optional.empty();
  }

  /** Every step of it. */
  List<Step> steps() {
    var steps = new ArrayList<Step>();
    for (Part part : parts) {
      for (Branch branch : part.branches()) {
        steps.add(branch.step());
        for (Hop hop : branch.hops()) {
          if (hop instanceof Lookup lookup) {
            steps.add(lookup.rest());
          }
          steps.add(hop.step());
        }
      }
    }
    tables.forEach(table -> steps.add(table.step()));
    plan.all().flatMap(Shape::stepsOf).forEach(steps::add);
    return steps;
  }

  private static Stream<Step> stepsOf(Plan plan) {
    if (plan instanceof Plan.Mapped mapped) {
      return Stream.of(mapped.step());
    }
    return plan instanceof Plan.Joined joined ? Stream.of(joined.rest()) : Stream.empty();
  }
}
