package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.Expected;
import dev.tidemill.batch.GatePart;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The bytes of messages inside the topology. They outlive a release in repartition topics, so every
 * message begins with a version.
 */
final class MessageSerdes {
  private static final byte VERSION = 8;

  private MessageSerdes() {}

  static Serde<ShuffleMessage> shuffle() {
    return Serdes.serdeFrom(
        (topic, message) -> writeShuffle(message), (topic, bytes) -> readShuffle(bytes));
  }

  static Serde<OwnerMessage> owner() {
    return Serdes.serdeFrom(
        (topic, message) -> write(out -> writeOwner(out, message)),
        (topic, bytes) -> read(bytes, MessageSerdes::readOwner));
  }

  private static byte[] writeShuffle(ShuffleMessage message) {
    if (message instanceof ShuffleMessage.Partials partials) {
      return begin('P', partials.source(), 4 + partials.entries().length)
          .putInt(partials.share())
          .put(partials.entries())
          .array();
    }
    ShuffleMessage.Marks marks = (ShuffleMessage.Marks) message;
    ByteBuffer out =
        begin('M', marks.source(), 8 + 8 + 8 + 1 + 8 * marks.entered().length)
            .putLong(marks.clock())
            .putLong(marks.idleUntil())
            .putLong(marks.completeTo())
            .put((byte) (marks.ended() ? 1 : 0));
    for (long start : marks.entered()) {
      out.putLong(start);
    }
    return out.array();
  }

  private static ByteBuffer begin(char kind, int source, int more) {
    return ByteBuffer.allocate(1 + 1 + 4 + more).put(VERSION).put((byte) kind).putInt(source);
  }

  private static ShuffleMessage readShuffle(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    requireVersion(in.get());
    byte kind = in.get();
    int source = in.getInt();
    return switch (kind) {
      case 'P' -> new ShuffleMessage.Partials(in.getInt(), source, rest(in));
      case 'M' ->
          new ShuffleMessage.Marks(
              source, in.getLong(), in.getLong(), in.getLong(), in.get() == 1, remainingLongs(in));
      default -> throw unknown(kind);
    };
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return rest;
  }

