package dev.tidemill.sql;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rel.type.RelDataType;

/** What is done with the parts of a statement where they meet; a tree, its leaves first. */
sealed interface Plan {

  /** The columns of its rows. */
  RelDataType row();

  List<Plan> inputs();

  /** This plan and all under it. */
  default Stream<Plan> all() {
    return Stream.concat(Stream.of(this), inputs().stream().flatMap(Plan::all));
  }

  /**
   * The rows or groups that shares hold.
   *
   * @param part by its place in {@link Shape#parts}
   */
  record Held(int part, RelDataType row) implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of();
    }
  }

  /**
   * The rows of a table, all of them in every share.
   *
   * @param table by its place in {@link Shape#tables}
   */
  record All(int table, RelDataType row) implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of();
    }
  }

  /** One row after the other, each a projection of nothing. */
  record Constant(List<Step> rows, RelDataType row) implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of();
    }
  }

  record Mapped(Plan from, Step step, RelDataType row) implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of(from);
    }
  }

  /**
   * @param leftKeys columns of the left side that must equal those of the right side
   * @param nullsMatch for each of them whether NULL equals NULL
   * @param rest what else must hold, over the columns of both sides; filters only
   * @param ofLeft what the left rows find is counted at this place of {@link Shape#joins}
   * @param ofRight the same for the right rows; if the join keeps those that find nothing
   */
  record Joined(
      Plan left,
      Plan right,
      JoinRelType type,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullsMatch,
      Step rest,
      OptionalInt ofLeft,
      OptionalInt ofRight,
      RelDataType row)
      implements Plan {
    @Override
    public List<Plan> inputs() {
      return List.of(left, right);
    }
  }

  /** The columns of {@code from}, then the element of an array among them, and its number. */
  record Unnested(Plan from, Unnest unnest) implements Plan {
    @Override
    public RelDataType row() {
      return unnest.getRowType();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(from);
    }
  }

  /** An aggregation where its rows are. */
  record Grouped(Plan from, Aggregate aggregate) implements Plan {
    @Override
    public RelDataType row() {
      return aggregate.getRowType();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(from);
    }
  }

  /** Rows that are equal in all of {@code order} stay as they came. */
  record Ordered(Plan from, RelCollation order, long offset, OptionalLong fetch) implements Plan {
    @Override
    public RelDataType row() {
      return from.row();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(from);
    }
  }

  /** The columns of {@code from}, then those of the window functions. */
  record Windowed(Plan from, Window window) implements Plan {
    @Override
    public RelDataType row() {
      return window.getRowType();
    }

    @Override
    public List<Plan> inputs() {
      return List.of(from);
    }
  }

  /** All rows of all. */
  record Together(List<Plan> inputs, RelDataType row) implements Plan {
    public Together {
      inputs = List.copyOf(inputs);
    }
  }
}
