package dev.tidemill.sql;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * An operator of a compiled statement, for people and machines to read, with those that it gets its
 * rows from. Immutable.
 *
 * @param name what it does, such as {@code hash join}
 * @param detail by what, such as its columns or its condition; may be empty
 * @param place where it runs
 * @param twoPhase of an aggregation: whether each source partition aggregates before the shares do
 * @param state the store in which it keeps rows or groups over commits
 * @param notes what else has to be known, each a clause
 * @param inputs where its rows come from
 */
public record Operator(
    String name,
    String detail,
    Place place,
    Optional<Boolean> twoPhase,
    Optional<State> state,
    List<String> notes,
    List<Operator> inputs) {

  /** Where an operator runs. */
  public enum Place {
    /** Record by record, in the task of each source partition. */
    INTAKE("intake"),
    /** On the way from intake to the shares. */
    SHUFFLE("shuffle"),
    /** In each share of the batch, as records come. */
    SHARE("share"),
    /** In each share of the batch, when it closes. */
    CLOSE("share, at close");

    private final String text;

    Place(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What an operator keeps.
   *
   * @param store its name in the topology
   * @param keyedBy by what it is found there
   */
  public record State(String store, String keyedBy) {
    /** The store of the shares. */
    public static final String GROUPS = "groups";

    /** The store of a table. */
    public static String ofTable(String table) {
      return "table-" + table;
    }
  }

  public Operator {
    requireNonNull(name, "name");
    requireNonNull(detail, "detail");
    requireNonNull(place, "place");
    requireNonNull(twoPhase, "twoPhase");
    requireNonNull(state, "state");
    notes = List.copyOf(notes);
    inputs = List.copyOf(inputs);
  }

  static Operator of(String name, String detail, Place place, List<Operator> inputs) {
    return new Operator(name, detail, place, Optional.empty(), Optional.empty(), List.of(), inputs);
  }

  Operator twoPhase(boolean is) {
    return new Operator(name, detail, place, Optional.of(is), state, notes, inputs);
  }

  Operator keeping(String store, String keyedBy) {
    var kept = Optional.of(new State(store, keyedBy));
    return new Operator(name, detail, place, twoPhase, kept, notes, inputs);
  }

  Operator noting(List<String> more) {
    return new Operator(name, detail, place, twoPhase, state, more, inputs);
  }

  Operator noting(String note) {
    return noting(List.of(note));
  }
}
