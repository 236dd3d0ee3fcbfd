package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.Input;
import dev.tidemill.sql.JoinCounter;
import dev.tidemill.sql.Program;
import dev.tidemill.sql.RowContext;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableAccess;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;

/**
 * What a store holds of one batch, as a {@link Program} wants it.
 *
 * @param isHome whether the share has what must be in one
 */
record HeldRows(
    HeldKeys keys,
    GroupStore.Reads store,
    TableAccess tables,
    JoinCounter joins,
    Batch batch,
    boolean isHome)
    implements Program.Held {

  @Override
  public RowContext context() {
    return RowInHand.of(batch);
  }

  @Override
  public Rows rows(int input) {
    return new OfInput(
        keys,
        input,
        GroupStore.after(store, batch.start().toEpochMilli(), Optional.of(HeldKeys.before(input))));
  }

  private static final class OfInput implements Rows {
    private final HeldKeys keys;
    private final int number;
    private final Input input;
    private final GroupStore.Range range;

    OfInput(HeldKeys keys, int number, GroupStore.Range range) {
      this.keys = keys;
      this.number = number;
      this.input = keys.input(number);
      this.range = range;
    }

    @Override
    public Object[] next() throws EvaluationException {
      if (!range.hasNext()) {
        return null;
      }
      KeyValue<byte[], byte[]> entry = range.next();
      if (!HeldKeys.isOf(number, entry.key)) {
        return null;
      }
      if (input.aggregation().isEmpty()) {
        return input.decode(entry.value);
      }
      Aggregation aggregation = input.aggregation().get();
      return aggregation.row(keys.without(entry.key), aggregation.decode(entry.value));
    }

    @Override
    public void close() {
      range.close();
    }
  }
}
