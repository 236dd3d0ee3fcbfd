package dev.tidemill.sql;

import dev.tidemill.batch.JoinCount;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Runs a compiled statement over the rows of one batch, as the topology would. */
final class Batch {
  private final Query query;
  private final Random random;
  private final boolean inAnyOrder;
  private final List<Map<Key, Accumulators>> partials = new ArrayList<>();
  private final List<Share> shares = new ArrayList<>();
  private final Hand hand = new Hand();
  private final Map<String, JoinCount> joins = new TreeMap<>();
  private TableAccess tables = TableAccess.NONE;

  /** A batch of an hour. Records have their places as keys, and headers with their own names. */
  private static final class Hand implements RowContext {
    private String source;
    private int offset;
    private long eventTime;

    void take(String theSource, int itsOffset, long itsEventTime) {
      source = theSource;
      offset = itsOffset;
      eventTime = itsEventTime;
    }

    @Override
    public long batchStart() {
      return 0;
    }

    @Override
    public long batchEnd() {
      return 3_600_000;
    }

    @Override
    public long eventTime() {
      return eventTime;
    }

    @Override
    public String sourceTopic() {
      return source + "-topic";
    }

    @Override
    public int sourcePartition() {
      return 3;
    }

    @Override
    public long sourceOffset() {
      return offset;
    }

    @Override
    public String recordKey() {
      return offset == 0 ? null : "key " + offset;
    }

    @Override
    public String header(String name) {
      return name.equals("none") ? null : name + " of " + source + " " + offset;
    }
  }

  /** What one share holds: by input, and in the order of its keys. */
  private static final class Share {
    private final Map<Integer, TreeMap<Key, byte[]>> held = new HashMap<>();

    private TreeMap<Key, byte[]> of(int input) {
      return held.computeIfAbsent(input, i -> new TreeMap<>());
    }
  }

  private Batch(Query query, int partitions, int shares, Random random) {
    this.query = query;
    this.random = random;
    this.inAnyOrder = partitions > 1;
    for (int i = 0; i < partitions * query.inputs().size(); i++) {
      partials.add(new HashMap<>());
    }
    for (int i = 0; i < shares; i++) {
      this.shares.add(new Share());
    }
  }

  /** In one partition, in order. */
  static List<Object[]> run(Query query, Map<String, List<Object[]>> rows)
      throws EvaluationException {
    return new Batch(query, 1, 1, new Random(0)).run(rows);
  }

  /**
   * In several partitions, whose partials are encoded, decoded and merged in random order, and in
   * several shares. Rows come in random order too if there are several partitions, but each with
   * its place.
   *
   * @param partitions how many
   */
  static List<Object[]> run(
      Query query, Map<String, List<Object[]>> rows, int partitions, Random random)
      throws EvaluationException {
    return new Batch(query, partitions, 1 + random.nextInt(5), random).run(rows);
  }

  /** What its joins found, of several partitions and shares. */
  static Map<String, JoinCount> joins(
      Query query, Map<String, List<Object[]>> rows, int partitions, Random random)
      throws EvaluationException {
    var batch = new Batch(query, partitions, 1 + random.nextInt(5), random);
    batch.run(rows);
    return batch.joins;
  }

  private void count(int join, boolean found) {
    joins.merge(
        query.joins().get(join), new JoinCount(found ? 1 : 0, found ? 0 : 1), JoinCount::plus);
  }

  private Expansion.Out collecting(List<Object[]> rows) {
    return new Expansion.Out() {
      @Override
      public void row(Object[] row) {
        rows.add(row);
      }

      @Override
      public void count(int join, boolean found) {
        Batch.this.count(join, found);
      }
    };
  }

  private List<Object[]> run(Map<String, List<Object[]>> rows) throws EvaluationException {
    tables = new HeapTables(query, rows);
    var sources = new ArrayList<>(new TreeSet<>(rows.keySet()));
    for (int b = 0; b < query.branches().size(); b++) {
      Query.Branch branch = query.branches().get(b);
      RowOperator operator = branch.operator(hand);
      Expansion expansion = branch.expansion(tables, hand).orElse((row, time, to) -> to.row(row));
      int number = b;
      List<Object[]> all = rows.get(branch.source());
      for (int at : order(all.size())) {
        int source = sources.indexOf(branch.source());
        hand.take(branch.source(), at, eventTime(all.get(at)));
        Object[] out = operator.apply(all.get(at));
        if (out != null) {
          var several = new ArrayList<Object[]>();
          expansion.apply(out, timestamp(all.get(at)), collecting(several));
          for (int i = 0; i < several.size(); i++) {
            int branchAndTurn = number + i * query.branches().size();
            var place = new Place(eventTime(all.get(at)), source, at, branchAndTurn);
            add(branch.input(), place, several.get(i));
          }
        }
      }
    }
    Collections.shuffle(partials, random);
    for (Map<Key, Accumulators> partial : partials) {
      for (var group : partial.entrySet()) {
        merge(group.getKey(), group.getValue().encode());
      }
    }
    var result = new ArrayList<Object[]>();
    for (Share share : shares) {
      finish(share, result);
    }
    return result;
  }

