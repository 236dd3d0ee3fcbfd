package dev.tidemill.faults;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.cli.Await;
import dev.tidemill.cli.Table;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.EndOfShareCodec;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.LedgerCodec;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RejectCodec;
import dev.tidemill.schema.Schemas;
import dev.tidemill.topology.RandomLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** The one checker: what must hold after every experiment, whatever was broken in it. */
final class Invariants {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Trial trial;
  private final Topics topics;
  private final RandomLog log;
  private final SortedMap<Instant, LedgerEntry> ledger = new TreeMap<>();

  Invariants(Trial trial) {
    this.trial = trial;
    this.topics = trial.topics();
    this.log = trial.log();
    trial.view().pollToEnd(PATIENCE);
    trial.view().entries().forEach(entry -> ledger.put(entry.batch().start(), entry));
  }

  /**
   * @throws Violation of the first one that does not hold
   */
  void check() {
    conservation();
    everyRecordOnce();
    finality();
    determinism();
    liveness();
    noHangingTransaction();
    ledgerAndTarget();
    hygiene();
  }

  /** I1: each record is in one book, under what became of it. */
  private void conservation() {
    String i1 = "I1 conservation";
    SortedMap<Instant, SortedMap<Integer, Books>> expected = log.spans();
    expected.forEach(
        (batch, spans) -> {
          LedgerEntry entry = ledger.get(batch);
          require(i1, entry != null, "batch %s is not in the ledger", batch);
          spans.forEach(
              (partition, books) -> {
                SourceSpan span =
                    entry.spans().stream()
                        .filter(s -> s.partition() == partition)
                        .findFirst()
                        .orElseThrow(
                            () ->
                                new Violation(
                                    i1,
                                    "batch %s knows nothing of partition %d"
                                        .formatted(batch, partition)));
                requireEqual(i1, books, span.books(), "batch %s, partition %d", batch, partition);
                requireOffsets(i1, batch, partition, span);
              });
        });
    ledger.forEach(
        (batch, entry) -> {
          require(i1, entry.balances(), "the book of %s does not balance", entry);
          require(
              i1,
              expected.containsKey(batch) || entry.books().equals(Books.EMPTY),
              "batch %s should be empty: %s",
              batch,
              entry);
        });
    for (int partition = 0; partition < log.partitions(); partition++) {
      int p = partition;
      long written = log.entries().stream().filter(e -> e.partition() == p).count();
      long without =
          log.entries().stream()
              .filter(e -> e.partition() == p && e.fate() == RandomLog.Fate.UNDECODABLE)
              .count();
      PartitionRead read =
          trial.view().reads().stream()
              .filter(r -> r.partition() == p)
              .findFirst()
              .orElse(new PartitionRead(trial.source(), p, 0, 0));
      requireEqual(i1, written, read.read(), "records read of partition %d", p);
      requireEqual(i1, without, read.withoutBatch(), "records without batch, partition %d", p);
    }
  }

  private void requireOffsets(String i1, Instant batch, int partition, SourceSpan span) {
    var offsets =
        log.entries().stream()
            .filter(e -> e.partition() == partition && e.batch().filter(batch::equals).isPresent())
            .mapToLong(RandomLog.Entry::offset)
            .summaryStatistics();
    requireEqual(
        i1, offsets.getMin(), span.firstOffset(), "first of batch %s in %d", batch, partition);
    requireEqual(
        i1, offsets.getMax(), span.lastOffset(), "last of batch %s in %d", batch, partition);
  }

  /** I2: what did not take part is in the rejects, once; what did is in I4. */
  private void everyRecordOnce() {
    Map<String, String> expected = new TreeMap<>();
    for (RandomLog.Entry entry : log.entries()) {
      log.rejectedAt(entry).ifPresent(step -> expected.put(place(entry), step));
    }
    RejectCodec codec =
        RejectCodec.register(trial.registry(), Schemas.valueSubject(topics.rejects()));
    Map<String, String> found = new TreeMap<>();
    for (var record : committed(topics.rejects())) {
      Reject reject = decode(() -> codec.decode(record.value()));
      String before = found.put(reject.place(), reject.step());
      require(
          "I2 each record once",
          before == null,
          "%s is in the rejects twice, as %s and as %s",
          reject.place(),
          before,
          reject.step());
    }
    requireSame("I2 each record once", expected, found);
  }

  private String place(RandomLog.Entry entry) {
    return trial.source() + "-" + entry.partition() + "@" + entry.offset();
  }

