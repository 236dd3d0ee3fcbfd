package dev.tidemill.faults;

import dev.tidemill.topology.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The log of a table that a pipeline joins, and what an oracle has to know of it. */
interface TableLog {

  /**
   * A record of its topic.
   *
   * @param row empty: the key is deleted
   * @param written Kafka's time of it
   */
  record Entry(int partition, String key, Optional<Event> row, Instant written) {}

  /** As the statements call it. */
  String name();

  /** The keys of the table in the definition. */
  String yaml();

  int partitions();

  boolean isInParts();

  /** What is written before any record. */
  List<Entry> first();

  /**
   * What is written for the records of a part of the log, when they are there.
   *
   * @param from the largest event time that was written before
   * @param until the largest one now
   */
  List<Entry> between(Instant from, Instant until);

  /** Makes the same as a relation of DuckDB. */
  List<String> oracle();
}
