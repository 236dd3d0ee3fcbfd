package dev.tidemill.topology;

import dev.tidemill.batch.Expected;
import dev.tidemill.definition.Expectation;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.Change;
import dev.tidemill.schema.ChangeDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.IncompatibleSchemaException;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.Expansion;
import dev.tidemill.sql.RowOperator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Everything that a record of one source goes through before it is merged. Not thread-safe: one per
 * task.
 *
 * @param extracted whether the topic is written by our own extractor, so that its headers can be
 *     trusted
 * @param rules the source's {@code expect}, by name
 * @param branches the statement's readings of this source
 * @param maxJump how far one record may move the event clock (rule 10)
 * @param onIncompatible what becomes of records with a schema that can not be read
 * @param clocks of tables that records see as they were at the records' event time
 * @param dedupe which records are the same; empty: each one counts
 * @param inHand what the operators of rules and branches know of the record; to be set before
 */
record SourceReader(
    boolean extracted,
    ChangeDecoder decoder,
    EventTimes eventTimes,
    List<CompiledPipeline.Rule> rules,
    List<Branch> branches,
    Optional<Duration> maxJump,
    Origin.OnIncompatible onIncompatible,
    List<TableClock> clocks,
    Optional<SeenRecords.Rule> dedupe,
    RowInHand inHand) {

  /** Takes the rules that a record breaks and that only warn. */
  interface Warnings {
    void broken(String rule, String reason);
  }

  /** Reads a row's event time. */
  interface EventTimes {
    /**
     * @param recordTime Kafka's time of the record; ms since the epoch
     * @return ms since the epoch
     */
    long of(Object[] row, long recordTime) throws DecodeException;
  }

  /**
   * @param index of the branch in the statement
   * @param input to which its rows go
   * @param expansion what becomes of each row of the operator
   */
  record Branch(int index, int input, RowOperator operator, Optional<Expansion> expansion) {}

  /** A record can not take part. */
  static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;
    private final String step;

    Rejected(String step, String reason) {
      super(reason, null, false, false);
      this.step = step;
    }

    String step() {
      return step;
    }

    /** For its time alone, whatever is in it. */
    boolean isLate() {
      return step.equals("late");
    }
  }

  /** Whether a record is no row but a word of the extractor's. */
  boolean isMark(ConsumerRecord<byte[], byte[]> record) {
    return extracted && record.value() == null;
  }

  /** Whether a mark says that there is no more. */
  static boolean isEndOfInput(ConsumerRecord<byte[], byte[]> mark) {
    return mark.headers().lastHeader(Headers.END_OF_INPUT) != null;
  }

  /**
   * Before when everything is published, as a mark says.
   *
   * @return ms since the epoch
   */
  static OptionalLong completeTo(ConsumerRecord<byte[], byte[]> mark) {
    return number(mark, Headers.COMPLETE_TO);
  }

  /** How many records the extractor has published before a mark, to its partition. */
  static OptionalLong published(ConsumerRecord<byte[], byte[]> mark) {
    return number(mark, Headers.PUBLISHED);
  }

  /** What is expected of the source, as a mark says. */
  static Optional<Expected> expected(ConsumerRecord<byte[], byte[]> mark) {
    return Optional.ofNullable(mark.headers().lastHeader(Headers.EXPECTED))
        .map(header -> ByteBuffer.wrap(header.value()))
        .map(said -> new Expected(said.getLong(), said.getLong()));
  }

  private static OptionalLong number(ConsumerRecord<byte[], byte[]> mark, String name) {
    Header header = mark.headers().lastHeader(name);
    return header == null
        ? OptionalLong.empty()
        : OptionalLong.of(ByteBuffer.wrap(header.value()).getLong());
  }

  Change decode(ConsumerRecord<byte[], byte[]> record) throws Rejected {
    Header unreadable = extracted ? record.headers().lastHeader(Headers.UNREADABLE) : null;
    if (unreadable != null) {
      throw new Rejected("extract", new String(unreadable.value(), StandardCharsets.UTF_8));
    }
    try {
      return decoder.decode(record.key(), record.value());
    } catch (IncompatibleSchemaException e) {
      if (onIncompatible == Origin.OnIncompatible.STOP) {
        throw stopped(record, e);
      }
      throw new Rejected("decode", e.getMessage());
    } catch (DecodeException e) {
      throw new Rejected("decode", e.getMessage());
    }
  }

  private static Unavailable stopped(
      ConsumerRecord<byte[], byte[]> record, IncompatibleSchemaException why) {
    return new Unavailable(
        "%s-%d@%d: %s. The pipeline stops before this record, as 'on-incompatible: stop' says. Change the"
                .formatted(record.topic(), record.partition(), record.offset(), why.getMessage())
            + " source's schema to what is written, or write 'on-incompatible: reject', and start"
            + " again: nothing is lost.",
        why);
  }

  long eventTime(Object[] row, long recordTime) throws Rejected {
    try {
      return eventTimes.of(row, recordTime);
    } catch (DecodeException e) {
      throw new Rejected("event-time", e.getMessage());
    }
  }

  /**
   * Whether what a record of a time looks up in tables is known, or has been waited for.
   *
   * @param since since when the record waits; ms since the epoch
   */
  boolean isKnown(long time, long since) {
    for (TableClock clock : clocks) {
      if (!clock.isPast(time, since)) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param warned takes each rule that the row breaks and is kept all the same
   */
  void checkRules(Object[] row, Warnings warned) throws Rejected {
    for (CompiledPipeline.Rule rule : rules) {
      String broken = whyBroken(rule, row);
      if (broken != null && rule.onBreak() == Expectation.OnBreak.WARN) {
        warned.broken(rule.name(), broken);
      } else if (broken != null) {
        throw new Rejected("expect", broken);
      }
    }
  }

  /** Null if the rule holds: this is asked for every record. */
  private static String whyBroken(CompiledPipeline.Rule rule, Object[] row) {
    try {
      return rule.operator().apply(row) == null ? rule.name() : null;
    } catch (EvaluationException e) {
      return rule.name() + ": " + e.getMessage();
    }
  }

  /**
   * Gives the rows that the branches make of a row: none where it is filtered out.
   *
   * @param time its event time
   * @param into empty
   */
  void evaluate(Object[] row, long time, EvaluatedRows into) throws Rejected {
    try {
      for (int i = 0; i < branches.size(); i++) {
        Branch branch = branches.get(i);
        Object[] out = branch.operator.apply(row);
        if (out == null) {
          continue;
        }
        into.begin(branch);
        if (branch.expansion.isEmpty()) {
          into.row(out);
        } else {
          branch.expansion.get().apply(out, time, into);
        }
      }
    } catch (EvaluationException e) {
      throw new Rejected(e.step(), e.getMessage());
    }
  }
}