  /** I3: an attempt is one thing only, for readers, in the ledger and in the results. */
  private void finality() {
    trial
        .watch()
        .violation()
        .ifPresent(
            violation -> {
              throw violation;
            });
    require("I3 finality", trial.watch().batches() > 0, "no batch was ever seen in the target");
    LedgerCodec codec =
        LedgerCodec.register(trial.registry(), Schemas.valueSubject(topics.ledger()));
    Map<String, List<LedgerEntry.Share>> published = new HashMap<>();
    for (var record : committed(topics.ledger())) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      if (Topics.isLedgerEntry(key)) {
        LedgerEntry entry = decode(() -> codec.decode(record.value()));
        if (entry.state() == BatchState.READY || entry.state() == BatchState.LOADED) {
          List<LedgerEntry.Share> before = published.putIfAbsent(key, entry.shares());
          require(
              "I3 finality",
              before == null || before.equals(entry.shares()),
              "attempt %s is made of %s, and then of %s",
              key,
              before,
              entry.shares());
        }
      }
    }
    sharesEndOnce();
  }

  private void sharesEndOnce() {
    EndOfShareCodec codec = EndOfShareCodec.register(trial.registry(), topics.endOfShareSubject());
    Map<String, Long> rows = new HashMap<>();
    Map<String, EndOfShare> ends = new HashMap<>();
    for (var record : committed(topics.results())) {
      String attempt =
          "share %d of batch %s, attempt %d"
              .formatted(
                  record.partition(),
                  Instant.ofEpochMilli(header(record, Headers.BATCH).getLong()),
                  header(record, Headers.ATTEMPT).getInt());
      require(
          "I3 finality",
          !ends.containsKey(attempt),
          "%s goes on behind its end, at offset %d",
          attempt,
          record.offset());
      if (record.headers().lastHeader(Headers.END_OF_SHARE) == null) {
        rows.merge(attempt, 1L, Long::sum);
      } else {
        EndOfShare end = decode(() -> codec.decode(record.value()));
        ends.put(attempt, end);
        requireEqual("I3 finality", end.rows(), rows.getOrDefault(attempt, 0L), "%s", attempt);
      }
    }
  }

  /** I4: the target holds what a nightly job would have made of the same log. */
  private void determinism() {
    List<String> tables =
        trial.setting().job().tables().stream().flatMap(t -> t.oracle().stream()).toList();
    trial.setting().job().results().forEach(result -> determinism(result, tables));
  }

  private void determinism(Result result, List<String> tables) {
    SortedMap<Instant, List<String>> found = new TreeMap<>();
    for (List<Object> row :
        Table.query(
            trial.database(),
            "SELECT batch_start, " + result.columns() + " FROM " + result.table())) {
      found
          .computeIfAbsent((Instant) row.get(0), b -> new ArrayList<>())
          .add(row.subList(1, row.size()).toString());
    }
    found.replaceAll((batch, rows) -> rows.stream().sorted().toList());
    requireSame("I4 determinism", log.rows(result.oracle(), tables), found);
  }

  /** I5: nothing is left to be done. */
  private void liveness() {
    ledger
        .values()
        .forEach(
            entry ->
                requireEqual(
                    "I5 liveness", BatchState.LOADED, entry.state(), "state of %s", entry));
    var committed =
        TestClients.get(
            trial
                .admin()
                .listConsumerGroupOffsets(topics.applicationId())
                .partitionsToOffsetAndMetadata());
    for (int partition = 0; partition < log.partitions(); partition++) {
      int p = partition;
      requireEqual(
          "I5 liveness",
          log.entries().stream().filter(e -> e.partition() == p).count(),
          committed.get(new TopicPartition(trial.source(), p)).offset(),
          "committed offset of partition %d",
          p);
    }
  }

  /** I6: no reader waits for a transaction that nobody will end. */
  private void noHangingTransaction() {
    List<String> open = new ArrayList<>();
    try {
      Await.until(
          "no transaction is open",
          PATIENCE,
          () -> {
            open.clear();
            TestClients.get(trial.admin().listTransactions().all()).stream()
                .filter(t -> t.transactionalId().startsWith(topics.applicationId() + "-"))
                .filter(Invariants::isOpen)
                .forEach(t -> open.add(t.toString()));
            open.addAll(hiddenBehindTransactions());
            return open.isEmpty();
          });
    } catch (AssertionError e) {
      throw new Violation("I6 no hanging transaction", open.toString());
    }
  }

  private static boolean isOpen(TransactionListing transaction) {
    return transaction.state() != TransactionState.EMPTY
        && transaction.state() != TransactionState.COMPLETE_COMMIT
        && transaction.state() != TransactionState.COMPLETE_ABORT;
  }

  private List<String> hiddenBehindTransactions() {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    TestClients.get(trial.admin().listTopics().names()).stream()
        .filter(topic -> topic.startsWith(topics.applicationId()))
        .forEach(topic -> partitions(topic).forEach(p -> ends.put(p, OffsetSpec.latest())));
    Map<TopicPartition, ListOffsetsResultInfo> high = ends(ends, IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, ListOffsetsResultInfo> stable = ends(ends, IsolationLevel.READ_COMMITTED);
    return high.keySet().stream()
        .filter(partition -> high.get(partition).offset() != stable.get(partition).offset())
        .map(p -> p + " is stable up to " + stable.get(p) + " of " + high.get(p))
        .toList();
  }

  private Map<TopicPartition, ListOffsetsResultInfo> ends(
      Map<TopicPartition, OffsetSpec> ends, IsolationLevel isolation) {
    return TestClients.get(
        trial.admin().listOffsets(ends, new ListOffsetsOptions(isolation)).all());
  }

  private List<TopicPartition> partitions(String topic) {
    int count =
        TestClients.get(trial.admin().describeTopics(List.of(topic)).allTopicNames())
            .get(topic)
            .partitions()
            .size();
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  /** I7: the ledger, the target's own books and its table say the same of every batch. */
  private void ledgerAndTarget() {
    trial.setting().job().results().forEach(this::ledgerAndTarget);
    ledger.forEach(
        (batch, entry) ->
            requireEqual(
                "I7 ledger and target",
                trial.setting().job().results().size(),
                entry.loaded().size(),
                "targets of batch %s",
                batch));
  }

  private void ledgerAndTarget(Result result) {
    String i7 = "I7 ledger and target";
    Map<Instant, Long> held =
        Table.query(
                trial.database(),
                "SELECT batch_start, COUNT(*) FROM " + result.table() + " GROUP BY batch_start")
            .stream()
            .collect(Collectors.toMap(row -> (Instant) row.get(0), row -> (Long) row.get(1)));
    Map<Instant, List<Object>> books =
        Table.query(
                trial.database(),
                "SELECT batch_start, attempt, \"rows\" FROM _tidemill_batches WHERE target = '"
                    + result.target()
                    + "'")
            .stream()
            .collect(Collectors.toMap(row -> (Instant) row.get(0), row -> row));
    ledger.forEach(
        (batch, entry) -> {
          long rows = entry.resultRows(result.query());
          requireEqual(i7, rows, entry.loaded().get(result.target()), "loaded of batch %s", batch);
          requireEqual(i7, rows, held.getOrDefault(batch, 0L), "rows held of batch %s", batch);
          requireEqual(
              i7,
              List.of(batch, (long) entry.attempt(), rows),
              books.get(batch),
              "batch %s",
              batch);
        });
    requireEqual(i7, ledger.keySet().size(), books.size(), "batches in the target");
    requireEqual(
        i7,
        List.of(List.of(0L)),
        Table.query(trial.database(), "SELECT COUNT(*) FROM _tidemill_staging_" + result.table()),
        "rows still staged");
  }

  /** I8: no secret is told, nothing is called a bug, and what should break did break. */
  private void hygiene() {
    require("I8 hygiene", !trial.fired().isEmpty(), "no fault has happened");
    for (String topic :
        List.of(topics.ledger(), topics.rejects(), topics.acks(), topics.results())) {
      for (var record : committed(topic)) {
        require(
            "I8 hygiene",
            !new String(record.value(), StandardCharsets.UTF_8).contains(Trial.CANARY),
            "%s-%d@%d tells the password",
            topic,
            record.partition(),
            record.offset());
      }
    }
    for (String text : trial.said()) {
      require("I8 hygiene", !text.contains(Trial.CANARY), "a process tells the password");
      require("I8 hygiene", !text.contains("this is a bug"), "a process ended by a bug: %s", text);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    return TestClients.committed(trial.setting().brokers(), topic);
  }

  private static ByteBuffer header(ConsumerRecord<byte[], byte[]> record, String header) {
    return ByteBuffer.wrap(record.headers().lastHeader(header).value());
  }

  private interface Decoding<T> {
    T decode() throws DecodeException;
  }

  private static <T> T decode(Decoding<T> decoding) {
    try {
      return decoding.decode();
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private static void require(String invariant, boolean holds, String what, Object... arguments) {
    if (!holds) {
      throw new Violation(invariant, what.formatted(arguments));
    }
  }

  private static void requireEqual(
      String invariant, Object expected, Object found, String what, Object... arguments) {
    require(
        invariant,
        Objects.equals(expected, found),
        "%s: %s is expected, found is %s",
        what.formatted(arguments),
        expected,
        found);
  }

  /** Names the first key that differs. */
  private static <K, V> void requireSame(String invariant, Map<K, V> expected, Map<K, V> found) {
    TreeMap<K, V> all = new TreeMap<>(found);
    all.putAll(expected);
    all.keySet()
        .forEach(key -> requireEqual(invariant, expected.get(key), found.get(key), "%s", key));
  }
}
