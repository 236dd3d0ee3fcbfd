package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The counts of a whole source, over all of its batches: expected (by manifests) = extracted =
 * read. Immutable.
 *
 * @param topic of the source
 * @param partitions what each of them that was read has counted
 */
public record SourceCounts(String topic, List<PartitionRead> partitions) {
  private static final String HELD = " Batches with its records are held back";

  public SourceCounts {
    requireNonNull(topic, "topic");
    partitions = List.copyOf(partitions);
  }

  /** Of each source, in the order of their topics. */
  public static List<SourceCounts> of(Collection<PartitionRead> reads) {
    return reads.stream()
        .collect(Collectors.groupingBy(PartitionRead::topic, TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(source -> new SourceCounts(source.getKey(), source.getValue()))
        .toList();
  }

  /** Records read, ever. */
  public long read() {
    return partitions.stream().mapToLong(PartitionRead::read).sum();
  }

  /** Of these, the ones that belong to no batch. */
  public long withoutBatch() {
    return partitions.stream().mapToLong(PartitionRead::withoutBatch).sum();
  }

  /** As the extractor said last; empty if nothing of ours extracts it, or it has said nothing. */
  public OptionalLong extracted() {
    long[] told =
        partitions.stream()
            .mapToLong(PartitionRead::extracted)
            .filter(records -> records != PartitionRead.UNTOLD)
            .toArray();
    return told.length == 0 ? OptionalLong.empty() : OptionalLong.of(LongStream.of(told).sum());
  }

  /** Rows of the files that were begun, as manifests say; empty if none does. */
  public OptionalLong expected() {
    return partitions.stream()
        .map(PartitionRead::expected)
        .filter(Expected::isTold)
        .mapToLong(Expected::rows)
        .max();
  }

  /** How many files do not, or not yet, have the rows of their manifest. */
  public long unconfirmed() {
    return partitions.stream().mapToLong(read -> read.expected().unconfirmed()).max().orElse(0);
  }

  /** How many of those that were extracted had not been read when that was read. */
  public long missing() {
    return partitions.stream().mapToLong(PartitionRead::missing).sum();
  }

  /** Whether nothing of it holds a batch back. */
  public boolean agree() {
    return partitions.stream().allMatch(SourceCounts::agrees);
  }

  private static boolean agrees(PartitionRead read) {
    return read.missing() == 0 && read.expected().isConfirmed();
  }

  /** Whether the attempt is whole but for these counts. */
  public boolean holdBack(LedgerEntry entry) {
    return entry.state() == BatchState.CLOSING
        && entry.shares().stream().allMatch(LedgerEntry.Share::heard)
        && entry.isWhole()
        && partitions.stream().anyMatch(read -> !agrees(read) && isIn(entry, read));
  }

  private static boolean isIn(LedgerEntry entry, PartitionRead read) {
    return entry.spans().stream()
        .anyMatch(
            span -> span.topic().equals(read.topic()) && span.partition() == read.partition());
  }

  /** For people: {@code topic: 3 rows expected, 2 extracted, 2 read}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    expected().ifPresent(rows -> parts.add(number(rows) + " rows expected"));
    extracted().ifPresent(records -> parts.add(number(records) + " extracted"));
    parts.add(number(read()) + " read");
    return topic + ": " + String.join(", ", parts);
  }

  /**
   * What does not agree, and what to do, for people; empty if all does.
   *
   * @param different files that do not have the rows of their manifest, as far as they are known
   */
  public List<String> differences(List<String> different) {
    List<String> words = new ArrayList<>();
    partitions.forEach(read -> unequal(read).ifPresent(words::add));
    if (unconfirmed() > 0) {
      different.forEach(
          file ->
              words.add(
                  file
                      + "."
                      + HELD
                      + " until the rest of the file is there, or a manifest with the right"
                      + " number."));
      long others = unconfirmed() - different.size();
      if (others > 0) {
        words.add(
            "%s: %s not, or not yet, read to the rows that %s says.%s until then."
                .formatted(
                    topic,
                    others == 1 ? "1 file is" : number(others) + " files are",
                    others == 1 ? "its manifest" : "the manifest of each",
                    HELD));
      }
    }
    return words;
  }

  private static Optional<String> unequal(PartitionRead read) {
    return read.missing() == 0
        ? Optional.empty()
        : Optional.of(
            "%s-%d: %s records were extracted, but %s read: %s. Batches with its records are not"
                    .formatted(
                        read.topic(),
                        read.partition(),
                        number(read.extracted()),
                        number(read.extracted() - read.missing()),
                        read.missing() > 0 ? "some are lost" : "something else writes there")
                + " published; extract it anew, by a pipeline of another name.");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
