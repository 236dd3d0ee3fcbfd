package dev.tidemill.extract;

import dev.tidemill.definition.Origin;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.Schema;

/** The rows of one file from a place on. Not thread-safe. */
interface FileRows extends AutoCloseable {

  /** How the rows of a source's files are read. */
  interface Opener extends AutoCloseable {
    /**
     * @param from a place that was returned for this file, or {@link Place#START}
     * @throws DamagedFileException if it is not what its format says; so may {@link #next}
     * @throws dev.tidemill.definition.Unavailable if the file is not what the source says, or does
     *     not fit the schema as a whole; names the file and the column
     */
    FileRows open(InputFile file, Place from) throws IOException;

    /** Lets go what files have in common; the next file takes it up again. */
    @Override
    default void close() {}
  }

  /**
   * @param schema of the source
   */
  static Opener of(Origin.Files origin, Schema schema) {
    Mismatch mismatch = new Mismatch(origin.policies().onMismatch());
    return switch (origin.format()) {
      case CSV, JSON -> new TextOpener(origin, schema);
      case AVRO -> (file, from) -> AvroRows.open(file, from, schema, mismatch);
      case PARQUET -> new ParquetFiles(schema, mismatch);
      default -> throw new IllegalArgumentException(origin.format() + " is for topics");
    };
  }

  Optional<FileRow> next() throws IOException;

  /** Where the next row begins; at the end, the end. */
  Place place();

  /** How much of the file on the disk it takes to read up to a place. */
  long bytesOnDisk(Place next) throws IOException;

  @Override
  void close() throws IOException;
}
