package dev.tidemill.sql;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the statements of the gates have of a batch's rows so far: those of one share, or merged of
 * several. Not thread-safe.
 */
public final class GateTally {
  private static final byte VERSION = 1;
  private static final int MOST_SAMPLES = 5;

  /** Of the text of a sample, or of a reason. */
  private static final int MOST_CHARACTERS = 500;

  /** One statement's. */
  private static final class Count {
    private final GateQuery query;
    private final Optional<RowOperator> operator;
    private Accumulators rows;
    private String failure = "";
    private final List<String> samples = new ArrayList<>();

    Count(GateQuery query, Optional<RowOperator> operator) {
      this.query = query;
      this.operator = operator;
      this.rows = query.create();
    }

    void add(Object[] row, Supplier<String> sample) {
      if (!failure.isEmpty()) {
        return;
      }
      try {
        Object[] chosen = operator.orElseThrow().apply(row);
        if (chosen == null) {
          return;
        }
        rows.add(chosen);
        if (query.choosesRows() && samples.size() < MOST_SAMPLES) {
          samples.add(cut(sample.get()));
        }
      } catch (EvaluationException e) {
        failure = cut(GateText.forPeople(e.getMessage()));
        samples.clear();
        samples.add(cut(sample.get()));
      }
    }

    void write(DataOutputStream out) throws IOException {
      out.writeLong(query.fingerprint());
      out.writeUTF(failure);
      byte[] encoded = rows.encode();
      out.writeInt(encoded.length);
      out.write(encoded);
      out.writeByte(samples.size());
      for (String sample : samples) {
        out.writeUTF(sample);
      }
    }
  }

  private final Map<Long, Count> counts = new HashMap<>();

  private GateTally() {}

  /**
   * For one task, to add rows to.
   *
   * @param queries of all gates
   */
  public static GateTally of(List<GateQuery> queries) {
    GateTally tally = new GateTally();
    for (GateQuery query : queries) {
      tally.counts.put(query.fingerprint(), new Count(query, Optional.of(query.operator())));
    }
    return tally;
  }

  /** Adds a row of the result. */
  public void add(Object[] row, Supplier<String> sample) {
    counts.values().forEach(count -> count.add(row, sample));
  }

  /**
   * Goes on from what {@link #encode} wrote. A statement that is new has missed rows: it has no
   * count of them from now on.
   */
  public void restore(byte[] encoded) {
    Map<Long, Encoded> known = read(encoded);
    counts.keySet().retainAll(known.keySet());
    counts.forEach((fingerprint, count) -> take(count, known.get(fingerprint)));
  }

  private static void take(Count count, Encoded from) {
    count.rows = count.query.decode(from.rows);
    count.failure = from.failure;
    count.samples.clear();
    count.samples.addAll(from.samples);
  }

  public byte[] encode() {
    var bytes = new ByteArrayOutputStream(256);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(counts.size());
      for (Count count :
          counts.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(Map.Entry::getValue)
              .toList()) {
        count.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    return bytes.toByteArray();
  }

  private record Encoded(String failure, byte[] rows, List<String> samples) {}

  private static Map<Long, Encoded> read(byte[] encoded) {
    Map<Long, Encoded> all = new HashMap<>();
    try (var in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      if (in.available() == 0) {
        return all;
      }
      byte version = in.readByte();
      if (version != VERSION) {
        return all; // nobody can tell any more what it counted
      }
      for (int left = in.readInt(); left > 0; left--) {
        long fingerprint = in.readLong();
        String failure = in.readUTF();
        byte[] rows = in.readNBytes(in.readInt());
        List<String> samples = new ArrayList<>();
        for (int more = in.readByte(); more > 0; more--) {
          samples.add(in.readUTF());
        }
        all.put(fingerprint, new Encoded(failure, rows, samples));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("from memory", e);
    }
    return all;
  }

  /**
   * A statement's value over all shares.
   *
   * @param value null is NULL
   * @param failure why it has none; empty if it has
   * @param samples of the rows that WHERE left, or of the one that failed; share by share
   */
  record Value(Object value, String failure, List<String> samples) {
    static Value failed(String why, List<String> samples) {
      return new Value(null, why, samples);
    }
  }

  /**
   * @param shares of those that emitted anything, in their order
   */
  static Value value(GateQuery query, List<byte[]> shares) {
    Count sum = new Count(query, Optional.empty());
    for (byte[] share : shares) {
      Encoded part = read(share).get(query.fingerprint());
      if (part == null) {
        return Value.failed(
            "it was written or changed after rows of the batch had been counted", List.of());
      }
      if (!part.failure.isEmpty()) {
        return Value.failed(part.failure, part.samples);
      }
      sum.rows.merge(query.decode(part.rows));
      part.samples.stream().limit(MOST_SAMPLES - sum.samples.size()).forEach(sum.samples::add);
    }
    try {
      return new Value(query.value(sum.rows), "", List.copyOf(sum.samples));
    } catch (EvaluationException e) {
      return Value.failed(GateText.forPeople(e.getMessage()), sum.samples);
    }
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }
}
