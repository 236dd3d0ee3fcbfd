package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.Expected;
import dev.tidemill.events.EventBuilder;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Where a feed publishes: rows and the positions behind them are in the same transaction (promise
 * 3). Not thread-safe.
 */
final class Publication {

  /** Where an extractor waits while its pipeline wants no more, or it was too fast. */
  interface Gate {
    /**
     * Waits between two transactions; returns at once if more is wanted, or it has to stop.
     *
     * @param rows that were published since it was asked last
     * @param closed told who wants no more, again and again
     */
    void await(long rows, Consumer<Backlog> closed);
  }

  /** Told of each commit. */
  interface Listener {
    /**
     * @param waitsFor who wants no more
     */
    void changed(long unreadable, Optional<Backlog> waitsFor);
  }

  private final RowRecords records;
  private final PositionTopic topic;
  private final Positions positions;
  private final Transaction transaction;
  private final Gate gate;
  private final BooleanSupplier stopped;
  private final Listener listener;
  private final Events events;
  private final String source;
  private final TransactionSpan span;

  private final Map<String, Optional<JsonNode>> moved = new LinkedHashMap<>();
  private final Map<String, JsonNode> notes = new LinkedHashMap<>();
  private Instant completeTo = Instant.MIN;
  private Expected expected;
  private boolean counted;
  private boolean isEndHidden;

  /** By partition, what its last mark said of its records. */
  private Optional<long[]> told;

  private long rowsAtGate;
  private long unreadable;
  private Optional<Backlog> waitsFor = Optional.empty();

  Publication(
      RowRecords records,
      PositionTopic topic,
      Positions positions,
      Transaction transaction,
      Gate gate,
      BooleanSupplier stopped,
      Listener listener,
      Events events,
      String source) {
    this.records = records;
    this.topic = topic;
    this.positions = positions;
    this.transaction = transaction;
    this.gate = gate;
    this.stopped = stopped;
    this.listener = listener;
    this.events = events;
    this.source = source;
    this.span = new TransactionSpan(events, source);
    this.expected = positions.expected();
    positions.countFor(records.partitions());
    this.told = positions.ended() ? counts() : Optional.empty();
    this.rowsAtGate = positions.rows();
  }

  Positions positions() {
    return positions;
  }

  /** Whether the extractor has to end, or this pass of it. */
  boolean isStopped() {
    return stopped.getAsBoolean();
  }

  /**
   * Publishes a row.
   *
   * @param id what tells it apart from all other rows of the source, whenever it is read
   * @param number a row without a key goes to partition {@code number % partitions}; so it has to
   *     be a function of the input, too
   * @param values in the order of the schema's fields
   */
  void row(String id, long number, Object[] values) {
    span.row(false);
    send(records.row(id, number, values));
  }

  /**
   * As the other {@code row}, if it is wanted.
   *
   * @param wanted is asked once
   * @return whether it was
   */
  boolean row(
      String id, long number, Object[] values, Predicate<ProducerRecord<byte[], byte[]>> wanted) {
    ProducerRecord<byte[], byte[]> row = records.row(id, number, values);
    boolean isWanted = wanted.test(row);
    if (isWanted) {
      span.row(false);
      send(row);
    }
    return isWanted;
  }

  /**
   * Publishes a row that does not fit the schema; it will be a reject.
   *
   * @param raw as it was read
   * @param reason names the column, if it is one's
   */
  void unreadable(String id, long number, byte[] raw, String reason) {
    unreadable++;
    span.row(true);
    send(records.unreadable(id, number, raw, reason));
  }

  /**
   * Publishes that there is no row of a key any more; only of tables.
   *
   * @param key of the row's record
   */
  void gone(String id, byte[] key) {
    span.row(false);
    send(records.gone(id, key));
  }

  /**
   * What is expected from now on. That something is unconfirmed is told before the next row: a
   * batch must not be published without it. That all is well has time until the commit.
   */
  void expect(Expected now) {
    expected = now;
    if (positions.expected().isConfirmed() && !now.isConfirmed()) {
      tellExpected();
    }
  }

  private void tellExpected() {
    if (!expected.equals(positions.expected())) {
      records.expected(expected).forEach(transaction::send);
      positions.expected(expected);
      counted = true;
    }
  }

