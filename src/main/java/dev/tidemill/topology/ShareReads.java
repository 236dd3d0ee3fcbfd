package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.definition.Topics;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.JoinCounter;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.RowOperator;
import dev.tidemill.sql.TableAccess;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads the shares' stores from outside the topology. Thread-safe.
 *
 * <p>Every read asks for an active, restored task, before and after. A slice is {@code CLOSED} only
 * if the share said so before and after its rows were read; {@link Share} says that a batch opens
 * again before its groups change. What is read may not be committed yet (KIP-892): whether an
 * attempt counts is for the ledger to say.
 */
public final class ShareReads {
  /** Groups that one read looks at, so that HAVING can not make it endless. */
  private static final int MOST_GROUPS = 20_000;

  private final Supplier<KafkaStreams> streams;
  private final String shuffle;
  private final int shares;
  private final Query query;
  private final TableAccess tables;
  private final Supplier<RowEncoder> encoders;

  /** The share has no active, restored task in this process now. */
  public static final class NotHere extends Exception {
    private static final long serialVersionUID = 1L;

    NotHere(String message) {
      super(message);
    }
  }

  /**
   * How much to read of a share.
   *
   * @param group one group alone; empty for all
   * @param after the key after which to begin; empty for the beginning
   * @param rows at most
   * @param bytes about so many at most; one row is always given
   */
  public record Portion(Optional<byte[]> group, Optional<byte[]> after, int rows, long bytes) {
    public Portion {
      if (rows < 1) {
        throw new IllegalArgumentException("a portion of " + rows + " rows");
      }
    }

    public static Portion group(byte[] key) {
      return new Portion(Optional.of(key), Optional.empty(), 1, Long.MAX_VALUE);
    }

    /** For another instance. */
    public void write(DataOutputStream out) throws IOException {
      out.writeInt(rows);
      out.writeLong(bytes);
      ShareSlice.writeOptional(out, group);
      ShareSlice.writeOptional(out, after);
    }

    /**
     * @throws IOException if the bytes are not of a portion
     */
    public static Portion read(DataInputStream in) throws IOException {
      int rows = in.readInt();
      long bytes = in.readLong();
      if (rows < 1) {
        throw new IOException("a portion of " + rows + " rows");
      }
      return new Portion(ShareSlice.readOptional(in), ShareSlice.readOptional(in), rows, bytes);
    }
  }

  ShareReads(
      Supplier<KafkaStreams> streams,
      Topics topics,
      int shares,
      Query query,
      TableAccess tables,
      Supplier<RowEncoder> encoders) {
    this.streams = streams;
    this.shuffle = topics.shuffle();
    this.shares = shares;
    this.query = query;
    this.tables = tables;
    this.encoders = encoders;
  }

  public int shares() {
    return shares;
  }

  /** The share that has the group, as the shuffle spreads them. */
  public int shareOf(byte[] group) {
    return PipelineTopology.shareOf(group, shares);
  }

  /**
   * Where each share is active, as the group last agreed. A share that is on the move is missing,
   * or is not where this says: who is asked has to check.
   */
  public Map<Integer, HostInfo> owners() {
    Map<Integer, HostInfo> owners = new HashMap<>();
    try {
      for (StreamsMetadata instance : streams.get().metadataForAllStreamsClients()) {
        for (TopicPartition partition : instance.topicPartitions()) {
          if (partition.topic().equals(shuffle)) {
            owners.put(partition.partition(), instance.hostInfo());
          }
        }
      }
    } catch (IllegalStateException | InvalidStateStoreException notRunning) {
      return Map.of();
    }
    return owners;
  }

  /**
   * @throws NotHere if the share is not active here, or stops to be while it is read
   */
  public ShareSlice read(int share, Batch batch, Portion portion) throws NotHere {
    try {
      Optional<ShareBatch> before = standing(share, batch);
      Rows rows =
          before.isEmpty()
              ? new Rows(List.of(), Optional.empty(), "")
              : rows(share, batch, portion);
      return slice(before, rows, standing(share, batch));
    } catch (InvalidStateStoreException | IllegalStateException e) {
      throw new NotHere("share " + share + " is moving, or being restored: " + e.getMessage());
    }
  }

  private static ShareSlice slice(
      Optional<ShareBatch> before, Rows rows, Optional<ShareBatch> after) {
    if (before.isEmpty() || after.isEmpty()) {
      return new ShareSlice(ShareSlice.Standing.UNKNOWN, 0, List.of(), Optional.empty(), "");
    }
    if (after.get().phase() == ShareBatch.Phase.FORGETTING) {
      return new ShareSlice(ShareSlice.Standing.FORGOTTEN, 0, List.of(), Optional.empty(), "");
    }
    boolean closed =
        before.get().phase() == ShareBatch.Phase.CLOSED
            && after.get().phase() == ShareBatch.Phase.CLOSED
            && before.get().attempt() == after.get().attempt();
    return new ShareSlice(
        closed ? ShareSlice.Standing.CLOSED : ShareSlice.Standing.OPEN,
        closed ? after.get().attempt() : 0,
        rows.encoded(),
        rows.next(),
        rows.failure());
  }

