package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;

/**
 * A part of a statement as the shares hold it.
 *
 * @param types of the columns of its rows
 * @param meeting the columns by which rows are spread; empty if they may be anywhere
 */
record CompiledInput(
    Optional<Aggregation> aggregation,
    List<ValueType> types,
    Optional<List<KeyColumn>> meeting,
    boolean isTogether)
    implements Input {
  CompiledInput {
    types = List.copyOf(types);
  }

  @Override
  public Optional<byte[]> meetingKey(Object[] row) {
    if (meeting.isEmpty()) {
      return Optional.empty();
    }
    var key = new Bytes(16 * meeting.get().size());
    meeting.get().forEach(column -> column.write(row, key));
    return Optional.of(key.toArray());
  }

  @Override
  public byte[] encode(Object[] row) {
    var bytes = new Bytes(16 * row.length);
    for (int i = 0; i < row.length; i++) {
      types.get(i).write(row[i], bytes);
    }
    return bytes.toArray();
  }

  @Override
  public Object[] decode(byte[] bytes) {
    var in = new BytesReader(bytes);
    var row = new Object[types.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = types.get(i).read(in);
    }
    return row;
  }
}