  private void send(ProducerRecord<byte[], byte[]> row) {
    transaction.send(row);
    positions.count(row.partition());
    counted = true;
    CrashPoint.AFTER_ROW.reached();
  }

  /** Whether the transaction is large or old enough: then move the position and commit. */
  boolean isDue() {
    return transaction.isDue();
  }

  /**
   * Moves a position, with the rows that were published since the last commit.
   *
   * @param name of the position among those of the source; not empty
   */
  void position(String name, JsonNode value) {
    positions.put(name, value);
    moved.put(name, Optional.of(value));
  }

  /** Forgets a position that is not needed any more. */
  void forget(String name) {
    positions.remove(name);
    moved.put(name, Optional.empty());
  }

  /** Keeps something of the source beside its positions, with the next commit. */
  void note(String name, JsonNode value) {
    positions.note(name, value);
    notes.put(name, value);
  }

  /**
   * Tells each partition, behind what was sent, that every row with an event time before an instant
   * is published; batches close by that. An earlier instant than before tells nothing.
   */
  void completeTo(Instant time) {
    if (time.isAfter(completeTo)) {
      completeTo = time;
      tellExpected();
      records.completeTo(time, positions.counts()).forEach(transaction::send);
      told = counts();
    }
  }

  /** Tells each partition whose number has changed how many records were published to it. */
  void tellCounts() {
    records.counts(positions.counts(), told).forEach(transaction::send);
    told = counts();
  }

  private Optional<long[]> counts() {
    return positions.counts().map(long[]::clone);
  }

  /** Commits what was sent; nothing happens if that is nothing. Then waits until more is wanted. */
  void commit() {
    commitAtOnce();
    awaitDemand();
  }

  /** As {@link #commit}, of what nobody has to wait for. */
  void commitAtOnce() {
    tellExpected();
    CrashPoint.BEFORE_POSITION.reached();
    moved.forEach((name, value) -> transaction.send(topic.record(name, value)));
    moved.clear();
    notes.forEach((name, value) -> transaction.send(topic.note(name, value)));
    notes.clear();
    if (counted) {
      transaction.send(topic.total(positions));
      counted = false;
    }
    CrashPoint.AFTER_POSITION.reached();
    transaction.commit();
    CrashPoint.AFTER_EXTRACT_COMMIT.reached();
    span.committed();
    report();
  }

  /** An event about the source. */
  EventBuilder tell(EventType type) {
    return events.event(type).with("source", source);
  }

  /** What was sent since the last commit will not be committed. */
  void failed(Exception why) {
    span.failed(why);
  }

  /**
   * Announces to each partition that there is no more, unless that was the last thing to happen.
   * The other instances are told in any case: they wait for news of this pass.
   */
  void end() {
    announceEnd();
    commitAtOnce();
  }

  /**
   * What was aborted may be behind the last announcement of the end, and then nobody finds it: the
   * next end is announced in any case.
   */
  void endMayBeHidden() {
    isEndHidden = true;
  }

  /** Whether the last thing to happen was that the end was announced. */
  boolean isEndTold() {
    return positions.ended() && !isEndHidden;
  }

  /** As {@link #end}, but with the next commit. */
  void announceEnd() {
    tellExpected();
    if (!isEndTold()) {
      isEndHidden = false;
      records.endOfInput(positions.counts()).forEach(transaction::send);
      told = counts();
      positions.endedAt(positions.rows());
    }
    counted = true;
  }

  void awaitDemand() {
    long published = positions.rows() - rowsAtGate;
    rowsAtGate = positions.rows();
    gate.await(
        published,
        backlog -> {
          if (!waitsFor.map(Backlog::holder).equals(Optional.of(backlog.holder()))) {
            events
                .event(EventType.EXTRACT_WAITING)
                .with("source", source)
                .with("holder", backlog.holder())
                .with("partition", backlog.partition().toString())
                .with("behind", String.valueOf(backlog.records()))
                .emit();
          }
          waitsFor = Optional.of(backlog);
          report();
        });
    if (waitsFor.isPresent()) {
      waitsFor = Optional.empty();
      events.event(EventType.EXTRACT_RESUMED).with("source", source).emit();
      report();
    }
  }

  private void report() {
    listener.changed(unreadable, waitsFor);
  }
}