  private static long[] remainingLongs(ByteBuffer in) {
    long[] longs = new long[in.remaining() / 8];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = in.getLong();
    }
    return longs;
  }

  private static void writeOwner(DataOutputStream out, OwnerMessage message) throws IOException {
    if (message instanceof OwnerMessage.Counts counts) {
      out.writeByte('C');
      out.writeLong(counts.batchStart());
      writeSpan(out, counts.span());
    } else if (message instanceof OwnerMessage.Read read) {
      out.writeByte('N');
      out.writeUTF(read.count().topic());
      out.writeInt(read.count().partition());
      out.writeLong(read.count().read());
      out.writeLong(read.count().withoutBatch());
      out.writeLong(read.count().extracted());
      out.writeLong(read.count().missing());
      out.writeLong(read.count().expected().rows());
      out.writeLong(read.count().expected().unconfirmed());
    } else if (message instanceof OwnerMessage.ShareEnded ended) {
      out.writeByte('E');
      writeEnd(out, ended.end());
    } else if (message instanceof OwnerMessage.ShareEndedEarly ended) {
      out.writeByte('P');
      writeEnd(out, ended.end());
    }
  }

  private static void writeEnd(DataOutputStream out, EndOfShare end) throws IOException {
    out.writeLong(end.batch().start().toEpochMilli());
    out.writeLong(end.batch().end().toEpochMilli());
    out.writeInt(end.share());
    out.writeInt(end.attempt());
    out.writeUTF(end.reason().name());
    out.writeLong(end.merged());
    out.writeLong(end.checksum());
    out.writeLong(end.rows());
    out.writeUTF(end.failure());
    byte[] gates = end.gates().bytes();
    out.writeInt(gates.length);
    out.write(gates);
    writeJoins(out, end.joins());
    out.writeInt(end.queries().size());
    for (Map.Entry<String, Long> query : new TreeMap<>(end.queries()).entrySet()) {
      out.writeUTF(query.getKey());
      out.writeLong(query.getValue());
    }
  }

  private static OwnerMessage readOwner(DataInputStream in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case 'C' -> new OwnerMessage.Counts(in.readLong(), readSpan(in));
      case 'N' ->
          new OwnerMessage.Read(
              new PartitionRead(
                  in.readUTF(),
                  in.readInt(),
                  in.readLong(),
                  in.readLong(),
                  in.readLong(),
                  in.readLong(),
                  new Expected(in.readLong(), in.readLong())));
      case 'E' -> new OwnerMessage.ShareEnded(readEnd(in));
      case 'P' -> new OwnerMessage.ShareEndedEarly(readEnd(in));
      default -> throw unknown(kind);
    };
  }

  private static EndOfShare readEnd(DataInputStream in) throws IOException {
    return new EndOfShare(
        new Batch(Instant.ofEpochMilli(in.readLong()), Instant.ofEpochMilli(in.readLong())),
        in.readInt(),
        in.readInt(),
        CloseReason.valueOf(in.readUTF()),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readUTF(),
        readGates(in),
        readJoins(in),
        readQueries(in));
  }

  private static Map<String, Long> readQueries(DataInputStream in) throws IOException {
    Map<String, Long> queries = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      queries.put(in.readUTF(), in.readLong());
    }
    return queries;
  }

  private static GatePart readGates(DataInputStream in) throws IOException {
    return new GatePart(in.readNBytes(in.readInt()));
  }

  static void writeSpan(DataOutputStream out, SourceSpan span) throws IOException {
    out.writeUTF(span.topic());
    out.writeInt(span.partition());
    out.writeLong(span.firstOffset());
    out.writeLong(span.lastOffset());
    out.writeLong(span.clockBefore());
    Books books = span.books();
    out.writeLong(books.read());
    out.writeLong(books.accepted());
    out.writeLong(books.filtered());
    out.writeLong(books.rejected());
    out.writeLong(books.duplicate());
    out.writeLong(books.late());
    out.writeLong(books.amended());
    out.writeLong(span.checksum());
    out.writeInt(span.warned().size());
    for (Map.Entry<String, Long> rule : span.warned().entrySet()) {
      out.writeUTF(rule.getKey());
      out.writeLong(rule.getValue());
    }
    out.writeLong(books.carried());
    out.writeLong(books.carriedIn());
    writeJoins(out, span.joins());
  }

  private static void writeJoins(DataOutputStream out, Map<String, JoinCount> joins)
      throws IOException {
    out.writeInt(joins.size());
    for (Map.Entry<String, JoinCount> join : joins.entrySet()) {
      out.writeUTF(join.getKey());
      out.writeLong(join.getValue().hits());
      out.writeLong(join.getValue().misses());
      out.writeLong(join.getValue().waitedOut());
    }
  }

  private static Map<String, JoinCount> readJoins(DataInputStream in) throws IOException {
    Map<String, JoinCount> joins = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      joins.put(in.readUTF(), new JoinCount(in.readLong(), in.readLong(), in.readLong()));
    }
    return joins;
  }

  static SourceSpan readSpan(DataInputStream in) throws IOException {
    String topic = in.readUTF();
    int partition = in.readInt();
    long firstOffset = in.readLong();
    long lastOffset = in.readLong();
    long clockBefore = in.readLong();
    long[] counts = new long[7];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.readLong();
    }
    long checksum = in.readLong();
    Map<String, Long> warned = readWarned(in);
    Books books =
        new Books(
            counts[0],
            counts[1],
            counts[2],
            counts[3],
            counts[4],
            counts[5],
            counts[6],
            in.readLong(),
            in.readLong());
    return new SourceSpan(
        topic,
        partition,
        firstOffset,
        lastOffset,
        clockBefore,
        books,
        checksum,
        warned,
        readJoins(in));
  }

  private static Map<String, Long> readWarned(DataInputStream in) throws IOException {
    Map<String, Long> warned = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      warned.put(in.readUTF(), in.readLong());
    }
    return warned;
  }

  interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  static byte[] write(Writer writer) {
    var bytes = new ByteArrayOutputStream(64);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static <T> T read(byte[] bytes, Reader<T> reader) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      requireVersion(in.readByte());
      return reader.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with the version of a message, if there is something. */
  static Optional<String> otherVersion(byte[] message) {
    return otherVersion(message[0]);
  }

  private static Optional<String> otherVersion(byte version) {
    return version == VERSION
        ? Optional.empty()
        : Optional.of(
            "a message of version " + version + ", but this release reads version " + VERSION);
  }

  private static void requireVersion(byte version) {
    otherVersion(version)
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
  }

  private static IllegalStateException unknown(byte kind) {
    return new IllegalStateException("unknown kind of message: " + (char) kind);
  }
}
