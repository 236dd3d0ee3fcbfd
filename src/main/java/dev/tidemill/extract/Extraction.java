package dev.tidemill.extract;

import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One pass over the files of a source, from the committed positions to the end. Records and the
 * positions behind them are in the same transaction (promise 3). Not thread-safe.
 */
final class Extraction {

  /** Where an extractor waits while its pipeline wants no more. */
  interface Gate {
    /** Waits between two transactions; returns at once if more is wanted, or it has to stop. */
    void await(Runnable closed);
  }

  private final Origin.Files origin;
  private final List<InputFile> files;
  private final RowParsers parsers;
  private final RowRecords records;
  private final PositionTopic topic;
  private final Positions positions;
  private final Transaction transaction;
  private final Gate gate;
  private final Consumer<ExtractorProgress> progress;

  private final Map<String, FilePosition> moved = new LinkedHashMap<>();
  private long unreadable;
  private boolean waits;

  Extraction(
      Origin.Files origin,
      List<InputFile> files,
      RowParsers parsers,
      RowRecords records,
      PositionTopic topic,
      Positions positions,
      Transaction transaction,
      Gate gate,
      Consumer<ExtractorProgress> progress) {
    this.origin = origin;
    this.files = files;
    this.parsers = parsers;
    this.records = records;
    this.topic = topic;
    this.positions = positions;
    this.transaction = transaction;
    this.gate = gate;
    this.progress = progress;
  }

  /**
   * @param stopped asked before each row; the rest is left for the next pass
   * @throws Unavailable if a file that was read in part is not the same any more
   */
  void run(BooleanSupplier stopped) throws IOException {
    report();
    awaitDemand();
    for (InputFile file : files) {
      if (!read(file, stopped)) {
        return;
      }
    }
    if (!positions.ended() && origin.watch().isEmpty()) {
      for (int partition = 0; partition < origin.partitions(); partition++) {
        transaction.send(records.endOfInput(partition));
      }
      transaction.send(topic.endOfInput(positions.rows()));
      positions.endedAt(positions.rows());
    }
    commit();
  }

  /** Whether the file was read to its end. */
  private boolean read(InputFile file, BooleanSupplier stopped) throws IOException {
    FilePosition position = positions.of(file);
    requireSame(file, position);
    if (position.done() && position.bytes() == file.bytes() || isBeingPacked(file)) {
      return true;
    }
    try (FileRows rows = FileRows.open(file, position.next(), origin, parsers)) {
      long number = position.rows();
      for (Optional<RawRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        if (stopped.getAsBoolean()) {
          move(file, rows, row.get().place(), number, false);
          commit();
          return false;
        }
        ProducerRecord<byte[], byte[]> record =
            records.of(file, row.get(), number++, rows.parser());
        unreadable += RowRecords.isUnreadable(record) ? 1 : 0;
        transaction.send(record);
        if (transaction.isDue()) {
          move(file, rows, row.get().next(), number, false);
          commit();
          awaitDemand();
        }
      }
      move(file, rows, rows.place(), number, isAll(file, rows));
    }
    return true;
  }

  /** What is behind the last row of a file that is being written is a part of the next one. */
  private static boolean isAll(InputFile file, FileRows rows) throws IOException {
    return file.whole() || rows.bytesOnDisk(rows.place()) == file.bytes();
  }

  /** Before it is whole, it can not be unpacked. */
  private boolean isBeingPacked(InputFile file) {
    return !file.whole() && origin.layout().compression(file.name()) != FileLayout.Compression.NONE;
  }

  private static void requireSame(InputFile file, FilePosition position) throws IOException {
    if (file.bytes() < position.bytes() || !position.fingerprint().matches(file.path())) {
      throw new Unavailable(
          file.path()
              + " is not the file any more of which "
              + position.rows()
              + " rows were published; put it back, or give the new content a new name");
    }
  }

  private void move(InputFile file, FileRows read, Place next, long rows, boolean done)
      throws IOException {
    long bytes = read.bytesOnDisk(next);
    Fingerprint fingerprint = Fingerprint.of(file.path(), bytes);
    FilePosition position = new FilePosition(next, bytes, rows, fingerprint, done);
    positions.put(file.name(), position);
    moved.put(file.name(), position);
  }

  private void awaitDemand() {
    gate.await(
        () -> {
          waits = true;
          report();
        });
    if (waits) {
      waits = false;
      report();
    }
  }

  private void commit() {
    moved.forEach((file, position) -> transaction.send(topic.record(file, position)));
    moved.clear();
    transaction.commit();
    report();
  }

  private void report() {
    List<FilePosition> all = files.stream().map(positions::of).toList();
    progress.accept(
        new ExtractorProgress(
            positions.rows(),
            unreadable,
            (int) all.stream().filter(FilePosition::done).count(),
            files.size(),
            all.stream().mapToLong(FilePosition::bytes).sum(),
            files.stream().mapToLong(InputFile::bytes).sum(),
            positions.ended(),
            waits));
  }
}
