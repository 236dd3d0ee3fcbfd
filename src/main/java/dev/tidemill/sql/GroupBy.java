package dev.tidemill.sql;

import java.util.Arrays;
import org.apache.avro.Schema;

/** The aggregation of a statement: group columns, then aggregates. */
final class GroupBy implements Aggregation {
  private final int[] positions;
  private final ValueType[] types;
  private final AggregateColumn[] aggregates;
  private final Schema groupSchema;
  private final boolean needsPlace;

  /**
   * @param positions of the group's columns in the aggregated row
   * @param types of the group's columns
   * @param groupSchema the group's columns
   */
  GroupBy(int[] positions, ValueType[] types, AggregateColumn[] aggregates, Schema groupSchema) {
    this.positions = positions.clone();
    this.types = types.clone();
    this.aggregates = aggregates.clone();
    this.groupSchema = groupSchema;
    this.needsPlace = Arrays.stream(aggregates).anyMatch(AggregateColumn::needsPlace);
  }

  @Override
  public byte[] key(Object[] row) {
    var key = new Bytes(16 * positions.length);
    for (int i = 0; i < positions.length; i++) {
      types[i].write(row[positions[i]], key);
    }
    return key.toArray();
  }

  @Override
  public Schema groupSchema() {
    return groupSchema;
  }

  @Override
  public byte[] keyOf(Object[] group) {
    var key = new Bytes(16 * types.length);
    for (int i = 0; i < types.length; i++) {
      types[i].write(group[i], key);
    }
    return key.toArray();
  }

  /** Whether there is one group, which is there even if no row is. */
  boolean isTotal() {
    return positions.length == 0;
  }

  @Override
  public boolean needsPlace() {
    return needsPlace;
  }

  @Override
  public Accumulators create() {
    return new GroupAccumulators(aggregates);
  }

  @Override
  public Accumulators decode(byte[] bytes) {
    return new GroupAccumulators(aggregates, bytes);
  }

  @Override
  public Object[] row(byte[] key, Accumulators accumulators) throws EvaluationException {
    var group = (GroupAccumulators) accumulators;
    var row = new Object[types.length + aggregates.length];
    var in = new BytesReader(key);
    for (int i = 0; i < types.length; i++) {
      row[i] = types[i].read(in);
    }
    for (int i = 0; i < aggregates.length; i++) {
      row[types.length + i] = group.value(i);
    }
    return row;
  }
}
