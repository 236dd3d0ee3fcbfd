package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * What somebody behind an extractor has not come to yet, of one partition.
 *
 * @param holder the target that has not loaded it; {@link #PIPELINE} if it is not even read
 * @param records offsets, in truth: a commit's marker is one, too
 * @param bytes of keys, values and headers, not compressed; empty if nobody has asked for them
 */
public record Backlog(String holder, TopicPartition partition, long records, OptionalLong bytes) {
  public static final String PIPELINE = "the pipeline";

  private static final long MB = 1 << 20;

  public Backlog {
    requireNonNull(holder, "holder");
    requireNonNull(partition, "partition");
    requireNonNull(bytes, "bytes");
  }

  /** For people: {@code postgres:daily, 12,345 records behind}. */
  @Override
  public String toString() {
    return holder
        + String.format(Locale.ROOT, ", %,d records", records)
        + (bytes.isPresent()
            ? String.format(Locale.ROOT, " (%.1f MB)", (double) bytes.getAsLong() / MB)
            : "")
        + " behind";
  }
}
