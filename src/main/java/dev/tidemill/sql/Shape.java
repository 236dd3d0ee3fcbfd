package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.rel.core.Aggregate;

/**
 * A statement as we run it: parts that are worked off record by record and meet in the shares, and
 * what is done with them there.
 */
record Shape(List<Part> parts, Plan plan) {

  /**
   * @param aggregate of the rows of all branches; empty if they meet as they are
   */
  record Part(List<Branch> branches, Optional<Aggregate> aggregate) {
    Part {
      branches = List.copyOf(branches);
    }
  }

  /** One reading of a relation. */
  record Branch(Relation relation, Step step) {}

  /** A plan that has no such shape. */
  static final class UnsupportedPlan extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedPlan(String what) {
      super(what);
    }
  }

  Shape {
    parts = List.copyOf(parts);
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
    parts.stream().flatMap(part -> part.branches().stream()).map(Branch::step).forEach(steps::add);
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
