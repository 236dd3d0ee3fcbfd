package dev.tidemill.topology;

import dev.tidemill.batch.GatePart;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRow;
import dev.tidemill.schema.RowDecoder;
import dev.tidemill.sql.GateQuery;
import dev.tidemill.sql.GateTally;
import dev.tidemill.sql.Output;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Counts a share's rows for the gates while they are emitted, so that no one ever gathers them. One
 * for each task; not thread-safe.
 *
 * <p>What an emission has counted is kept with its cursor, in the same transaction: after a restart
 * both go on from there.
 */
final class GateCounts {
  private final List<GateQuery> queries;
  private final RowDecoder decoder;
  private final Map<Output, JsonRow> json;

  /**
   * @param queries of all gates; without any, nothing is done here
   * @param decoder of the rows of the results topic
   * @param outputs the statements that they are of
   */
  GateCounts(List<GateQuery> queries, RowDecoder decoder, List<Output> outputs) {
    this.queries = queries;
    this.decoder = decoder;
    this.json =
        outputs.stream()
            .collect(Collectors.toMap(output -> output, output -> new JsonRow(output.schema())));
  }

  /** Before the first row of an attempt. */
  void begin(ShareBatch batch) {
    if (!queries.isEmpty()) {
      batch.count(GateTally.of(queries));
    }
  }

  /** Takes a row that is being emitted. */
  void add(ShareBatch batch, byte[] row) {
    if (!queries.isEmpty()) {
      Object[] values = decoded(row);
      tally(batch).add(values, () -> sample(values));
    }
  }

  private String sample(Object[] row) {
    return json.entrySet().stream()
        .filter(of -> of.getKey().has(row))
        .map(of -> of.getValue().of(of.getKey().of(row)).toString())
        .findFirst()
        .orElseThrow();
  }

  /** For the end mark. */
  GatePart end(ShareBatch batch) {
    GatePart part = queries.isEmpty() ? GatePart.NONE : new GatePart(tally(batch).encode());
    batch.counted();
    return part;
  }

  private GateTally tally(ShareBatch batch) {
    Optional<GateTally> known = batch.tally();
    if (known.isEmpty()) {
      GateTally restored = GateTally.of(queries);
      restored.restore(batch.storedTally());
      batch.count(restored);
      return restored;
    }
    return known.get();
  }

  private Object[] decoded(byte[] row) {
    try {
      return decoder.decode(row);
    } catch (DecodeException e) {
      throw new IllegalStateException("a row of the result can not be read", e);
    }
  }
}