  private Optional<ShareBatch> standing(int share, Batch batch) {
    Bytes key = StoreKeys.batch(batch.start().toEpochMilli());
    return Optional.ofNullable(store(share, Share.BATCHES).get(key))
        .map(bytes -> MessageSerdes.read(bytes, in -> ShareBatch.read(batch, in)));
  }

  private record Rows(List<byte[]> encoded, Optional<byte[]> next, String failure) {}

  private Rows rows(int share, Batch batch, Portion portion) {
    if (query.program().isPresent()) {
      return programRows(share, batch, portion);
    }
    ToRow toRow = new ToRow(query.aggregation(), query.finish(RowInHand.of(batch)), encoders.get());
    long start = batch.start().toEpochMilli();
    if (portion.group().isPresent()) {
      byte[] key = portion.group().get();
      Optional<byte[]> value = GroupStore.get(groups(share), start, key);
      try {
        Optional<byte[]> row = value.isEmpty() ? Optional.empty() : toRow.of(key, value.get());
        return new Rows(row.stream().toList(), Optional.empty(), "");
      } catch (EvaluationException e) {
        return new Rows(List.of(), Optional.empty(), e.getMessage());
      }
    }
    try (GroupStore.Range groups = GroupStore.after(groups(share), start, portion.after())) {
      return rows(groups, portion, toRow);
    }
  }

  /** Runs the program anew for each portion: what it goes on after is the number of a row. */
  private Rows programRows(int share, Batch batch, Portion portion) {
    long start = batch.start().toEpochMilli();
    long skip = portion.after().map(after -> ByteBuffer.wrap(after).getLong()).orElse(0L);
    HeldRows held =
        new HeldRows(
            new HeldKeys(query),
            groups(share),
            tables,
            JoinCounter.NONE,
            batch,
            HeldKeys.home(start, shares) == share);
    RowEncoder encoder = encoders.get();
    List<byte[]> encoded = new ArrayList<>();
    long number = 0;
    long bytes = 0;
    try (dev.tidemill.sql.Rows rows = query.program().orElseThrow().run(held)) {
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        if (encoded.size() == portion.rows() || bytes >= portion.bytes()) {
          byte[] next = ByteBuffer.allocate(8).putLong(number).array();
          return new Rows(encoded, Optional.of(next), "");
        }
        if (number++ >= skip) {
          encoded.add(encoder.encode(row));
          bytes += encoded.get(encoded.size() - 1).length;
        }
      }
      return new Rows(encoded, Optional.empty(), "");
    } catch (EvaluationException e) {
      return new Rows(List.of(), Optional.empty(), e.getMessage());
    }
  }

  private static Rows rows(GroupStore.Range groups, Portion portion, ToRow toRow) {
    List<byte[]> encoded = new ArrayList<>();
    Optional<byte[]> last = Optional.empty();
    long bytes = 0;
    int read = 0;
    try {
      while (encoded.size() < portion.rows() && bytes < portion.bytes() && read < MOST_GROUPS) {
        if (!groups.hasNext()) {
          return new Rows(encoded, Optional.empty(), "");
        }
        KeyValue<byte[], byte[]> group = groups.next();
        Optional<byte[]> row = toRow.of(group.key, group.value);
        if (row.isPresent()) {
          encoded.add(row.get());
          bytes += row.get().length;
        }
        last = Optional.of(group.key);
        read++;
      }
      return new Rows(encoded, groups.hasNext() ? last : Optional.empty(), "");
    } catch (EvaluationException e) {
      return new Rows(List.of(), Optional.empty(), e.getMessage());
    }
  }

  /** From a store's entry to a row of the result. For one thread. */
  private record ToRow(Optional<Aggregation> aggregation, RowOperator finish, RowEncoder encoder) {

    /** Empty if HAVING leaves it out. */
    Optional<byte[]> of(byte[] key, byte[] value) throws EvaluationException {
      if (aggregation.isEmpty()) {
        return Optional.of(value);
      }
      Aggregation aggregates = aggregation.get();
      Object[] row = aggregates.row(key, aggregates.decode(value));
      return Optional.ofNullable(finish.apply(row)).map(encoder::encode);
    }
  }

  private GroupStore.Reads groups(int share) {
    ReadOnlyKeyValueStore<Bytes, byte[]> store = store(share, Share.GROUPS);
    return new GroupStore.Reads() {
      @Override
      public byte[] get(Bytes key) {
        return store.get(key);
      }

      @Override
      public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return store.range(from, to);
      }

      @Override
      public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
        return store.reverseRange(from, to);
      }
    };
  }

  /**
   * Not by {@code KafkaStreams.query} (KIP-796): that holds the position of a store and asks for
   * the store's lock, and a stream thread that writes does it the other way round, so that both may
   * stand for ever (KAFKA-19629).
   *
   * @throws InvalidStateStoreException if the share is not active here
   */
  private ReadOnlyKeyValueStore<Bytes, byte[]> store(int share, String name) {
    return streams
        .get()
        .store(
            StoreQueryParameters.fromNameAndType(
                    name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                .withPartition(share));
  }
}
