package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs a compiled statement over the rows of one batch, as the topology would. */
final class Batch {
  private Batch() {}

  /** In one partition, in order. */
  static List<Object[]> run(Query query, Map<String, List<Object[]>> rows)
      throws EvaluationException {
    return run(query, rows, 1, new Random(0));
  }

  /**
   * In several partitions, whose partials are encoded, decoded and merged in random order.
   *
   * @param partitions how many
   */
  static List<Object[]> run(
      Query query, Map<String, List<Object[]>> rows, int partitions, Random random)
      throws EvaluationException {
    var result = new ArrayList<Object[]>();
    var partials = new ArrayList<Map<Key, Accumulators>>();
    for (int i = 0; i < partitions; i++) {
      partials.add(new HashMap<>());
    }
    for (Query.Branch branch : query.branches()) {
      RowOperator operator = branch.operator();
      for (Object[] row : rows.get(branch.source())) {
        Object[] out = operator.apply(row);
        if (out == null) {
          continue;
        }
        if (query.aggregation().isEmpty()) {
          result.add(out);
        } else {
          var aggregation = query.aggregation().get();
          partials
              .get(random.nextInt(partitions))
              .computeIfAbsent(new Key(aggregation.key(out)), k -> aggregation.create())
              .add(out);
        }
      }
    }
    if (query.aggregation().isPresent()) {
      var aggregation = query.aggregation().get();
      java.util.Collections.shuffle(partials, random);
      var merged = new HashMap<Key, Accumulators>();
      for (var partial : partials) {
        for (var group : partial.entrySet()) {
          merged
              .computeIfAbsent(group.getKey(), k -> aggregation.create())
              .merge(aggregation.decode(group.getValue().encode()));
        }
      }
      RowOperator finish = query.finish();
      for (var group : merged.entrySet()) {
        Object[] out = finish.apply(aggregation.row(group.getKey().bytes(), group.getValue()));
        if (out != null) {
          result.add(out);
        }
      }
    }
    return result;
  }

  /** Bytes with equality. */
  record Key(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