  private List<Integer> order(int rows) {
    var order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    if (inAnyOrder) {
      Collections.shuffle(order, random);
    }
    return order;
  }

  /** The tables have none; let it be another order than that of the rows. */
  private static long eventTime(Object[] row) {
    return row[0] instanceof Integer id ? id * 37L % 50 : 0;
  }

  /** By the column {@code ts}, for tables as they were. */
  private static long timestamp(Object[] row) {
    return row.length > Tables.TS && row[Tables.TS] instanceof Long ts ? ts : 0;
  }

  private void add(int input, Place from, Object[] row) throws EvaluationException {
    Input to = query.inputs().get(input);
    int share =
        to.meetingKey(row)
            .map(key -> Math.floorMod(Arrays.hashCode(key), shares.size()))
            .orElse(-1);
    if (to.isTogether()) {
      share = 0;
    }
    if (to.aggregation().isEmpty()) {
      byte[] place =
          ByteBuffer.allocate(16)
              .putInt(from.source())
              .putLong(from.offset())
              .putInt(from.branch())
              .array();
      int at = share < 0 ? random.nextInt(shares.size()) : share;
      shares.get(at).of(input).put(new Key(input, at, place), to.encode(row));
      return;
    }
    Aggregation aggregation = to.aggregation().get();
    byte[] group = aggregation.key(row);
    int at = share < 0 ? Math.floorMod(Arrays.hashCode(group), shares.size()) : share;
    partials
        .get(random.nextInt(partials.size()))
        .computeIfAbsent(new Key(input, at, group), key -> aggregation.create())
        .add(row, from);
  }

  private void merge(Key key, byte[] encoded) {
    Aggregation aggregation = query.inputs().get(key.input()).aggregation().orElseThrow();
    TreeMap<Key, byte[]> groups = shares.get(key.share()).of(key.input());
    Accumulators sum = aggregation.create();
    if (groups.containsKey(key)) {
      sum = aggregation.decode(groups.get(key));
    }
    sum.merge(aggregation.decode(encoded));
    groups.put(key, sum.encode());
  }

  private void finish(Share share, List<Object[]> result) throws EvaluationException {
    if (query.program().isPresent()) {
      Program.Held held =
          new Program.Held() {
            @Override
            public Rows rows(int input) {
              return Batch.this.rows(share, input);
            }

            @Override
            public TableAccess tables() {
              return tables;
            }

            @Override
            public RowContext context() {
              return hand;
            }

            @Override
            public JoinCounter joins() {
              return Batch.this::count;
            }

            @Override
            public boolean isHome() {
              return share == shares.get(0);
            }
          };
      result.addAll(ListedRows.all(query.program().get().run(held)));
      return;
    }
    RowOperator finish = query.finish(hand);
    Rows rows = rows(share, 0);
    for (Object[] row = rows.next(); row != null; row = rows.next()) {
      Object[] out = finish.apply(row);
      if (out != null) {
        result.add(out);
      }
    }
  }

  private Rows rows(Share share, int input) {
    var held = share.of(input).entrySet().iterator();
    Input of = query.inputs().get(input);
    return () -> {
      if (!held.hasNext()) {
        return null;
      }
      var entry = held.next();
      if (of.aggregation().isEmpty()) {
        return of.decode(entry.getValue());
      }
      Aggregation aggregation = of.aggregation().get();
      return aggregation.row(entry.getKey().bytes(), aggregation.decode(entry.getValue()));
    };
  }

  /** Bytes with equality and an order. */
  record Key(int input, int share, byte[] bytes) implements Comparable<Key> {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && compareTo(key) == 0;
    }

    @Override
    public int hashCode() {
      return 31 * input + Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Key other) {
      return input != other.input
          ? Integer.compare(input, other.input)
          : Arrays.compareUnsigned(bytes, other.bytes);
    }
  }
}
