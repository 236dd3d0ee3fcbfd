package dev.tidemill.sql;

/** All aggregates of one group, in the order of the statement. */
final class GroupAccumulators implements Accumulators {
  private static final byte VERSION = 1;

  private final AggregateColumn[] columns;
  private final Accumulator[] accumulators;

  GroupAccumulators(AggregateColumn[] columns) {
    this.columns = columns;
    accumulators = new Accumulator[columns.length];
    for (int i = 0; i < columns.length; i++) {
      accumulators[i] = columns[i].create();
    }
  }

  GroupAccumulators(AggregateColumn[] columns, byte[] bytes) {
    this(columns);
    var in = new BytesReader(bytes);
    int version = in.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "These partials have version "
              + version
              + ", this release reads version "
              + VERSION
              + ". Was the state written by a newer release?");
    }
    for (Accumulator accumulator : accumulators) {
      accumulator.decode(in);
    }
  }

  @Override
  public void add(Object[] row, Place place) {
    for (int i = 0; i < accumulators.length; i++) {
      AggregateColumn column = columns[i];
      if (column.admits(row)) {
        accumulators[i].add(column.argument(row), place);
      }
    }
  }

  @Override
  public void merge(Accumulators other) {
    var group = (GroupAccumulators) other;
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i].merge(group.accumulators[i]);
    }
  }

  @Override
  public byte[] encode() {
    var out = new Bytes(16 * (accumulators.length + 1));
    out.writeByte(VERSION);
    for (Accumulator accumulator : accumulators) {
      accumulator.encode(out);
    }
    return out.toArray();
  }

  Object value(int column) throws EvaluationException {
    try {
      return accumulators[column].value();
    } catch (ArithmeticException e) {
      throw new EvaluationException(columns[column].text() + ": " + e.getMessage());
    }
  }
}
