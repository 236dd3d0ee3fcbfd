package dev.tidemill.topology;

import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.Pause;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.definition.MaxRejects;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.schema.ReadablePayloads;
import dev.tidemill.schema.RejectReason;
import dev.tidemill.sql.CompiledPipeline;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Pauses the pipeline when too many records of a source partition are rejected, instead of emptying
 * its topic into the rejects.
 *
 * <p>What it counts is stored with the offsets and depends on the log alone, so that it breaks at
 * the same record whoever reads it. Late records do not count: that they come late says nothing of
 * what is in them. Not thread-safe.
 */
final class Breaker {

  /** A share of fewer records says little. */
  static final int FEWEST = 100;

  /** Kinds of reasons that are told apart; further ones are only in the total. */
  private static final int MOST_KINDS = 20;

  /** Of what is kept for people, in chars. */
  private static final int LONGEST = 300;

  private final BatchRule rule;
  private final MaxRejects limit;
  private final long fingerprint;
  private final ReadablePayloads payloads;

  /** End of the batch that the clock is in; ms since the epoch. */
  private long end = EventClock.NO_TIME;

  private long read;
  private long rejected;
  private long inARow;

  /** By what the reasons have in common, in the order in which they came. */
  private final Map<String, Pause.Sample> samples = new LinkedHashMap<>();

  /**
   * @param fingerprint of what decides about rejects: what was counted with another one is
   *     forgotten
   * @param payloads for samples
   */
  Breaker(BatchRule rule, long fingerprint, ReadablePayloads payloads) {
    this.rule = rule;
    this.limit = rule.maxRejects();
    this.fingerprint = fingerprint;
    this.payloads = payloads;
  }

  /** A record was not rejected. */
  void kept(long clock) {
    if (limit.isAny()) {
      return;
    }
    enter(clock);
    read++;
    inARow = 0;
  }

  /**
   * A record was rejected, other than for being late.
   *
   * @param clock of the partition after the record; ms since the epoch
   * @param readEver by the partition, with this record
   * @param now for people; ms since the epoch
   * @throws PausedException if that was one too many
   */
  void rejected(
      ConsumerRecord<byte[], byte[]> record,
      SourceReader.Rejected why,
      long clock,
      long readEver,
      long now) {
    if (limit.isAny()) {
      return;
    }
    enter(clock);
    read++;
    rejected++;
    inARow++;
    count(record, why);
    if (isBroken()) {
      throw new PausedException(
          new Pause(
              record.topic(),
              record.partition(),
              record.offset(),
              readEver,
              Instant.ofEpochMilli(now),
              reason(why),
              samples.values().stream()
                  .sorted(Comparator.comparing(Pause.Sample::count).reversed())
                  .toList()));
    }
  }

  private void count(ConsumerRecord<byte[], byte[]> record, SourceReader.Rejected why) {
    String kind = cut(why.step() + ": " + RejectReason.general(why.step(), why.getMessage()));
    Pause.Sample known = samples.get(kind);
    if (known != null) {
      samples.put(
          kind, new Pause.Sample(known.count() + 1, known.offset(), known.reason(), known.value()));
    } else if (samples.size() < MOST_KINDS) {
      samples.put(
          kind,
          new Pause.Sample(
              1,
              record.offset(),
              cut(why.step() + ": " + why.getMessage()),
              record.value() == null ? "no value" : cut(payloads.line(record.value()))));
    }
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
    return text.substring(0, end) + "…";
  }

  private void enter(long clock) {
    if (clock != EventClock.NO_TIME && clock >= end) {
      end = rule.calendar().batchOf(Instant.ofEpochMilli(clock)).end().toEpochMilli();
      read = 0;
      rejected = 0;
      samples.clear();
    }
  }

  private boolean isBroken() {
    return tooManyInARow() || tooLargeAShare();
  }

  private boolean tooManyInARow() {
    return limit.inARow().isPresent() && inARow > limit.inARow().get();
  }

  private boolean tooLargeAShare() {
    return limit.percent().isPresent()
        && read >= FEWEST
        && rejected * 100.0 > limit.percent().get() * read;
  }

  private String reason(SourceReader.Rejected last) {
    return (tooManyInARow()
            ? inARow
                + " records in a row were rejected, and 'max-rejects' permits "
                + limit.inARow().get()
            : "%d of %d records were rejected while the partition's clock was in %s, and 'max-rejects' permits %s %%"
                .formatted(rejected, read, batch(), percent()))
        + ". The last one because of "
        + last.step()
        + ": "
        + last.getMessage()
        + ". Nothing is lost: mend the definition or the data and start again; or raise 'max-rejects';"
        + " or go on with 'run --ignore-max-rejects'.";
  }

  private String batch() {
    return end == EventClock.NO_TIME
        ? "no batch yet"
        : "batch " + rule.calendar().batchOf(Instant.ofEpochMilli(end - 1)).id();
  }

  private String percent() {
    return new BigDecimal(limit.percent().orElseThrow().toString())
        .stripTrailingZeros()
        .toPlainString();
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(fingerprint);
    out.writeLong(end);
    out.writeLong(read);
    out.writeLong(rejected);
    out.writeLong(inARow);
    out.writeInt(samples.size());
    for (Map.Entry<String, Pause.Sample> kind : samples.entrySet()) {
      Pause.Sample sample = kind.getValue();
      out.writeUTF(kind.getKey());
      out.writeLong(sample.count());
      out.writeLong(sample.offset());
      out.writeUTF(sample.reason());
      out.writeUTF(sample.value());
    }
  }

  void restore(DataInputStream in) throws IOException {
    boolean same = in.readLong() == fingerprint;
    end = in.readLong();
    read = in.readLong();
    rejected = in.readLong();
    inARow = in.readLong();
    samples.clear();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      samples.put(
          in.readUTF(), new Pause.Sample(in.readLong(), in.readLong(), in.readUTF(), in.readUTF()));
    }
    if (!same) {
      read = 0;
      rejected = 0;
      inARow = 0;
      samples.clear();
    }
  }

  /**
   * Of all in a pipeline that decides which records are rejected, and how many may be; the code of
   * its functions, too. Whoever changes it begins to count anew.
   */
  static long fingerprint(CompiledPipeline pipeline) {
    PipelineDefinition definition = pipeline.definition();
    StringBuilder text = new StringBuilder(pipeline.functions().code());
    text.append(definition.sql()).append('\n').append(definition.batch().maxRejects());
    text.append('\n').append(definition.batch().maxAhead());
    for (SourceDefinition source : definition.sources()) {
      text.append('\n').append(source.name()).append(' ').append(source.schema());
      text.append(' ').append(source.eventTime()).append(' ').append(source.expect());
      if (source.origin() instanceof Origin.Topic topic) {
        text.append(' ').append(topic.format()).append(' ').append(topic.maxJump());
      }
    }
    for (TableDefinition table : definition.tables()) {
      text.append('\n').append(table.name()).append(' ').append(table.schema());
      text.append(' ').append(table.rejectsMisses());
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
