package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/** Runs a compiled statement over the rows of one batch, as the topology would. */
final class Batch {
  private Batch() {}

  /** In one partition, in order. */
  static List<Object[]> run(Query query, Map<String, List<Object[]>> rows)
      throws EvaluationException {
    return run(query, rows, 1, new Random(0));
  }

  /**
   * In several partitions, whose partials are encoded, decoded and merged in random order. Rows
   * come in random order too if there are several partitions, but each with its place.
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
    var sources = new ArrayList<>(new TreeSet<>(rows.keySet()));
    for (int b = 0; b < query.branches().size(); b++) {
      Query.Branch branch = query.branches().get(b);
      RowOperator operator = branch.operator();
      List<Object[]> all = rows.get(branch.source());
      var order = new ArrayList<Integer>();
      for (int i = 0; i < all.size(); i++) {
        order.add(i);
      }
      if (partitions > 1) {
        Collections.shuffle(order, random);
      }
      for (int i : order) {
        Object[] row = all.get(i);
        Object[] out = operator.apply(row);
        var place = new Place(eventTime(row), sources.indexOf(branch.source()), i, b);
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
              .add(out, place);
        }
      }
    }
    if (query.aggregation().isPresent()) {
      var aggregation = query.aggregation().get();
      Collections.shuffle(partials, random);
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

  /** Not the order of the offsets, and often the same: what DuckDB calls (id * 37) % 50. */
  private static long eventTime(Object[] row) {
    return row[0] instanceof Integer id ? id * 37L % 50 : 0;
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
